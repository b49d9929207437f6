using Palimpsest.Kernel;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
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

    private SnapshotFolder(string path, IReadOnlyList<ZoneInfoEntry> zones, IReadOnlyList<CmaPool> pools)
    {
        _path = path;
        Zones = zones;
        CmaPools = pools;
    }

    /// <summary>The folder's own name, which says when it was taken: before, mid, after.</summary>
    public string Name => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(_path)));

    public IReadOnlyList<ZoneInfoEntry> Zones { get; }

    /// <summary>CMA areas named by the kernel log.</summary>
    public IReadOnlyList<CmaPool> CmaPools { get; }

    /// <summary>CPUs that the kernel had per-CPU lists for.</summary>
    public int Cpus => Zones.Max(zone => zone.PerCpuCounts.Count);

    /// <exception cref="InputException">The folder or its zoneinfo cannot be read.</exception>
    public static SnapshotFolder Read(string path)
    {
        string zoneinfo = Path.Combine(path, "zoneinfo");
        if (!File.Exists(zoneinfo))
        {
            throw new InputException($"{zoneinfo}: no such file; --snapshot wants a folder with copies of /proc/zoneinfo and, if "
                + "possible, /proc/kpageflags and dmesg");
        }

        string? log = new[] { Path.Combine(path, "dmesg"), Path.Combine(path, "..", "dmesg") }.FirstOrDefault(File.Exists);
        return new SnapshotFolder(
            path,
            ZoneInfo.Parse(File.ReadLines(zoneinfo), zoneinfo),
            log is null ? [] : KernelLog.CmaPools(File.ReadLines(log)));
    }

    /// <summary>Frames on the per-CPU lists, by CPU, all zones together.</summary>
    public IReadOnlyList<int> PerCpuCounts =>
        [.. Enumerable.Range(0, Cpus)
            .Select(cpu => (int)Math.Min(int.MaxValue, Zones.Sum(zone => cpu < zone.PerCpuCounts.Count ? zone.PerCpuCounts[cpu] : 0)))];

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
    public long? PagesAllocated
    {
        get
        {
            string file = Path.Combine(_path, "vmstat");
            return File.Exists(file) ? VmStat.PagesAllocated(File.ReadLines(file)) : null;
        }
    }

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

    private bool IsOfSameMachine(SnapshotFolder other) =>
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
            InCma = Zones.Sum(zone => zone.Cma) is var cma and > 0 ? cma - Zones.Sum(zone => zone.FreeCma) : null,
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
