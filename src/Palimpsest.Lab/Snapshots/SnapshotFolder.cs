using Palimpsest.Kernel;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Facts;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Snapshots;

/// <summary>
/// A folder with copies of /proc files taken when the recording began: zoneinfo, and if there kpageflags (.zst, .gz or
/// plain) and dmesg, the latter also in the folder above.
/// </summary>
public sealed class SnapshotFolder
{
    /// <summary>A kpageflags of 1 TiB with 4 KiB pages is 2 GiB: no more is read.</summary>
    private const long MaxPageFlagsBytes = int.MaxValue - 64;

    private readonly string _path;
    private readonly Lazy<VmStat?> _vmStat;

    private SnapshotFolder(string path, IReadOnlyList<ZoneInfoEntry> zones, KernelLog? log)
    {
        _path = path;
        Zones = zones;
        Log = log;
        string counts = Path.Combine(path, "vmstat");
        _vmStat = new(() => File.Exists(counts) ? Snapshots.VmStat.Read(File.ReadLines(counts)) : null);
    }

    /// <summary>The folder's own name, which says when it was taken: before, mid, after.</summary>
    public string Name => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(_path)));

    /// <summary>Of /proc/zoneinfo, as there.</summary>
    public IReadOnlyList<ZoneInfoEntry> Zones { get; }

    /// <summary>What the kernel said while it booted; null without its log.</summary>
    public KernelLog? Log { get; }

    /// <summary>The file that zones are read from, for messages.</summary>
    public string ZoneInfoPlace => $"{Name}/zoneinfo";

    /// <summary>Frames of RAM that the kernel knew, reserved or not.</summary>
    public long PresentFrames => Zones.Sum(zone => zone.Present);

    /// <summary>Frames of CMA areas; null where the kernel does not count them.</summary>
    public long? CmaFrames => Zones.Any(zone => zone.Cma is not null) ? Zones.Sum(zone => zone.Cma ?? 0) : null;

    /// <summary>The lowest frame; null where the file does not tell.</summary>
    public long? FirstFrame => Zones.Where(zone => zone.Present > 0).Min(zone => zone.StartPfn);

    /// <summary>RAM that the allocator has, in bytes: MemTotal of meminfo; null without it.</summary>
    internal ulong? ManagedBytes
    {
        get
        {
            string file = Path.Combine(_path, "meminfo");
            return File.Exists(file) ? MemInfo.TotalBytes(File.ReadLines(file)) : null;
        }
    }

    /// <summary>Bytes of a page, by the files that count memory in pages and in bytes; null where none does.</summary>
    public (int Bytes, FactSource Source, string Place)? PageSize
    {
        get
        {
            return PageBytesOf(ManagedBytes, Zones.Sum(zone => zone.Managed)) is { } counted
                ? (counted, FactSource.Snapshot, PlaceOf(Path.Combine(_path, "meminfo")))
                : PageBytesOf(Log?.RamBytes, PresentFrames) is { } logged ? (logged, FactSource.KernelLog, Log!.Place)
                : null;
        }
    }

    // Counts of bytes and of pages of one moment: their ratio is a page, but for what came or went in between.
    private static int? PageBytesOf(ulong? bytes, long frames) => new int?[] { 4096, 16384, 65536 }
        .FirstOrDefault(page => bytes > 0 && frames > 0 && Math.Abs(((double)bytes / frames / page!.Value) - 1) < 0.25);

    /// <summary>What the kernel was booted with; null where neither /proc/cmdline nor its log is there.</summary>
    public string? CommandLine =>
        File.Exists(Path.Combine(_path, "cmdline")) ? File.ReadAllText(Path.Combine(_path, "cmdline")).Trim() : Log?.CommandLine;

    /// <summary>CPUs that the kernel had per-CPU lists for.</summary>
    public int Cpus => Zones.Max(zone => zone.PerCpuCounts.Count);

    /// <exception cref="InputException">The folder or its zoneinfo cannot be read.</exception>
    public static SnapshotFolder Read(string path)
    {
        string zoneinfo = Path.Combine(path, "zoneinfo");
        if (!File.Exists(zoneinfo))
        {
            string[] moments = Directory.Exists(path)
                ? [.. Directory.EnumerateDirectories(path).Where(folder => File.Exists(Path.Combine(folder, "zoneinfo")))
                    .Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)]
                : [];
            throw new MissingInputException($"{zoneinfo}: no such file; " + (moments.Length > 0
                ? $"{path} holds the snapshots {string.Join(", ", moments)}: give the one from when the recording began"
                : "--snapshot wants a folder with copies of /proc/zoneinfo and, if possible, /proc/kpageflags and dmesg"));
        }

        string? log = new[] { Path.Combine(path, "dmesg"), Path.Combine(path, "..", "dmesg") }.FirstOrDefault(File.Exists);
        return new SnapshotFolder(
            path,
            ZoneInfo.Parse(File.ReadLines(zoneinfo), zoneinfo),
            log is null ? null : KernelLog.Read(File.ReadLines(log), PlaceOf(log)));
    }

    // The file and its folder: wherever a snapshot lies, reports are the same.
    private static string PlaceOf(string file)
    {
        string full = Path.GetFullPath(file);
        return $"{Path.GetFileName(Path.GetDirectoryName(full))}/{Path.GetFileName(full)}";
    }

    /// <summary>Frames on the per-CPU lists, by CPU, all zones together.</summary>
    public IReadOnlyList<int> PerCpuCounts =>
        [.. Enumerable.Range(0, Cpus)
            .Select(cpu => (int)Math.Min(int.MaxValue, Zones.Sum(zone => cpu < zone.PerCpuCounts.Count ? zone.PerCpuCounts[cpu] : 0)))];

    /// <summary>Limits of these lists, by CPU, in the zone where they are largest.</summary>
    public IReadOnlyList<int> PerCpuHighs =>
        [.. Enumerable.Range(0, Cpus)
            .Select(cpu => (int)Zones.Max(zone => cpu < zone.PerCpuHighs.Count ? zone.PerCpuHighs[cpu] : 0))];

    /// <summary>Frames of each zone that the kernel kept from its allocator.</summary>
    public IReadOnlyList<UnmanagedFrames> Unmanaged =>
        [.. from zone in Zones
            let kind = zone.Zone switch { "DMA" => ZoneKind.Dma, "DMA32" => ZoneKind.Dma32, "Normal" => ZoneKind.Normal,
                "Movable" => ZoneKind.Movable, _ => (ZoneKind?)null }
            where kind is not null && zone.Present > zone.Managed
            select new UnmanagedFrames(zone.Node, kind.Value, (int)Math.Min(int.MaxValue, zone.Present - zone.Managed))];

    /// <summary>Free chunks by order and type, if the folder has a pagetypeinfo.</summary>
    public FreeChunkCounts? FreeChunks
    {
        get
        {
            string file = Path.Combine(_path, "pagetypeinfo");
            return File.Exists(file) ? PageTypeInfo.Parse(File.ReadLines(file), file) : null;
        }
    }

    /// <summary>Pages allocated since boot, if the folder has a vmstat that counts them.</summary>
    public long? PagesAllocated => VmStat?.PagesAllocated;

    /// <summary>What the kernel counted, if the folder has a vmstat.</summary>
    public VmStat? VmStat => _vmStat.Value;

    /// <summary>The folders beside this one with a zoneinfo of the same machine, by name.</summary>
    public IReadOnlyList<SnapshotFolder> Siblings()
    {
        string own = Path.TrimEndingDirectorySeparator(Path.GetFullPath(_path));
        return Path.GetDirectoryName(own) is { } parent
            ? [.. Directory.EnumerateDirectories(parent)
                .Where(folder => folder != own && File.Exists(Path.Combine(folder, "zoneinfo")))
                .Order(StringComparer.Ordinal)
                .Select(Read)
                .Where(IsOfSameMachine)]
            : [];
    }

    /// <summary>Have both the same zones with the same RAM?</summary>
    public bool IsOfSameMachine(SnapshotFolder other) =>
        Zones.Select(zone => (zone.Node, zone.Zone, zone.Present))
            .SequenceEqual(other.Zones.Select(zone => (zone.Node, zone.Zone, zone.Present)));

    /// <summary>RAM as the folder's iomem names it; empty without one that root copied.</summary>
    public IReadOnlyList<PhysicalRange> Ram(PageGeometry geometry)
    {
        string iomem = Path.Combine(_path, "iomem");
        return File.Exists(iomem) ? IoMem.Ram(File.ReadLines(iomem), geometry, iomem) : [];
    }

    /// <summary>What was in use, as exactly as the folder tells.</summary>
    public IStartState StartState(MemoryLayout layout)
    {
        long used = Zones.Sum(zone => zone.Present - zone.Free - zone.PerCpuCounts.Sum());
        if (PageFlags(layout) is { } flags)
        {
            return flags;
        }

        string iomem = Path.Combine(_path, "iomem");
        return new UsedFrames(used, Zones.Sum(zone => zone.Present - zone.Managed))
        {
            InCma = CmaFrames is { } cma and > 0 ? cma - Zones.Sum(zone => zone.FreeCma) : null,
            Chunks = FreeChunks,
            SetAside = File.Exists(iomem) ? IoMem.SetAside(File.ReadLines(iomem)) : [],
        };
    }

    /// <summary>kpageflags of the folder; null without one.</summary>
    public PageFlagsSnapshot? PageFlags(MemoryLayout layout)
    {
        foreach (string name in new[] { "kpageflags.zst", "kpageflags.gz", "kpageflags" })
        {
            string file = Path.Combine(_path, name);
            if (File.Exists(file))
            {
                return new PageFlagsSnapshot(Decompressed(file), layout, file);
            }
        }

        return null;
    }

    private static byte[] Decompressed(string file)
    {
        using FileStream source = File.OpenRead(file);
        using TraceInput content = new(source, file, progress: null);
        using MemoryStream all = new();
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = content.Read(buffer)) > 0;)
        {
            if (all.Length + read > MaxPageFlagsBytes)
            {
                throw new InputException($"{file}: more than {MaxPageFlagsBytes:N0} bytes; that is no kpageflags of this machine");
            }

            all.Write(buffer, 0, read);
        }

        if (content.Break is { } broken)
        {
            throw new InputException($"{file}: {broken} Copy it again.");
        }

        return all.ToArray();
    }
}
