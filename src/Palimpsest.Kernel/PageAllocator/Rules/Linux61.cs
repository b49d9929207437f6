using Palimpsest.Kernel.Frames;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator.Rules;

/// <summary>The rules of Linux 6.1 (mm/page_alloc.c of 6.1.192, function names beside each).</summary>
internal class Linux61 : AllocatorRules
{
    /// <summary>CONFIG_PCP_BATCH_SCALE_MAX.</summary>
    protected const int BatchScaleMax = 5;

    /// <summary>watermark_boost_factor, of 10,000: up to 150 % of high.</summary>
    private const int BoostFactor = 15000;

    // fallbacks[], a row for each type that asks.
    private static readonly MigrateType[][] Preferences =
    [
        [MigrateType.Reclaimable, MigrateType.Movable],
        [MigrateType.Reclaimable, MigrateType.Unmovable],
        [MigrateType.Unmovable, MigrateType.Movable],
    ];

    public override KernelRelease Release => KernelRelease.Linux61;

    public override AllocatorSteps Steps { get; } = new();

    public override ZoneLimits[] LimitsOf(IReadOnlyList<ZoneView> zones, in SetUpView machine) => new Limits61(zones, machine).All();

    /// <summary>rmqueue_pcplist.</summary>
    public override int RefillWanted(ref PerCpuState lists, int order) => lists.Batch > 1 ? Math.Max(lists.Batch >> order, 2) : lists.Batch;

    /// <summary>free_unref_page_commit and nr_pcp_free: repeated frees double what is given back.</summary>
    public override int DrainWanted(ref PerCpuState lists, int order)
    {
        int high = LimitOf(lists);
        bool freesAll = lists.FreeRun != 0 && order is > 0 and <= Order.Costly;
        if (freesAll || lists.Count < high)
        {
            return freesAll ? lists.Count : 0;
        }

        if (high < lists.Batch)
        {
            return 1;
        }

        int most = high - lists.Batch;
        int batch = lists.Batch << lists.FreeRun;
        if (batch < most && lists.FreeRun < BatchScaleMax)
        {
            lists.FreeRun++;
        }

        // clamp() of the kernel: the lower bound is applied first, so an inverted range yields the upper.
        return Math.Min(Math.Max(batch, lists.Batch), most);
    }

    /// <summary>nr_pcp_high: while kswapd is at work, few pages are kept.</summary>
    private static int LimitOf(in PerCpuState lists) =>
        (lists.Pressure & ZonePressure.Reclaim) != 0 ? Math.Min(lists.Batch << 2, lists.High) : lists.High;

    /// <summary>Nothing builds up that a refill could tell.</summary>
    public override void LearnRefill(ref PerCpuState lists, int order, int taken)
    {
    }

    /// <summary>Nor a drain: its factor follows from the drains before.</summary>
    public override void LearnDrain(ref PerCpuState lists, int given)
    {
    }

    /// <summary>The limits stand still.</summary>
    public override int Decay(ref PerCpuState lists) => 0;

    /// <summary>drain_pages_zone.</summary>
    public override int DrainAtOnce(in PerCpuState lists) => Math.Max(lists.Batch << BatchScaleMax, 1);

    public override ReadOnlySpan<MigrateType> Fallbacks(MigrateType type) => Preferences[(int)type];

    /// <summary>__rmqueue_fallback.</summary>
    public override int SmallestSteal(int order, bool noFragment, int pageBlockOrder) =>
        noFragment && order < pageBlockOrder ? pageBlockOrder : order;

    /// <summary>can_steal_fallback and __rmqueue_fallback.</summary>
    // A movable page does no lasting harm where it lands, so it splits the smallest chunk, not the largest.
    public override StealVerdict Steal(in StealView found)
    {
        bool mayTakeBlock = found.Found >= found.PageBlockOrder / 2 || found.Type is MigrateType.Reclaimable or MigrateType.Unmovable;
        bool mayTakeLess = found.Type == MigrateType.Movable && found.Found > found.Wanted;
        return mayTakeBlock ? StealVerdict.Block : mayTakeLess ? StealVerdict.SmallestChunk : StealVerdict.Chunk;
    }

    /// <summary>steal_suitable_fallback: when half of it is free or alike.</summary>
    public override bool ClaimsBlock(in BlockView block)
    {
        int alike = (block.Type, block.OldType) switch
        {
            (MigrateType.Movable, _) => block.Movable,
            (_, MigrateType.Movable) => block.Frames - (block.Free + block.Movable),
            _ => 0,
        };
        return block.Free + alike >= block.Frames / 2;
    }

    /// <summary>boost_watermark.</summary>
    public override int BoostAfterSteal(in ZoneView zone, int pageBlockFrames)
    {
        int most = (int)((long)zone.Watermarks.High * BoostFactor / 10000);
        return most == 0 || pageBlockFrames * 4 > zone.Managed
            ? zone.Boost
            : Math.Min(zone.Boost + pageBlockFrames, Math.Max(pageBlockFrames, most));
    }

    /// <summary>reserve_highatomic_pageblock: a hundredth of the zone, and a block.</summary>
    public override int HighAtomicLimit(in ZoneView zone, int pageBlockFrames) => zone.Managed / 100 + pageBlockFrames;

    /// <summary>gfp_to_alloc_flags, the part about reserves.</summary>
    public override ReserveRights RightsOf(GfpFlags gfp, int order)
    {
        ReserveRights rights = (gfp & GfpFlags.High) != 0 ? ReserveRights.MinReserve : ReserveRights.None;
        if ((gfp & (GfpFlags.DirectReclaim | GfpFlags.NoMemAlloc)) == 0)
        {
            rights |= ReserveRights.NonBlocking;
            if (order > 0 && (rights & ReserveRights.MinReserve) != 0)
            {
                rights |= ReserveRights.HighAtomic;
            }
        }

        return rights;
    }

    /// <summary>__zone_watermark_ok.</summary>
    public override int MarkWith(ReserveRights rights, int mark)
    {
        if ((rights & ReserveRights.MinReserve) == 0)
        {
            return mark;
        }

        mark -= mark / 2;
        return (rights & ReserveRights.NonBlocking) != 0 ? mark - mark / 4 : mark;
    }
}
