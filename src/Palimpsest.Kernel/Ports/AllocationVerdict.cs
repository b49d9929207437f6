using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Ports;

/// <summary>What a design may look at when a request for pages comes in.</summary>
/// <param name="IsTagged">The page will be mapped PROT_MTE.</param>
public readonly record struct AllocationView(MigrateType Type, Order Order, bool IsTagged, GfpFlags Gfp)
{
    /// <summary>What it gets may be migrated later: __GFP_MOVABLE.</summary>
    public bool IsMovable => Type == MigrateType.Movable;

    /// <summary>A page of a file that can be dropped and read again (<see cref="GfpMeaning.IsReadAhead"/>).</summary>
    public bool IsCleanCache => !IsTagged && Gfp.IsReadAhead();
}

/// <summary>Port 2: who may draw from where storage is lent.</summary>
/// <param name="UseCma">May take MIGRATE_CMA pages (ALLOC_CMA). Only movable requests ever do.</param>
/// <param name="UseStorage">
/// May take storage that has lists, a zone or a node of its own, and counts it as free. Tagged requests never do, and
/// unmovable ones only where the home is for all.
/// </param>
public readonly record struct AllocationVerdict(bool UseCma, bool UseStorage)
{
    /// <summary>Whatever the laws allow.</summary>
    public static AllocationVerdict Ordinary(in AllocationView view) => new(view.IsMovable, UseStorage: !view.IsTagged);
}
