using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Ports;

/// <summary>Where lent tag storage stands in the machine: among which lists, in which zone. These are all that the allocator has.</summary>
// A place is what it is made of, not a name: the rooms ask for the part that concerns them, and a home picks one.
public sealed class StoragePlace
{
    private StoragePlace()
    {
    }

    /// <summary>Among the ordinary pages of the zone that it lies in: anybody may get it.</summary>
    public static StoragePlace Ordinary { get; } = new() { IsForAll = true };

    /// <summary>MIGRATE_CMA, in the zone that it lies in.</summary>
    public static StoragePlace Cma { get; } = new() { BlockType = MigrateType.Cma };

    /// <summary>A migratetype of its own (MIGRATE_METADATA), in the zone that it lies in.</summary>
    public static StoragePlace OwnMigrateType { get; } = new() { BlockType = MigrateType.Metadata };

    /// <summary>A second free_area[] in the zone that it lies in.</summary>
    public static StoragePlace OwnFreeArea { get; } = new() { HasOwnArea = true };

    /// <summary>A zone of its own, above all others.</summary>
    public static StoragePlace OwnZone { get; } = new() { Zone = ZoneKind.Metadata };

    /// <summary>A node without CPUs, after all others.</summary>
    public static StoragePlace OwnNode { get; } = new() { Zone = ZoneKind.Movable, IsOwnNode = true };

    /// <summary>With the pages that it covers, in groups on lists of their own.</summary>
    public static StoragePlace Groups { get; } = new() { IsForAll = true, IsGrouped = true };

    /// <summary>MIGRATE_CMA; the free pages that active storage covers are on no list, and only tagged requests take them.</summary>
    public static StoragePlace ActiveBlocks { get; } = new() { BlockType = MigrateType.Cma, HasActiveBlocks = true };

    /// <summary>
    /// A migratetype of its own, outside of the per-CPU lists: page cache that may be dropped at any time asks it first, and nobody else.
    /// </summary>
    public static StoragePlace CleanCache { get; } = new() { BlockType = MigrateType.Metadata, HoldsCleanCache = true };

    /// <summary>As <see cref="ActiveBlocks"/>; but inactive storage is on lists of its own, and data claim it a block at a time.</summary>
    public static StoragePlace Cells { get; } = new() { BlockType = MigrateType.Metadata, HasActiveBlocks = true, IsClaimed = true };

    /// <summary>May storage that is lent there hold data of this mobility? What cannot be moved could never leave again (PIN-1).</summary>
    public bool MayHold(bool isMovable) => isMovable || IsForAll;

    private bool IsForAll { get; init; }

    /// <summary>Type of the pageblocks that storage lies in; null to leave them as they are.</summary>
    public MigrateType? BlockType { get; private init; }

    /// <summary>A free_area[] beside the ordinary one of each zone.</summary>
    public bool HasOwnArea { get; private init; }

    /// <summary>Kind of a zone that storage has for itself; null where it has none.</summary>
    public ZoneKind? Zone { get; private init; }

    /// <summary>The zone is of a node without CPUs, last in every fallback list.</summary>
    public bool IsOwnNode { get; private init; }

    /// <summary>Frames are kept in groups of 32 and their tag page.</summary>
    public bool IsGrouped { get; private init; }

    /// <summary>Free frames of blocks with active storage are kept apart from the buddy lists.</summary>
    public bool HasActiveBlocks { get; private init; }

    /// <summary>Data get only storage whose own pages are nearly all in use.</summary>
    public bool IsClaimed { get; private init; }

    /// <summary>Who may have storage gets it before all other memory, and never by way of a per-CPU list.</summary>
    public bool HoldsCleanCache { get; private init; }

    /// <summary>The allocator has lists that hold nothing but storage, or pages that storage was taken for.</summary>
    public bool HasLists => HasOwnArea || IsGrouped || BlockType == MigrateType.Metadata;

    /// <summary>Pages travel through per-CPU lists. Groups never do.</summary>
    public bool HasPerCpuLists => !IsGrouped;

    /// <summary>
    /// Storage comes to the movable per-CPU lists by refills alone: freed, it goes back to lists of its own (RFC v1), and a
    /// request that may not have it stays away from the movable lists.
    /// </summary>
    public bool KeepsToOwnLists => HasLists && !IsGrouped && !HoldsCleanCache;

    /// <summary>
    /// Storage that is lent again goes by way of the per-CPU lists (cma_release). With active blocks it goes straight to the buddy lists,
    /// as what was lent does when it is freed, so that it can be taken at once.
    /// </summary>
    public bool LendsThroughPerCpu => HasPerCpuLists && !KeepsToOwnLists && !HasActiveBlocks && !HoldsCleanCache;
}
