using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Testing.Scripts;

/// <summary>Machines so small that edges are common. Each has a name, so that a theory row can be read.</summary>
public static class TestBoards
{
    private const ulong KiB = 1024;
    private const ulong MiB = 1024 * KiB;
    private const ulong Base = 0x4000_0000;

    /// <summary>Pageblocks of 32 frames: the largest chunk spans 32 of them, so every boundary is met soon.</summary>
    private static readonly PageGeometry SmallBlocks = new(4096, 5);

    private static readonly Dictionary<string, Func<MemoryLayout>> Makers = new()
    {
        ["flat 8 MiB, small blocks"] = () => Flat(8 * MiB, SmallBlocks),
        ["flat 64 MiB"] = () => Flat(64 * MiB, PageGeometry.Page4K),
        ["flat 34 MiB"] = () => Flat(34 * MiB, PageGeometry.Page4K),
        ["two banks"] = () => Banks(SmallBlocks, 0, 0),
        ["two nodes"] = () => Banks(SmallBlocks, 0, 1),
        ["two nodes, the second inside a pageblock"] = () => Ragged(SmallBlocks),
        ["two zones"] = () => OneBank(SmallBlocks, 0x1_0000_0000 - (4 * MiB), 8 * MiB, 4 * KiB),
        ["blocks of 2"] = () => OneBank(SmallBlocks, Base, 8 * MiB, 8 * KiB),
        ["blocks of 3"] = () => OneBank(SmallBlocks, Base, 8 * MiB, 12 * KiB, 384 * KiB),
        ["blocks of 4"] = () => OneBank(SmallBlocks, Base, 8 * MiB, 16 * KiB),
        ["CMA pool"] = () => WithPool(SmallBlocks),
        ["CMA pool, real pageblocks"] = () => WithPool(PageGeometry.Page4K, scale: 8),
        ["16K pages"] = () => Flat(96 * MiB, PageGeometry.For(16384)),
        ["firmware and a hole"] = () => WithFirmware(SmallBlocks),
        ["storage amid memory"] = () => StorageAmid(SmallBlocks),
        ["blocks of 1 and 2"] = () => Banks(SmallBlocks, 0, 0, secondBlock: 8 * KiB),
        ["uncovered memory"] = () => Uncovered(SmallBlocks),
    };

    public static IEnumerable<string> Names => Makers.Keys;

    public static MemoryLayout Layout(string name) => Makers[name]();

    public static MemoryLayout Flat(ulong bytes, PageGeometry geometry) => MemoryLayout.For(MemoryBoard.Flat(bytes, geometry), geometry);

    /// <summary>One bank of data and, directly above, the storage that covers it.</summary>
    public static MemoryLayout OneBank(PageGeometry geometry, ulong start, ulong dataBytes, ulong blockBytes, ulong storageBytes = 0)
    {
        storageBytes = storageBytes == 0 ? dataBytes / TagGeometry.DataFramesPerStorageFrame : storageBytes;
        List<TagStorageSpan> spans = [];
        ulong boundary = 0x1_0000_0000;
        ulong storage = start + dataBytes;
        if (storage < boundary && storage + storageBytes > boundary)
        {
            throw new ArgumentException("storage across a zone boundary");
        }

        spans.Add(Span(storage, storageBytes, start, dataBytes, blockBytes));
        return MemoryLayout.For(Board([Bank(start, dataBytes + storageBytes, 0)], spans), geometry);
    }

    // Frames of the second node's first and last pageblock are in no zone.
    private static MemoryLayout Ragged(PageGeometry geometry)
    {
        const ulong second = Base + (64 * MiB) + (40 * KiB);
        ulong data = 4 * MiB;
        return MemoryLayout.For(
            Board(
                [Bank(Base, data + (data / 32), node: 0), Bank(second, data, node: 1)],
                [Span(Base + data, data / 32, Base, data, 4 * KiB)]),
            geometry);
    }

    // A chunk of the largest order has data in front and, behind it, the storage of that very data.
    private static MemoryLayout StorageAmid(PageGeometry geometry)
    {
        const ulong data = 1568 * 4 * KiB;
        const ulong storage = 480 * 4 * KiB;
        return MemoryLayout.For(
            Board([Bank(Base, data + storage + (4 * MiB), 0)], [Span(Base + data, storage, Base, data, 4 * KiB)]), geometry);
    }

    private static MemoryLayout Banks(PageGeometry geometry, int node0, int node1, ulong secondBlock = 4 * KiB)
    {
        const ulong second = Base + (64 * MiB);
        ulong first = 4 * MiB;
        ulong other = 6 * MiB;
        return MemoryLayout.For(
            Board(
                [Bank(Base, first + (first / 32), node0), Bank(second, other + (other / 32), node1)],
                [Span(Base + first, first / 32, Base, first, 4 * KiB), Span(second + other, other / 32, second, other, secondBlock)]),
            geometry);
    }

    private static MemoryLayout WithPool(PageGeometry geometry, ulong scale = 1)
    {
        ulong data = 8 * MiB * scale;
        MemoryBoard board = Board([Bank(Base, data + (data / 32), 0)], [Span(Base + data, data / 32, Base, data, 4 * KiB)]) with
        {
            CmaPools = [new CmaPool(new PhysicalRange(new PhysicalAddress(Base + (2 * MiB)), 2 * MiB), IsDynamic: false, "pool")],
        };
        return MemoryLayout.For(board, geometry);
    }

    // A kernel image, a page that firmware keeps amid a tag group, and a bank that begins inside a pageblock.
    private static MemoryLayout WithFirmware(PageGeometry geometry)
    {
        ulong data = 8 * MiB;
        ulong second = Base + (32 * MiB) + (20 * KiB);
        MemoryBoard board = Board(
            [Bank(Base, data + (data / 32), 0), Bank(second, (2 * MiB) - (32 * KiB), 0)],
            [Span(Base + data, data / 32, Base, data, 4 * KiB)]) with
        {
            Reserved =
            [
                Keep(Base, 300 * KiB, noMap: false),
                Keep(Base + (3 * MiB) + (44 * KiB), 4 * KiB, noMap: true),
                Keep(second + (64 * KiB), 4 * KiB, noMap: false),
            ],
        };
        return MemoryLayout.For(board, geometry);
    }

    private static MemoryLayout Uncovered(PageGeometry geometry)
    {
        ulong data = 8 * MiB;
        ulong covered = 6 * MiB;
        return MemoryLayout.For(
            Board([Bank(Base, data + (covered / 32), 0)], [Span(Base + data, covered / 32, Base, covered, 4 * KiB)]), geometry);
    }

    public static MemoryBoard Board(IReadOnlyList<MemoryBank> banks, IReadOnlyList<TagStorageSpan> spans) =>
        new("test", banks, [], [], spans, "test", []);

    public static MemoryBank Bank(ulong start, ulong bytes, int node) => new(Range(start, bytes), node);

    public static TagStorageSpan Span(ulong storage, ulong storageBytes, ulong covered, ulong coveredBytes, ulong blockBytes) =>
        new(Range(storage, storageBytes), Range(covered, coveredBytes), blockBytes, IsAssumed: false, "tags");

    private static ReservedRange Keep(ulong start, ulong bytes, bool noMap) => new(Range(start, bytes), noMap, "firmware");

    private static PhysicalRange Range(ulong start, ulong bytes) => new(new PhysicalAddress(start), bytes);
}
