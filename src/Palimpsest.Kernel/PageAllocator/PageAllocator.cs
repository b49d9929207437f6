using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator.Rules;
using Palimpsest.Kernel.Ports;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator;

/// <summary>
/// Finds frames: walks the zones under their watermarks, through the per-CPU lists or the buddy lists
/// (get_page_from_freelist, rmqueue and the slow path of mm/page_alloc.c, 6.1). Knows nothing of tags but which frames
/// cannot have them.
/// </summary>
// Linux would reclaim where a replay cannot: the recorded frees already contain what reclaim freed. So the slow path
// goes on to the min watermark, then to the reserves, and counts the reclaim that would have run.
public sealed class PageAllocator
{
    private readonly FrameTable _frames;
    private readonly NodeOrder _order;
    private readonly Buddy _buddy;
    private readonly ZoneLists _lists;
    private readonly PerCpuLists _perCpu;
    private readonly AllocatorRules _rules;
    private readonly HighAtomic _highAtomic;
    private readonly KernelCounters _counters;
    private readonly StoragePlace _place;
    private readonly bool _keepsToOwnLists;
    private readonly bool _hasPerCpuLists;
    private readonly int _pageBlockOrder;
    private readonly LentFrames _lent;
    private readonly bool _keepsStorageFromTagged;
    private readonly bool _watchesHigh;

    internal PageAllocator(
        FrameTable frames, NodeOrder order, Buddy buddy, ZoneLists lists, PerCpuLists perCpu, AllocatorRules rules, StoragePlace place,
        bool keepsStorageFromTagged, KernelCounters counters)
    {
        _frames = frames;
        _order = order;
        _buddy = buddy;
        _lists = lists;
        _perCpu = perCpu;
        _rules = rules;
        _watchesHigh = rules.Steps.HighMoves;
        _highAtomic = new HighAtomic(frames, buddy, rules);
        _place = place;
        _keepsToOwnLists = place.KeepsToOwnLists;
        _hasPerCpuLists = place.HasPerCpuLists;
        _pageBlockOrder = frames.PageBlockOrder;
        _lent = new LentFrames(frames);
        _keepsStorageFromTagged = keepsStorageFromTagged;
        _counters = counters;
    }

    /// <summary>Frames of tag storage that it has given out.</summary>
    internal LentFrames Lent => _lent;

    /// <summary>Finds frames for a request; they are in state Allocated. None when there are none.</summary>
    internal Frame Allocate(in AllocationRequest request, AllocationVerdict verdict)
    {
        Search search = new(request, verdict);
        if (request.Effort > AllocationEffort.LowWatermark)
        {
            ReserveRights beyond = request.Effort == AllocationEffort.Reserves ? ReserveRights.NoWatermarks : ReserveRights.None;
            Frame found = FromZones(search, _rules.RightsOf(request.Gfp, search.Order) | beyond, atLow: false);
            return found.IsNone ? Borrow(search) : found;
        }

        Frame frame = FromZones(search, ReserveRights.None, atLow: true);
        frame = frame.IsNone ? Borrow(search) : frame;
        return !frame.IsNone || request.Effort == AllocationEffort.LowWatermark
            ? frame
            : SlowPath(search, _rules.RightsOf(request.Gfp, search.Order));
    }

    /// <summary>Frees a folio on the CPU that calls.</summary>
    /// <param name="throughPerCpu">By way of the per-CPU lists, if it may lie there.</param>
    internal void Free(Frame frame, CpuId cpu, bool throughPerCpu = true)
    {
        ref PageFrame freed = ref _frames[frame];
        int order = freed.Order;
        _lent.Count(frame, freed, -1);
        MigrateType type = _frames.BlockType(frame);
        if (throughPerCpu && PerCpuPages.Holds(order, _pageBlockOrder) && KeepsOnPerCpu(freed, type))
        {
            _perCpu.Free(frame, order, type, cpu);
        }
        else
        {
            _buddy.Free(frame, order, type);
        }
    }

    /// <summary>Undoes an allocation that could not be used: to the tail of its list, to be met last.</summary>
    internal void PutBack(Frame frame)
    {
        _lent.Count(frame, _frames[frame], -1);
        PutUnused(frame);
    }

    private void PutUnused(Frame frame)
    {
        int order = _frames[frame].Order;
        _buddy.Free(frame, order, _frames.BlockType(frame), toTail: true);
    }

