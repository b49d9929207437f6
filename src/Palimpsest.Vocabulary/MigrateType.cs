namespace Palimpsest.Vocabulary;

/// <summary>
/// Mobility of the pages of a pageblock (include/linux/mmzone.h, 6.1), with the type that version 1 of the
/// tag-storage proposal adds between Cma and Isolate.
/// </summary>
public enum MigrateType : byte
{
    /// <summary>Stays where it is.</summary>
    Unmovable = 0,

    /// <summary>Can be moved to another frame.</summary>
    Movable = 1,

    /// <summary>Cannot be moved, but given back by a shrinker.</summary>
    Reclaimable = 2,

    /// <summary>Reserve of high-order atomic requests.</summary>
    HighAtomic = 3,

    /// <summary>Lent by a CMA area: movable data alone.</summary>
    Cma = 4,

    /// <summary>Tag storage, where a design keeps it apart (RFC v1).</summary>
    Metadata = 5,

    /// <summary>Taken out of use for a range allocation.</summary>
    Isolate = 6,
}

/// <summary>Facts about migratetypes that several rooms need.</summary>
public static class MigrateTypes
{
    /// <summary>Types that have per-CPU lists: Unmovable, Movable, Reclaimable.</summary>
    public const int PerCpuCount = 3;

    /// <summary>Types that there are.</summary>
    public const int Count = 7;

    /// <summary>May a block of this type be merged with, or stolen by, another of these (6.1: migratetype_is_mergeable).</summary>
    public static bool IsMergeable(MigrateType type) => (int)type < PerCpuCount;
}
