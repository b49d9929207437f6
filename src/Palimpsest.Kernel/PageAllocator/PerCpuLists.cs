using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator.Rules;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator;

/// <summary>Refill, free and drain of the per-CPU lists (rmqueue_bulk, free_unref_page, free_pcppages_bulk of 6.1 and 6.12).</summary>
/// <param name="keepsStorageFromTagged">A frame that cannot be tagged is not given to a tagged request.</param>
internal sealed class PerCpuLists(
    FrameTable frames, Zone[] zones, Buddy buddy, ZoneLists lists, AllocatorRules rules, KernelCounters counters,
    Tracepoints trace, bool keepsStorageFromTagged = true)
{
    // By zone and CPU: a freed frame names its zone, and the way from there to a list head is on the one path that every
    // page takes twice.
    private readonly PerCpuPages[] _pages = PagesOf(zones, frames);
    private readonly int _cpus = zones[0].PerCpu.Length;
    private readonly AllocatorSteps _steps = rules.Steps;
    private int _recentZone;

    /// <summary>Takes the first folio of a list, refilling it when it is empty; none when the zone has nothing.</summary>
    public Frame Take(Zone zone, CpuId cpu, in TakeRequest request)
    {
        Frame frame = TakeFirst(zone, cpu, request.Type, request.Order, request.IsTagged);
        return !frame.IsNone ? frame : RefillAndTake(zone, cpu, request);
    }

    /// <summary>Takes the first folio of a list as it is; none when it is empty, or for a tagged request that it does not suit.</summary>
    public Frame TakeFirst(Zone zone, CpuId cpu, MigrateType type, int order, bool isTagged)
    {
        PerCpuPages pages = zone.PerCpu[cpu.Index];
        ref PerCpuState state = ref pages.State;
        state.CountAllocation();
        return TakeFirst(ref state, pages.FirstHead + pages.Index(type, order), order, isTagged);
    }

    /// <summary>Refills a list if it is empty; TakeFirst found nothing there.</summary>
    public Frame RefillAndTake(Zone zone, CpuId cpu, in TakeRequest request)
    {
        PerCpuPages pages = zone.PerCpu[cpu.Index];
        Frame head = frames.ListHead(pages.ListOf(pages.Index(request.Type, request.Order)));
        if (frames.IsEmpty(head))
        {
            Refill(zone, cpu, pages, head, request);
        }

        return TakeFirst(ref pages.State, head, request.Order, request.IsTagged);
    }

    private Frame TakeFirst(ref PerCpuState state, Frame head, int order, bool isTagged)
    {
        Frame frame = frames.First(head);
        if (frame == head || (isTagged && keepsStorageFromTagged && frames[frame].Has(FrameFlags.Untaggable)))
        {
            return Frame.None;
        }

        frames.RemoveFirst(head, frame);
        state.Count -= 1 << order;
        return frame;
    }

    private static PerCpuPages[] PagesOf(Zone[] zones, FrameTable frames)
    {
        PerCpuPages[] all = [.. zones.SelectMany(zone => zone.PerCpu)];
        foreach (PerCpuPages pages in all)
        {
            pages.FirstHead = frames.ListHead(pages.ListOf(0));
        }

        return all;
    }

    /// <summary>Puts a freed folio on the list of its type, and drains when the lists are too long.</summary>
    public void Free(Frame frame, int order, MigrateType type, CpuId cpu)
    {
        // Guessed, so that the way to the list does not wait for the frame's word, which its allocation has just written.
        int zone = _recentZone;
        if (frames[frame].Zone != zone)
        {
            _recentZone = zone = frames[frame].Zone;
        }

        // CMA, storage and high-atomic pages travel on the movable list, but remember where they belong.
        MigrateType listType = (int)type < MigrateTypes.PerCpuCount ? type : MigrateType.Movable;
        PerCpuPages pages = _pages[(zone * _cpus) + cpu.Index];
        int index = pages.Index(listType, order);
        frames[frame].BecomeListed(FrameState.PerCpu, order, type);
        frames.AddFirst(pages.FirstHead + index, frame);
        ref PerCpuState state = ref pages.State;
        state.CountFree(order);
        bool mayBeDue = state.Count >= state.High || order > 0 || state.Pressure != ZonePressure.None;
        if (mayBeDue && rules.DrainWanted(ref state, order) is var count and > 0)
        {
            Drain(zones[zone], cpu, pages, count, index);
            if (state.Pressure != ZonePressure.None)
            {
                zones[zone].IsBelowHigh &= !Watermark.IsAboveHigh(zones[zone]);
            }
        }
    }

    /// <summary>What the workers of vmstat do once a second.</summary>
    public void DecayAll()
    {
        foreach (Zone zone in zones)
        {
            for (CpuId cpu = CpuId.Boot; cpu.Index < zone.PerCpu.Length; cpu++)
            {
                Decay(zone, cpu);
            }
        }
    }

    /// <summary>What one does about its CPU's lists (decay_pcp_high, 6.12).</summary>
    private void Decay(Zone zone, CpuId cpu)
    {
        PerCpuPages pages = zone.PerCpu[cpu.Index];
        for (int left = rules.Decay(ref pages.State); left > 0; left -= pages.State.Batch)
        {
            Drain(zone, cpu, pages, Math.Min(left, pages.State.Batch), 0);
        }
    }

    /// <summary>Empties the lists of one CPU in one zone, at most a batch under one hold of the lock.</summary>
    public void DrainCpu(Zone zone, CpuId cpu)
    {
        PerCpuPages pages = zone.PerCpu[cpu.Index];
        while (pages.State.Count > 0)
        {
            Drain(zone, cpu, pages, Math.Min(pages.State.Count, rules.DrainAtOnce(pages.State)), 0);
        }
    }

    /// <summary>drain_all_pages: every CPU that holds pages of the zone.</summary>
    /// <returns>CPUs that were interrupted for it.</returns>
    public int DrainZone(Zone zone)
    {
        int interrupted = 0;
        counters.DrainAllCalls++;
        for (CpuId cpu = CpuId.Boot; cpu.Index < zone.PerCpu.Length; cpu++)
        {
            if (zone.PerCpu[cpu.Index].State.Count > 0)
            {
                interrupted++;
                DrainCpu(zone, cpu);
            }
        }

        counters.Interrupts += interrupted;
        return interrupted;
    }

    public void DrainAll()
    {
        foreach (Zone zone in zones)
        {
            DrainZone(zone);
        }
    }

    private void Refill(Zone zone, CpuId cpu, PerCpuPages pages, Frame head, in TakeRequest request)
    {
        int wanted = rules.RefillWanted(ref pages.State, request.Order);
        TakeMode mode = TakeMode.Normal;
        int taken = 0;
        while (taken < wanted)
        {
            Frame frame = lists.Take(zone, request, ref mode);
            if (frame.IsNone)
            {
                break;
            }

            ref PageFrame added = ref frames[frame];
            zone.AccountByType(added.PerCpuType, added.AreaSet, -(1 << request.Order));
            zone.FreeFrames -= _steps.CountsAtOnce ? 1 << request.Order : 0;
            added.Become(FrameState.PerCpu, request.Order);
            frames.AddLast(head, frame);
            if (trace.IsHeard)
            {
                trace.Tell(new KernelEvent(KernelEventKind.ZoneLocked, cpu, frame, request.Order, added.PerCpuType, Value: 1));
            }

            taken++;
        }

        // 6.1 counts the CMA pages as they come and all of them at the end, which the CMA balance rule can see.
        zone.FreeFrames -= _steps.CountsAtOnce ? 0 : taken << request.Order;
        pages.State.Count += taken << request.Order;
        counters.Refills++;
        counters.RefilledFrames += taken << request.Order;
        counters.RefilledFolios += taken;
    }

    /// <summary>Frees folios from the tails of the lists, beginning with the list just freed to.</summary>
    private void Drain(Zone zone, CpuId cpu, PerCpuPages pages, int count, int index)
    {
        counters.Drains++;
        bool hasIsolated = zone.IsolatedBlocks > 0;
        DrainCursor cursor = new(frames, pages, count, index);
        while (cursor.Next() is { IsNone: false } frame)
        {
            int order = frames[frame].Order;
            MigrateType type = hasIsolated || _steps.AsksBlockAtDrain ? frames.BlockType(frame) : frames[frame].PerCpuType;
            frames.Remove(frame);
            pages.State.Count -= 1 << order;
            counters.DrainedFrames += 1 << order;
            counters.DrainedFolios++;
            if (trace.IsHeard)
            {
                trace.Tell(new KernelEvent(KernelEventKind.PerCpuDrained, cpu, frame, order, type));
            }

            buddy.Free(frame, order, type);
        }
    }
}
