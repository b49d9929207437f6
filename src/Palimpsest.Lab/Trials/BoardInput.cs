using Palimpsest.Lab.Facts;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>A CMA area that a device tree does not have.</summary>
public sealed record CmaInput(ulong Bytes, ulong Address);

/// <summary>A machine to work on: its device tree, or its memory, or what a snapshot tells of it.</summary>
public sealed record BoardInput
{
    private const ulong DefaultPageBytes = 4096;
    private const int LargestPageBytes = 65536;

    /// <summary>Flattened device tree; null for a machine that is told by its memory.</summary>
    public string? TreePath { get; init; }

    /// <summary>What reports call the tree; the name of its file without one.</summary>
    public string? Name { get; init; }

    /// <summary>Total RAM, for trees that leave it to the bootloader, or without a tree.</summary>
    public ulong? RamBytes { get; init; }

    /// <summary>4096, 16384 or 65536; as the recording or the snapshot tells without it, and 4096 where none does.</summary>
    public int? PageBytes { get; init; }

    /// <summary>Order of a pageblock; that of arm64, or of the snapshot, without it.</summary>
    public int? PageBlockOrder { get; init; }

    /// <summary>Areas that the command line of the recorded kernel, or the user, names besides those of the tree.</summary>
    public IReadOnlyList<CmaInput> CmaAreas { get; set; } = [];

    /// <summary>Reads the machine, and holds what its inputs tell against each other.</summary>
    /// <param name="snapshot">Of the recorded machine; its kernel log counts before the tree.</param>
    /// <param name="trace">The recording, for its page size, release and CPUs.</param>
    /// <param name="release">Release that the user names.</param>
    /// <exception cref="InputException">The tree cannot be used, or two inputs are of two machines.</exception>
    /// <exception cref="UsageException">Nothing says what machine it is, or an order is none of a pageblock.</exception>
    public RecordedMachine Read(SnapshotFolder? snapshot = null, Trace? trace = null, string? release = null)
    {
        FactBook facts = new();
        PageGeometry geometry = Geometry(facts, snapshot, trace);
        RequireOrder(geometry);
        AddReleases(facts, snapshot, trace, release);
        (MemoryBoard board, string name) = Board(geometry, snapshot, ToldRelease(facts) ?? KernelRelease.Linux61);
        board = new KnownPools(board, geometry, snapshot).Settle(CmaAreas.Select(PoolOf), facts);
        AddMemory(facts, board, geometry, snapshot);
        AddCpus(facts, snapshot, trace);
        IReadOnlyList<string> notes = [.. facts.Settle(), .. ModelNote(board, snapshot)];
        return new RecordedMachine(board with { Notes = [.. board.Notes, .. notes] }, geometry, name, facts.Facts)
        {
            Release = ToldRelease(facts),
        };
    }

    /// <summary>Fails before a long recording is read, not after, where nothing says what machine it is or its tree is none.</summary>
    public void Check(SnapshotFolder? snapshot)
    {
        RequireOrder(PageGeometry.For(PageBytes ?? LargestPageBytes));
        if (TreePath is { } path)
        {
            TreeFile.Read(path);
        }
        else if (RamBytes is null && snapshot?.Ram(PageGeometry.Page4K) is not { Count: > 0 })
        {
            throw NoMachine();
        }
    }

    private void RequireOrder(PageGeometry geometry)
    {
        if (PageBlockOrder is { } order && (order <= Order.Costly || order > geometry.LargestOrder))
        {
            throw new UsageException($"--pageblock-order {order}: give an order from {Order.Costly + 1} to {geometry.LargestOrder}");
        }
    }

    private static UsageException NoMachine() => new(
        "no machine given: name its device tree with --board FILE, its memory with --ram SIZE, or a --snapshot with an iomem");

    private PageGeometry Geometry(FactBook facts, SnapshotFolder? snapshot, Trace? trace)
    {
        facts.Add(FactKind.PageSize, DefaultPageBytes, FactSource.Assumption, "nobody");
        facts.Add(FactKind.PageSize, (ulong?)trace?.PageBytes, FactSource.Recording, "the recording");
        if (snapshot?.PageSize is { } told)
        {
            facts.Add(FactKind.PageSize, (ulong)told.Bytes, told.Source, told.Place);
        }

        facts.Add(FactKind.PageSize, (ulong?)PageBytes, FactSource.Option, "--page-size");
        FreeChunkCounts? chunks = snapshot?.FreeChunks;
        // Up to order 10 there are columns in files of any page size that somebody cut.
        if (chunks?.Orders > PageGeometry.Page4K.LargestOrder + 1 && PageGeometry.OfLargestOrder(chunks.Orders - 1) is { } larger)
        {
            facts.Add(FactKind.PageSize, (ulong)larger.PageBytes, FactSource.Snapshot, "pagetypeinfo of the snapshot");
        }

        int? counted = chunks?.PageBlockOrder;
        facts.Add(FactKind.PageBlockOrder, (ulong?)counted, FactSource.Snapshot, "pagetypeinfo of the snapshot");
        facts.Add(FactKind.PageBlockOrder, (ulong?)PageBlockOrder, FactSource.Option, "--pageblock-order");
        PageGeometry geometry = PageGeometry.For((int)facts.Best(FactKind.PageSize)!.Value);
        counted = counted <= geometry.LargestOrder ? counted : null;
        return geometry with { PageBlockOrder = PageBlockOrder ?? counted ?? geometry.PageBlockOrder };
    }

