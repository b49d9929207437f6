using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Ports;

/// <summary>What a design may look at when a request for pages comes in.</summary>
/// <param name="IsTagged">The page will be mapped PROT_MTE.</param>
public readonly record struct AllocationView(MigrateType Type, Order Order, bool IsTagged, GfpFlags Gfp)
{
    public bool IsMovable => Type == MigrateType.Movable;
}

/// <summary>Where among the lists of a zone tag storage is tried.</summary>
public enum StorageUse : byte
{
    /// <summary>Not at all, and its free pages do not count for the watermarks.</summary>
    Never,

    /// <summary>Before the request's own type.</summary>
    First,

    /// <summary>First while more than half of the zone's free pages are tag storage (the CMA rule), else like AfterCma.</summary>
    Balanced,

    /// <summary>After the request's own type, before CMA.</summary>
    AfterOwnType,

    /// <summary>After CMA, before stealing from other types.</summary>
    AfterCma,

    /// <summary>Only when nothing else is left, stealing included.</summary>
    Last,
}

/// <summary>Port 2: which free lists a request may use, and in which order.</summary>
/// <param name="UseCma">May take MIGRATE_CMA pages (ALLOC_CMA). Only movable requests ever do.</param>
/// <param name="UsePerCpu">May take and refill per-CPU lists.</param>
/// <param name="Storage">Use of tag storage that has lists, a zone or a node of its own.</param>
/// <param name="CandidateRetries">
/// How many tag-storage pages a tagged request may put back at the tail of the CMA list while it looks for another.
/// </param>
public readonly record struct AllocationVerdict(bool UseCma, bool UsePerCpu, StorageUse Storage, int CandidateRetries = 0)
{
    /// <summary>What Linux does without tag storage.</summary>
    public static AllocationVerdict Ordinary(in AllocationView view) => new(view.IsMovable, UsePerCpu: true, StorageUse.Never);
}
