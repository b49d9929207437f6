using Palimpsest.Kernel.Frames;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator.Rules;

/// <summary>
/// What a release of Linux decides in its page allocator. Pure: views in, numbers and verdicts out; lists are touched by
/// the rooms alone, and who follows a recording asks the same object.
/// </summary>
// Asked per refill, drain, steal, slow path and set-up, never per page. What a page costs stays code, fed by the numbers
// that these rules left behind: marks, limits, state of the per-CPU lists.
internal abstract class AllocatorRules
{
    /// <summary>The rules of the latest release modelled that is not after a release; of the first for any before it.</summary>
    public static AllocatorRules Of(KernelRelease release) => release switch
    {
        { } when release >= KernelRelease.Linux612 => new Linux612(),
        _ => new Linux61(),
    };

    /// <summary>The release whose source these rules follow.</summary>
    public abstract KernelRelease Release { get; }

    /// <summary>Steps that the rooms take as this release does.</summary>
    public abstract AllocatorSteps Steps { get; }

    /// <summary>Limits of all zones of a machine, in their order, from what each manages.</summary>
    public abstract ZoneLimits[] LimitsOf(IReadOnlyList<ZoneView> zones, in SetUpView machine);

    /// <summary>Folios that a refill of an empty per-CPU list asks the buddy lists for; may move the lists' state.</summary>
    public abstract int RefillWanted(ref PerCpuState lists, int order);

    /// <summary>
    /// Frames to give back now that a folio of an order was freed to the lists; 0 while they are short enough. Asked when
    /// the lists have reached their limit, and after each free of an order above 0.
    /// </summary>
    public abstract int DrainWanted(ref PerCpuState lists, int order);

    /// <summary>What a refill that took other than was wanted tells of the lists of whoever follows a recording.</summary>
    public abstract void LearnRefill(ref PerCpuState lists, int order, int taken);

    /// <summary>The same of a drain.</summary>
    public abstract void LearnDrain(ref PerCpuState lists, int given);

    /// <summary>Lowers a limit that nobody needed for a second; frames to give back for it.</summary>
    public abstract int Decay(ref PerCpuState lists);

    /// <summary>Frames given back at most under one hold of the zone's lock when the lists are emptied.</summary>
    public abstract int DrainAtOnce(in PerCpuState lists);

    /// <summary>Types that a type takes from when its own lists are empty, in order of preference.</summary>
    public abstract ReadOnlySpan<MigrateType> Fallbacks(MigrateType type);

    /// <summary>Order of the smallest chunk that may be stolen for a request.</summary>
    /// <param name="noFragment">The request would rather go to another zone (ALLOC_NOFRAGMENT).</param>
    public abstract int SmallestSteal(int order, bool noFragment, int pageBlockOrder);

    /// <summary>What is stolen, now that a chunk of another type was found.</summary>
    public abstract StealVerdict Steal(in StealView found);

    /// <summary>Does a pageblock, robbed of all that is free in it, change its type?</summary>
    public abstract bool ClaimsBlock(in BlockView block);

    /// <summary>Frames that the watermarks of a zone are raised by after a steal of less than a pageblock.</summary>
    public abstract int BoostAfterSteal(in ZoneView zone, int pageBlockFrames);

    /// <summary>Reserved high-order atomic frames at which a zone reserves no further block.</summary>
    public abstract int HighAtomicLimit(in ZoneView zone, int pageBlockFrames);

    /// <summary>How far below the watermarks the flags of a request let it go.</summary>
    public abstract ReserveRights RightsOf(GfpFlags gfp, int order);

    /// <summary>The mark that a request with rights to the reserves must leave.</summary>
    public abstract int MarkWith(ReserveRights rights, int mark);
}