    // Isolated pages do not; nor, in RFC v1, do metadata pages that are freed. The same rule serves every place with lists of
    // its own, whose pages would otherwise leak to requests that must not have them.
    private bool KeepsOnPerCpu(in PageFrame frame, MigrateType type) =>
        type < MigrateType.Metadata && frame.AreaSet == StorageSets.Data && _hasPerCpuLists
        && !(_place.HasActiveBlocks && frame.Has(FrameFlags.TagStorage));

    private Frame SlowPath(in Search search, ReserveRights rights)
    {
        _counters.KswapdWakes++;
        foreach (Zone zone in _order.Of(search.Node))
        {
            // kswapd takes the boost away when it has run; here it runs at once.
            zone.WatermarkBoost = 0;
        }

        Frame frame = FromZones(search, rights, atLow: false);
        if (!frame.IsNone)
        {
            return frame;
        }

        // Pages on other CPUs' lists are memory too, and one block of those kept for high orders, as long as it is not the last
        // (__alloc_pages_direct_reclaim); that one goes only when all else has failed (should_reclaim_retry).
        _counters.DirectReclaims++;
        TryUnreserve(search, force: false);
        _perCpu.DrainAll();
        frame = FromZones(search, rights, atLow: false);
        if (frame.IsNone && TryUnreserve(search, force: true))
        {
            frame = FromZones(search, rights, atLow: false);
        }

        return !frame.IsNone ? frame : FromZones(search, rights | ReserveRights.NoWatermarks, atLow: false);
    }

    private bool TryUnreserve(in Search search, bool force)
    {
        foreach (Zone zone in _order.Of(search.Node))
        {
            if (search.Allows(zone) && _highAtomic.TryUnreserve(zone, search.Type, force))
            {
                return true;
            }
        }

        return false;
    }

    private Frame FromZones(in Search search, ReserveRights rights, bool atLow)
    {
        // Only the first attempt avoids fragmentation; the slow path is past such care (gfp_to_alloc_flags).
        bool noFragment = atLow;
        Frame frame = Scan(search, rights, atLow, ref noFragment);
        if (!frame.IsNone || !noFragment)
        {
            return frame;
        }

        noFragment = false;
        return Scan(search, rights, atLow, ref noFragment);
    }

    /// <param name="noFragment">Wanted; cleared when the zone that the request begins in has no other to go to.</param>
    private Frame Scan(in Search search, ReserveRights rights, bool atLow, ref bool noFragment)
    {
        int node = -1;
        foreach (Zone zone in _order.Of(search.Node))
        {
            if (!search.Allows(zone))
            {
                continue;
            }

            if (node < 0)
            {
                node = zone.Node;
                noFragment &= zone.AvoidsFragmentation;
            }
            else if (noFragment && zone.Node != node)
            {
                // Better to fragment memory near by than to go to another node.
                return Frame.None;
            }

            bool isAboveHigh = _watchesHigh && IsAboveHigh(zone, search, rights);
            if (search.IsTagged && _buddy.Active is { } active && active.Fits(search.Order)
                && active.Take(zone, search.Cpu, search.Order) is { IsNone: false } ready)
            {
                // Watermarks are for those who could take it otherwise.
                return Hand(ready, search);
            }

            int mark = (atLow ? zone.Watermarks.Low : zone.Watermarks.Min) + (atLow ? zone.WatermarkBoost : 0);
            mark = rights == ReserveRights.None ? mark : _rules.MarkWith(rights, mark);
            if (!isAboveHigh && (rights & ReserveRights.NoWatermarks) == 0
                && !Watermark.IsMet(zone, _frames, search.Order, mark, rights, search.Verdict, search.Highest))
            {
                continue;
            }

            Frame frame = FromZone(zone, search, rights, noFragment);
            if (!frame.IsNone)
            {
                return frame;
            }
        }

        return Frame.None;
    }

    /// <summary>Above its high watermark, a zone needs no other look; the first request that finds it lower says so (6.12).</summary>
    private bool IsAboveHigh(Zone zone, in Search search, ReserveRights rights)
    {
        if (zone.IsBelowHigh)
        {
            return false;
        }

        int mark = _rules.MarkWith(rights, zone.Watermarks.High + zone.WatermarkBoost);
        bool isAbove = Watermark.IsMet(zone, _frames, search.Order, mark, rights, search.Verdict, search.Highest);
        zone.IsBelowHigh = !isAbove;
        return isAbove;
    }

