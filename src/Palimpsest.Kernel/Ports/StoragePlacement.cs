namespace Palimpsest.Kernel.Ports;

/// <summary>Port 1: how tag storage comes online.</summary>
public enum StoragePlacement
{
    /// <summary>Not given to the allocator at all: firmware's carve-out.</summary>
    Hidden,

    /// <summary>Ordinary movable memory for ever; nothing can be tagged.</summary>
    Ordinary,

    /// <summary>A second free_area[] inside each zone.</summary>
    OwnFreeArea,

    /// <summary>A zone of its own, above all others.</summary>
    OwnZone,

    /// <summary>A NUMA node without CPUs, after all others.</summary>
    OwnNode,

    /// <summary>A migratetype of its own, in the zone it lies in.</summary>
    OwnMigrateType,

    /// <summary>MIGRATE_CMA, in the zone it lies in.</summary>
    Cma,

    /// <summary>Groups of 32 pages and their tag page, on lists of their own.</summary>
    TagBlocks,
}
