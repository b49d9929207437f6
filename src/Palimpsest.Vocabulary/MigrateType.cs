namespace Palimpsest.Vocabulary;

/// <summary>
/// Mobility of the pages of a pageblock (include/linux/mmzone.h, 6.1), with the type that version 1 of the
/// tag-storage proposal adds between Cma and Isolate.
/// </summary>
public enum MigrateType : byte
{
    Unmovable = 0,
    Movable = 1,
    Reclaimable = 2,
    HighAtomic = 3,
    Cma = 4,
    Metadata = 5,
    Isolate = 6,
}

/// <summary>Facts about migratetypes that several rooms need.</summary>
public static class MigrateTypes
{
    /// <summary>Types that have per-CPU lists: Unmovable, Movable, Reclaimable.</summary>
    public const int PerCpuCount = 3;

    public const int Count = 7;

    /// <summary>May a block of this type be merged with, or stolen by, another of these (6.1: migratetype_is_mergeable).</summary>
    public static bool IsMergeable(MigrateType type) => (int)type < PerCpuCount;
}
