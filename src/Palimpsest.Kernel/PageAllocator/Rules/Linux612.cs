using System.Numerics;
using Palimpsest.Kernel.Frames;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator.Rules;

/// <summary>The rules of Linux 6.12, told as what differs from 6.1 (mm/page_alloc.c of 6.12.117, function names beside each).</summary>
internal sealed class Linux612 : Linux61
{
    public override KernelRelease Release => KernelRelease.Linux612;

    public override AllocatorSteps Steps { get; } = new(ClaimsThenSteals: true, AsksBlockAtDrain: true, CountsAtOnce: true,
        CountsFreeHighAtomic: true, HighMoves: true, RetypesMerged: true);

    public override ZoneLimits[] LimitsOf(IReadOnlyList<ZoneView> zones, in SetUpView machine) =>
        [.. new Limits612(zones, machine).All()
            .Select(limits => limits with { FreeRunBatches = 1 << BatchScaleMax, PartsHugePages = true })];

    /// <summary>nr_pcp_alloc: refills that follow each other double, and raise the limit.</summary>
    public override int RefillWanted(ref PerCpuState lists, int order)
    {
        int high = lists.High = Clamp(lists.High, lists.HighLeast, lists.HighMost);
        if (high < lists.Batch)
        {
            return 1;
        }

        int batch = order > 0 ? lists.Batch : lists.Batch << lists.AllocFactor;
        if (lists.HighLeast != lists.HighMost && (lists.Pressure & ZonePressure.BelowHigh) == 0)
        {
            high = lists.High = Math.Min(high + batch, lists.HighMost);
        }

        if (order == 0)
        {
            int most = Math.Max(high - lists.Count - lists.Batch, lists.Batch);
            lists.AllocFactor += batch <= most && lists.AllocFactor < BatchScaleMax ? 1 : 0;
            batch = Math.Min(batch, most);
        }

        return batch > 1 ? Math.Max(batch >> order, 2) : batch;
    }

    /// <summary>free_unref_page_commit and nr_pcp_free.</summary>
    // The frames freed are counted when this is asked, so the last folio is taken off again. A CPU whose share of the cache is
    // large may keep a batch (PCPF_FREE_HIGH_BATCH); nothing recorded says so, and machines that tell no cache sizes do not.
    public override int DrainWanted(ref PerCpuState lists, int order)
    {
        bool isHigh = order is > 0 and <= Order.Costly;
        bool freesHigh = isHigh && lists.FollowsHighFree && lists.FreeRun - (1 << order) >= lists.Batch;
        lists.FollowsHighFree = isHigh;
        int high = LimitFor(ref lists, freesHigh);
        if (lists.Count < high)
        {
            return 0;
        }

        if (freesHigh)
        {
            return Math.Min(lists.Count, lists.Batch << BatchScaleMax);
        }

        return high < lists.Batch ? 1 : Clamp(lists.FreeRun, lists.Batch, high - lists.Batch);
    }

    /// <summary>decay_pcp_high: an eighth a second, and no more than a few batches at once.</summary>
    public override int Decay(ref PerCpuState lists)
    {
        if (lists.High > lists.HighLeast)
        {
            int least = Math.Max(lists.Count - (lists.Batch << BatchScaleMax), lists.HighLeast);
            lists.High = Math.Max(least, lists.High - (lists.High >> 3));
        }

        return Math.Max(lists.Count - lists.High, 0);
    }

    /// <summary>It was a batch doubled so often; or the room that the limit left, so the limit was that.</summary>
    public override void LearnRefill(ref PerCpuState lists, int order, int taken)
    {
        int doublings = BitOperations.Log2((uint)Math.Max(1, taken / lists.Batch));
        if (order == 0 && lists.Batch << doublings == taken && doublings <= BatchScaleMax)
        {
            lists.AllocFactor = Math.Min(doublings + 1, BatchScaleMax);
        }
        else if (order == 0 && taken > lists.Batch)
        {
            lists.High = Clamp(taken + lists.Count + lists.Batch, lists.HighLeast, lists.HighMost);
        }
    }

    /// <summary>It was the frames freed in a row.</summary>
    public override void LearnDrain(ref PerCpuState lists, int given) =>
        lists.FreeRun = given > lists.Batch ? given : Math.Min(lists.FreeRun, lists.Batch);

    /// <summary>can_steal_fallback: a block is claimed, or a chunk stolen as it is.</summary>
    public override StealVerdict Steal(in StealView found)
    {
        StealVerdict verdict = base.Steal(found);
        return verdict == StealVerdict.SmallestChunk ? StealVerdict.Chunk : verdict;
    }

    /// <summary>reserve_highatomic_pageblock: a hundredth of the zone in whole blocks, none where that is less than one.</summary>
    public override int HighAtomicLimit(in ZoneView zone, int pageBlockFrames)
    {
        int hundredth = zone.Managed / 100;
        return hundredth < pageBlockFrames ? 0 : (hundredth + pageBlockFrames - 1) / pageBlockFrames * pageBlockFrames;
    }

    /// <summary>nr_pcp_high.</summary>
    private static int LimitFor(ref PerCpuState lists, bool freesHigh)
    {
        int high = lists.High = Clamp(lists.High, lists.HighLeast, lists.HighMost);
        if (high == 0 || freesHigh)
        {
            lists.High = high == 0 ? 0 : Math.Max(high - (lists.Batch << BatchScaleMax), lists.HighLeast);
            return 0;
        }

        int lower = Math.Max(high - Math.Max(lists.FreeRun, lists.Batch), lists.HighLeast);
        if ((lists.Pressure & ZonePressure.Reclaim) != 0)
        {
            lists.High = lower;
            return Math.Min(lists.Batch << 2, lower);
        }

        if (lists.HighLeast == lists.HighMost)
        {
            return high;
        }

        if ((lists.Pressure & ZonePressure.BelowHigh) != 0)
        {
            lists.High = lower;
            return Math.Max(lists.Count, lists.HighLeast);
        }

        int needed = lists.FreeRun + lists.Batch;
        if (lists.Count >= high && high < needed)
        {
            lists.High = Clamp(needed, lists.HighLeast, lists.HighMost);
        }

        return high;
    }

    // clamp() of the kernel: the lower bound is applied first, so an inverted range yields the upper.
    private static int Clamp(int value, int least, int most) => Math.Min(Math.Max(value, least), most);
}