    private Frame FromZone(Zone zone, in Search search, ReserveRights rights, bool noFragment)
    {
        if (search.IsTagged && _buddy.Active is { } active && active.Fits(search.Order))
        {
            bool isActive = active.TryActivate(zone, search.Cpu, search.Order);
            return isActive ? Hand(active.Take(zone, search.Cpu, search.Order), search) : Frame.None;
        }

        // A list that is not empty needs no more than this: the request for the buddy lists is made when they are asked.
        Frame frame = _place.HoldsCleanCache && search.Verdict.UseStorage ? _lists.TakeStorage(zone, search.Order) : Frame.None;
        frame = frame.IsNone && UsesPerCpu(search)
            ? _perCpu.TakeFirst(zone, search.Cpu, search.Type, search.Order, search.IsTagged) : frame;
        if (frame.IsNone)
        {
            frame = FromLists(zone, search, rights, noFragment);
        }

        if (frame.IsNone)
        {
            return Frame.None;
        }

        if (search.IsTagged && _keepsStorageFromTagged && _frames[frame].Has(FrameFlags.Untaggable))
        {
            // The law before the design: whatever list it came from, this frame cannot be tagged.
            _counters.StorageCandidatesPutBack++;
            _frames[frame].Become(FrameState.Allocated, search.Order);
            PutUnused(frame);
            return Frame.None;
        }

        Hand(frame, search);
        if ((rights & ReserveRights.HighAtomic) != 0)
        {
            _highAtomic.Reserve(zone, frame);
        }

        return frame;
    }

    private Frame FromLists(Zone zone, in Search search, ReserveRights rights, bool noFragment)
    {
        AllocationVerdict verdict = search.Verdict with { UseStorage = search.Verdict.UseStorage && !_place.HoldsCleanCache };
        TakeRequest request = new(search.Order, search.Type, SetOf(search), search.IsTagged, noFragment, verdict);
        Frame frame = UsesPerCpu(search) ? _perCpu.RefillAndTake(zone, search.Cpu, request) : Frame.None;
        return !frame.IsNone ? frame : FromBuddy(zone, search, request, rights);
    }

    private Frame FromBuddy(Zone zone, in Search search, in TakeRequest request, ReserveRights rights)
    {
        Frame frame = Frame.None;
        if ((rights & ReserveRights.HighAtomic) != 0)
        {
            frame = _lists.TakeHighAtomic(zone, search.Order);
        }

        if (frame.IsNone)
        {
            frame = _lists.Take(zone, request);
        }

        if (frame.IsNone && (rights & (ReserveRights.NonBlocking | ReserveRights.NoWatermarks)) != 0)
        {
            frame = _lists.TakeHighAtomic(zone, search.Order);
        }

        if (!frame.IsNone)
        {
            ref PageFrame taken = ref _frames[frame];
            zone.Account(taken.PerCpuType, taken.AreaSet, -(1 << search.Order));
        }

        return frame;
    }

    /// <summary>Data may have what active blocks do not need, before anybody reclaims.</summary>
    private Frame Borrow(in Search search)
    {
        bool mayBorrow = _buddy.Active is not null && search.MayBorrow;
        Frame frame = Frame.None;
        foreach (Zone zone in mayBorrow ? _order.Of(search.Node) : [])
        {
            frame = frame.IsNone && search.Allows(zone) ? Hand(_buddy.Active!.Borrow(zone, search.Type), search) : frame;
        }

        return frame;
    }

    private Frame Hand(Frame frame, in Search search)
    {
        if (!frame.IsNone)
        {
            ref PageFrame handed = ref _frames[frame];
            handed.BecomeAllocated(search.Order, search.Type == MigrateType.Movable ? FrameFlags.Movable : FrameFlags.None);
            handed.Owner = search.Owner;
            _lent.Count(frame, handed, 1);
        }

        return frame;
    }

    // A movable per-CPU list may hold CMA pages, so who may not have CMA must not look there (6.1, rmqueue); and pages of
    // storage that has lists of its own (RFC v1).
    private bool UsesPerCpu(in Search search) =>
        _hasPerCpuLists
        && PerCpuPages.Holds(search.Order, _pageBlockOrder)
        && (search.Type != MigrateType.Movable
            || ((search.Verdict.UseCma || !_keepsStorageFromTagged) && (search.Verdict.UseStorage || !_keepsToOwnLists)));

    private int SetOf(in Search search) => _place.IsGrouped && search.IsTagged ? StorageSets.Tagged : StorageSets.Data;
}
