namespace Palimpsest.Machine.Caches;

/// <summary>What a tag access to a frame that is itself tag storage does.</summary>
public enum StorageTagAccess : byte
{
    /// <summary>Stores are dropped, loads give 0.</summary>
    Ignored,

    /// <summary>The access faults.</summary>
    Fault,

    /// <summary>A second carve-out, 1/32 of the first and never lent, holds the tags of tag storage.</summary>
    TagOfTag,

    /// <summary>Firmware left no second carve-out: the computed address is other RAM, which the store corrupts.</summary>
    Misconfigured,
}

/// <summary>What the kernel keeps in a frame of tag storage: ground truth for detectors, unknown to the hardware.</summary>
public enum StorageContent : byte
{
    /// <summary>Tags, as firmware hands it over.</summary>
    Tags,

    /// <summary>Lent: free, or some page's data.</summary>
    Data,
}

/// <summary>How the modelled memory system behaves where implementations differ.</summary>
public sealed record TaggedMemoryOptions
{
    /// <summary>
    /// Dirty lines that the caches hold; beyond it the oldest is evicted. 0 writes through. Data lines and tag lines
    /// count alike.
    /// </summary>
    public int DirtyCapacity { get; init; } = 4096;

    /// <summary>Invalidation by address cleans first, as it may when stage 2 translation is on.</summary>
    public bool InvalidateCleans { get; init; }

    /// <summary>What an access to tag storage itself does with tags.</summary>
    public StorageTagAccess StorageTags { get; init; } = StorageTagAccess.Ignored;

    /// <summary>Corruptions kept as records; all are counted.</summary>
    public int MostCorruptions { get; init; } = 100;
}
