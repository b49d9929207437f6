using System.CommandLine;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Machine.DeviceTree;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>The options that describe a machine, the same for every verb.</summary>
internal sealed class BoardOptionsGroup
{
    public Option<string?> Board { get; } = new("--board") { Description = "flattened device tree of the machine (a .dtb, or /sys/firmware/fdt)", HelpName = "FILE" };

    public Option<ulong?> Ram { get; } = new("--ram") { Description = "total RAM, for trees that leave it to the bootloader, or without a tree", HelpName = "SIZE", CustomParser = SizeSyntax.Parse };

    public Option<string> PageSize { get; } = new("--page-size") { Description = "base page: 4K, 16K or 64K", HelpName = "SIZE", DefaultValueFactory = _ => "4K" };

    public Option<int?> PageBlockOrder { get; } = new("--pageblock-order") { Description = "order of a pageblock, if not that of arm64 (9 with 4K pages) or of the snapshot's pagetypeinfo; 10 where a kernel has no huge pages", HelpName = "N" };

    public Option<string[]> Cma { get; } = new("--cma") { Description = "CMA area that the tree does not have, e.g. 64M@0xb9a00000", HelpName = "SIZE@ADDRESS" };

    public void AddTo(Command command)
    {
        command.Add(Board);
        command.Add(Ram);
        command.Add(PageSize);
        command.Add(PageBlockOrder);
        command.Add(Cma);
    }

    /// <summary>Reads the machine; CMA areas of a snapshot's kernel log are added to those of the tree.</summary>
    public (MemoryBoard Board, PageGeometry Geometry, string Name) Read(ParseResult parsed, string? boardPath, SnapshotFolder? snapshot)
    {
        PageGeometry geometry = GeometryOf(parsed.GetValue(PageSize)!);
        int? blockOrder = parsed.GetValue(PageBlockOrder);
        if (blockOrder is not null and not (> Order.Costly and <= Order.Max))
        {
            throw new UsageException($"--pageblock-order {blockOrder}: give an order from {Order.Costly + 1} to {Order.Max}");
        }

        geometry = geometry with { PageBlockOrder = blockOrder ?? snapshot?.FreeChunks?.PageBlockOrder ?? geometry.PageBlockOrder };
        ulong? ram = parsed.GetValue(Ram);
        string? path = parsed.GetValue(Board) ?? boardPath;
        (MemoryBoard board, string name) = path is not null ? (BoardReader.Read(ReadTree(path), new BoardOptions(geometry, ram)), path)
            : ram is { } bytes ? (MemoryBoard.Flat(bytes, geometry), "flat memory")
            : snapshot?.Ram(geometry) is { Count: > 0 } ranges ? (MemoryBoard.OfRam(ranges, geometry, "the memory map of the snapshot", "iomem"), "iomem of the snapshot")
            : throw new UsageException("no machine given: name its device tree with --board FILE, its memory with --ram SIZE, or a --snapshot with an iomem");
        IEnumerable<CmaPool> extra = [.. parsed.GetValue(Cma)!.Select(PoolOf), .. snapshot?.CmaPools ?? []];
        return (WithPools(board, extra), geometry, name);
    }

    public static FlattenedDeviceTree ReadTree(string path) => FlattenedDeviceTree.Parse(InputFile.ReadBytes(path, FlattenedDeviceTree.MaxBytes), path);

    private static PageGeometry GeometryOf(string text) =>
        SizeSyntax.TryParse(text, out ulong bytes) && bytes is 4096 or 16384 or 65536
            ? PageGeometry.For((int)bytes)
            : throw new UsageException($"--page-size {text}: give 4K, 16K or 64K");

    private static CmaPool PoolOf(string text)
    {
        string[] parts = text.Split('@');
        return parts.Length == 2 && SizeSyntax.TryParse(parts[0], out ulong bytes) && bytes > 0 && SizeSyntax.TryParse(parts[1], out ulong at)
            ? new CmaPool(new PhysicalRange(new PhysicalAddress(at), bytes), IsDynamic: false, "--cma")
            : throw new UsageException($"--cma {text}: give a size and an address, e.g. 64M@0xb9a00000");
    }

    private static MemoryBoard WithPools(MemoryBoard board, IEnumerable<CmaPool> extra)
    {
        List<CmaPool> pools = [.. board.CmaPools];
        foreach (CmaPool pool in extra)
        {
            if (!board.Banks.Any(bank => bank.Range.Contains(pool.Range)))
            {
                throw new InputException($"the CMA area {pool.Range} ({pool.Name}) is not in the board's RAM; correct --cma, --board or --snapshot");
            }

            if (!pools.Any(other => other.Range.Overlaps(pool.Range)) && !board.TagStorage.Any(span => span.Storage.Overlaps(pool.Range)))
            {
                pools.Add(pool);
            }
        }

        return board with { CmaPools = [.. pools.Order(Comparer<CmaPool>.Create((a, b) => a.Range.CompareTo(b.Range)))] };
    }
}
