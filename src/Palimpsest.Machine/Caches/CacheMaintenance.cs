namespace Palimpsest.Machine.Caches;

/// <summary>Maintenance by address to the point of coherency, named as the instructions (Arm ARM, DC).</summary>
public enum CacheMaintenance : byte
{
    /// <summary>Invalidate data.</summary>
    Ivac,

    /// <summary>Clean data.</summary>
    Cvac,

    /// <summary>Clean and invalidate data.</summary>
    Civac,

    /// <summary>Invalidate tags.</summary>
    Igvac,

    /// <summary>Clean tags.</summary>
    Cgvac,

    /// <summary>Clean and invalidate tags.</summary>
    Cigvac,

    /// <summary>Invalidate data and tags.</summary>
    Igdvac,

    /// <summary>Clean data and tags.</summary>
    Cgdvac,

    /// <summary>Clean and invalidate data and tags.</summary>
    Cigdvac,
}

/// <summary>The three things that maintenance does to a line.</summary>
internal enum LineMaintenance : byte
{
    Invalidate,
    Clean,
    CleanInvalidate,
}

/// <summary>What the caches did, in lines and instructions.</summary>
public sealed class CacheCounters
{
    private readonly long[] _maintenance = new long[Enum.GetValues<CacheMaintenance>().Length];

    /// <summary>Dirty lines of data written to DRAM.</summary>
    public long DataWriteBacks { get; internal set; }

    /// <summary>Dirty lines of tags written to DRAM.</summary>
    public long TagWriteBacks { get; internal set; }

    /// <summary>Instructions executed; a page takes one for each 64 bytes, tags alone one for each 2 KiB.</summary>
    public long Count(CacheMaintenance kind) => _maintenance[(int)kind];

    internal void Add(CacheMaintenance kind, int instructions) => _maintenance[(int)kind] += instructions;
}