    private static void AddReleases(FactBook facts, SnapshotFolder? snapshot, Trace? trace, string? release)
    {
        string? logged = snapshot?.Log?.Release;
        string? recorded = release is null && trace?.KernelRelease != logged ? trace?.KernelRelease : null;
        facts.Add(FactKind.Release, Number(recorded), FactSource.Recording, "the recording");
        facts.Add(FactKind.Release, Number(logged), FactSource.KernelLog, snapshot?.Log?.Place ?? "");
        facts.Add(FactKind.Release, Number(release), FactSource.Option, "--kernel");
    }

    private static ulong? Number(string? release) =>
        KernelRelease.Of(release) is { } known ? ((ulong)known.Major << 16) | (uint)known.Minor : null;

    private static KernelRelease? ToldRelease(FactBook facts) =>
        facts.Best(FactKind.Release) is { Value: var value } ? new KernelRelease((int)(value >> 16), (int)(value & 0xffff)) : null;

    private string NameOf(string path) => Name ?? Path.GetFileName(path);

    private (MemoryBoard Board, string Name) Board(PageGeometry geometry, SnapshotFolder? snapshot, KernelRelease release)
    {
        if (TreePath is { } path)
        {
            KernelLog? log = snapshot?.Log;
            BoardOptions options = new(geometry, RamBytes)
            {
                CommandLine = log?.CommandLine,
                AssumesPools = log is not { HasBoot: true } && log is not { CmaPools.Count: > 0 },
                Release = release,
            };
            return (BoardReader.Read(TreeFile.Read(path), options), NameOf(path));
        }

        if (RamBytes is { } bytes)
        {
            ulong? start = snapshot?.FirstFrame is { } first ? geometry.BytesOf((ulong)first) : null;
            return (start is { } told && told % BuddyBytes(geometry) == 0 ? MemoryBoard.Flat(bytes, geometry, told)
                : MemoryBoard.Flat(bytes, geometry),
                "flat memory");
        }

        return snapshot?.Ram(geometry) is { Count: > 0 } ranges
            ? (MemoryBoard.OfRam(ranges, geometry, "the memory map of the snapshot", "iomem"), "iomem of the snapshot")
            : throw NoMachine();
    }

    // A zone that begins elsewhere has holes, which flat memory has not.
    private static ulong BuddyBytes(PageGeometry geometry) => geometry.BytesOf(1UL << geometry.LargestOrder);

    private void AddMemory(FactBook facts, MemoryBoard board, PageGeometry geometry, SnapshotFolder? snapshot)
    {
        if (snapshot is not { PresentFrames: > 0 })
        {
            return;
        }

        FactSource source = TreePath is not null ? FactSource.DeviceTree : FactSource.Assumption;
        string place = TreePath is { } path ? NameOf(path) : (RamBytes is not null ? "--ram" : "iomem of the snapshot");
        ulong storage = board.TagStorage.Where(span => !span.IsAssumed).Aggregate(0UL, (sum, span) => sum + span.Storage.Bytes);
        ulong kept = board.Reserved.Where(range => range.NoMap).Aggregate(0UL, (sum, range) => sum + range.Range.Bytes);
        facts.Add(FactKind.Ram, board.DataBytes + storage, source, place, least: board.DataBytes - Math.Min(kept, board.DataBytes));
        facts.Add(FactKind.Ram, geometry.BytesOf((ulong)snapshot.PresentFrames), FactSource.Snapshot, snapshot.ZoneInfoPlace);
        if (snapshot.FirstFrame is { } first)
        {
            ulong start = geometry.BytesOf((ulong)first);
            bool isInside = board.Banks.Any(bank => bank.Range.Contains(new PhysicalRange(new PhysicalAddress(start), 1)));
            facts.Add(FactKind.RamStart, start, FactSource.Snapshot, snapshot.ZoneInfoPlace);
            facts.Add(FactKind.RamStart, isInside ? start : board.Banks[0].Range.Start.Value, source, place);
        }
    }

    private static void AddCpus(FactBook facts, SnapshotFolder? snapshot, Trace? trace)
    {
        if (snapshot is { Cpus: > 0 and var counted } && trace is not null && trace.Cpus > counted)
        {
            facts.Add(FactKind.Cpus, (ulong)trace.Cpus, FactSource.Recording, "the recording");
            facts.Add(FactKind.Cpus, (ulong)counted, FactSource.Assumption, snapshot.ZoneInfoPlace);
        }
    }

    private static IEnumerable<string> ModelNote(MemoryBoard board, SnapshotFolder? snapshot) =>
        snapshot?.Log is { Model: { } model } log && board.IsOfTree && board.Model != model
            ? [$"Told twice: the machine is \"{model}\" by {log.Place}, \"{board.Model}\" by the tree; if these are two machines, "
                + $"give the tree of the first."]
            : [];

    private static CmaPool PoolOf(CmaInput area) =>
        new(new PhysicalRange(new PhysicalAddress(area.Address), area.Bytes), IsDynamic: false, "--cma");
}
