using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Supply;

/// <summary>
/// Allocations that may wait: they wake kswapd, reclaim, compact, and at last have a process killed
/// (__alloc_pages_slowpath, mm/page_alloc.c, 6.1).
/// </summary>
internal sealed class PageSupply(MemorySystem memory, VmStatistics statistics, KernelRuntime runtime)
{
    /// <summary>MAX_RECLAIM_RETRIES.</summary>
    private const int Attempts = 16;

    // PF_MEMALLOC: who reclaims does not wait for reclaim.
    private readonly List<Actor> _reclaiming = [];

    /// <summary>Who helps; set by whoever puts the machine together.</summary>
    public Relief Relief { get; set; } = null!;

    /// <param name="needsStorage">Tags come with it (<see cref="AllocationRequest.NeedsStorage"/>).</param>
    public ValueTask<AllocationResult> Allocate(
        GfpFlags gfp, Order order, bool isTagged, CpuId cpu, bool needsStorage = false, int node = 0)
    {
        AllocationRequest request = new(gfp, order, cpu, isTagged, Owner: 0, AllocationEffort.LowWatermark, needsStorage, node);
        ValueTask<AllocationResult> first = Take(request);
        if (!first.IsCompletedSuccessfully || first.Result.Frame.IsNone)
        {
            return Slowly(first, request);
        }

        memory.Tell(request, first.Result.Frame);
        return first;
    }

    /// <summary>One try, as far as the request goes.</summary>
    public ValueTask<AllocationResult> Take(AllocationRequest request)
    {
        memory.Counters.Allocations++;
        return memory.Take(request);
    }

    private async ValueTask<AllocationResult> Slowly(ValueTask<AllocationResult> first, AllocationRequest request)
    {
        AllocationResult result = await Beyond(await first, request);
        memory.Tell(request, result.Frame);
        return result;
    }

    private async ValueTask<AllocationResult> Beyond(AllocationResult result, AllocationRequest request)
    {
        if (!result.Frame.IsNone)
        {
            return result;
        }

        Actor actor = runtime.Interleaving.Current;
        if (_reclaiming.Contains(actor))
        {
            return await Take(request with { Effort = AllocationEffort.Reserves });
        }

        if ((request.Gfp & GfpFlags.KswapdReclaim) != 0)
        {
            _reclaiming.Add(actor);
            await Relief.Wake(request.Cpu);
            _reclaiming.Remove(actor);
        }

        request = request with { Effort = AllocationEffort.MinWatermark };
        result = await Take(request);
        return !result.Frame.IsNone || (request.Gfp & GfpFlags.DirectReclaim) == 0 ? result : await Reclaiming(request, actor);
    }

    private async ValueTask<AllocationResult> Reclaiming(AllocationRequest request, Actor actor)
    {
        AllocationResult result = default;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            _reclaiming.Add(actor);
            statistics.DirectReclaims++;
            memory.Trace.Tell(new KernelEvent(KernelEventKind.DirectReclaim, request.Cpu, Frame: Frame.None, request.Order.Value));
            int freed = await Relief.Reclaim(Supply.Relief.Batch, memory.ZonesOf(request), request.Cpu);
            if (request.Order.Value > 0)
            {
                await Relief.Compact(request.Order, request.Cpu);
            }

            _reclaiming.Remove(actor);
            memory.DrainAll();
            result = await Take(request);
            if (!result.Frame.IsNone)
            {
                return result;
            }

            bool mayFail = request.Order.Value > Order.Costly || (request.Gfp & (GfpFlags.NoRetry | GfpFlags.RetryMayFail)) != 0;
            if (freed == 0 && (mayFail || !await Relief.Kill(request.Cpu)))
            {
                break;
            }
        }

        return result;
    }
}
