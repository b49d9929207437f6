using Palimpsest.Lab.Snapshots;
using Palimpsest.Machine.DeviceTree;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>A CMA area that a device tree does not have.</summary>
public sealed record CmaInput(ulong Bytes, ulong Address);

/// <summary>A machine to work on: its device tree, or its memory, or what a snapshot tells of it.</summary>
public sealed record BoardInput
{
    /// <summary>Flattened device tree; null for a machine that is told by its memory.</summary>
    public string? TreePath { get; init; }

    /// <summary>What reports call the tree; its path without one.</summary>
    public string? Name { get; init; }

    /// <summary>Total RAM, for trees that leave it to the bootloader, or without a tree.</summary>
    public ulong? RamBytes { get; init; }

    /// <summary>4096, 16384 or 65536.</summary>
    public int PageBytes { get; set; } = 4096;

    /// <summary>Order of a pageblock; that of arm64, or of the snapshot, without it.</summary>
    public int? PageBlockOrder { get; init; }

    public IReadOnlyList<CmaInput> CmaAreas { get; set; } = [];

    /// <summary>Reads the machine; CMA areas of a snapshot's kernel log are added to those of the tree.</summary>
    /// <exception cref="InputException">The tree cannot be used, or a CMA area lies outside its RAM.</exception>
    /// <exception cref="UsageException">Nothing says what machine it is, or an order is none of a pageblock.</exception>
    public (MemoryBoard Board, PageGeometry Geometry, string Name) Read(SnapshotFolder? snapshot = null)
    {
        if (PageBlockOrder is not null and not (> Order.Costly and <= Order.Max))
        {
            throw new UsageException($"--pageblock-order {PageBlockOrder}: give an order from {Order.Costly + 1} to {Order.Max}");
        }

        PageGeometry geometry = PageGeometry.For(PageBytes);
        geometry = geometry with { PageBlockOrder = PageBlockOrder ?? snapshot?.FreeChunks?.PageBlockOrder ?? geometry.PageBlockOrder };
        (MemoryBoard board, string name) = TreePath is { } path
            ? (BoardReader.Read(ReadTree(path), new BoardOptions(geometry, RamBytes)), Name ?? path)
            : RamBytes is { } bytes ? (MemoryBoard.Flat(bytes, geometry), "flat memory")
            : snapshot?.Ram(geometry) is { Count: > 0 } ranges
                ? (MemoryBoard.OfRam(ranges, geometry, "the memory map of the snapshot", "iomem"), "iomem of the snapshot")
                : throw new UsageException(
                    "no machine given: name its device tree with --board FILE, its memory with --ram SIZE, or a --snapshot with an iomem");
        IEnumerable<CmaPool> extra = [.. CmaAreas.Select(PoolOf), .. snapshot?.CmaPools ?? []];
        return (WithPools(board, extra), geometry, name);
    }

    private static FlattenedDeviceTree ReadTree(string path) =>
        FlattenedDeviceTree.Parse(InputFile.ReadBytes(path, FlattenedDeviceTree.MaxBytes), path);

    private static CmaPool PoolOf(CmaInput area) =>
        new(new PhysicalRange(new PhysicalAddress(area.Address), area.Bytes), IsDynamic: false, "--cma");

    private static MemoryBoard WithPools(MemoryBoard board, IEnumerable<CmaPool> extra)
    {
        List<CmaPool> pools = [.. board.CmaPools];
        foreach (CmaPool pool in extra)
        {
            if (!board.Banks.Any(bank => bank.Range.Contains(pool.Range)))
            {
                throw new InputException(
                    $"the CMA area {pool.Range} ({pool.Name}) is not in the board's RAM; correct --cma, --board or --snapshot");
            }

            if (!pools.Any(other => other.Range.Overlaps(pool.Range)) && !board.TagStorage.Any(span => span.Storage.Overlaps(pool.Range)))
            {
                pools.Add(pool);
            }
        }

        return board with { CmaPools = [.. pools.Order(Comparer<CmaPool>.Create((a, b) => a.Range.CompareTo(b.Range)))] };
    }
}
