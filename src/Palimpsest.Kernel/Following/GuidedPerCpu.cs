using System.Numerics;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.PageAllocator.Rules;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Following;

/// <summary>The per-CPU lists of a model that follows a recording: moved by recorded events, judged by the rules of its release.</summary>
public sealed class GuidedPerCpu
{
    private readonly FrameTable _frames;
    private readonly Zone[] _zones;
    private readonly Buddy _buddy;
    private readonly AllocatorRules _rules;
    private readonly Dictionary<PerCpuPages, PerCpuState> _limits = [];
    private readonly Dictionary<PerCpuPages, Afterthought> _afterthoughts = [];

    internal GuidedPerCpu(FrameTable frames, Zone[] zones, Buddy buddy, AllocatorRules rules)
    {
        _frames = frames;
        _zones = zones;
        _buddy = buddy;
        _rules = rules;
    }

    /// <summary>The limits of a CPU's lists move with their use.</summary>
    public bool HighMoves => _rules.Steps.HighMoves;

    /// <summary>Do the lists hold folios of an order?</summary>
    public bool Holds(int order) => PerCpuPages.Holds(order, _frames.PageBlockOrder);

    /// <summary>Puts a folio in use at the tail of a list, as a refill does.</summary>
    public void Refilled(Frame frame, int order, MigrateType listType, CpuId cpu)
    {
        PerCpuPages pages = Of(frame, cpu);
        _frames[frame].Become(FrameState.PerCpu, order);
        _frames[frame].Owner = cpu.Index;
        _frames.AddLast(_frames.ListHead(pages.ListOf(pages.Index(listType, order))), frame);
        pages.State.Count += 1 << order;
    }

    /// <summary>Puts a folio in use at the head of a list, as a free does, without draining.</summary>
    public void Freed(Frame frame, int order, CpuId cpu)
    {
        PerCpuPages pages = Of(frame, cpu);
        Settle(pages);
        _frames[frame].BecomeListed(FrameState.PerCpu, order, _frames.BlockType(frame));
        _frames[frame].Owner = cpu.Index;
        _frames.AddFirst(_frames.ListHead(pages.ListOf(IndexOf(frame, pages))), frame);
        pages.State.CountFree(order);
        if (HighMoves)
        {
            PerCpuState before = pages.State;
            _afterthoughts[pages] = new Afterthought(before, _rules.DrainWanted(ref pages.State, order));
        }
    }

    /// <summary>Takes a folio off whatever list it is on; it is in use then.</summary>
    // A folio on a list has no owner, so the field says whose list it is.
    public void Remove(Frame frame)
    {
        int order = _frames[frame].Order;
        _frames.Remove(frame);
        _frames[frame].Become(FrameState.Allocated, order);
        Of(frame, new CpuId(_frames[frame].Owner)).State.Count -= 1 << order;
    }

    /// <summary>First folio of a list, or none.</summary>
    /// <param name="near">A frame of the zone.</param>
    public Frame First(Frame near, int order, MigrateType type, CpuId cpu)
    {
        Frame head = HeadOf(near, order, type, cpu);
        return _frames.IsEmpty(head) ? Frame.None : _frames.First(head);
    }

    /// <summary>Last folio of the list that a folio is on.</summary>
    public Frame LastBeside(Frame frame) => _frames.Last(HeadBeside(frame));

    /// <summary>The folio before one on the list that it is on; none when it is the first.</summary>
    public Frame BeforeBeside(Frame frame) => _frames.Before(frame) is var before && before == HeadBeside(frame) ? Frame.None : before;

    /// <summary>Moves a folio to the head of the list that it is on.</summary>
    public void MoveFirst(Frame frame)
    {
        Frame head = HeadBeside(frame);
        _frames.Remove(frame);
        _frames.AddFirst(head, frame);
    }

    /// <summary>Position of a folio on its list, 0 for the first; null when it is not on that list.</summary>
    public int? Position(Frame frame, int order, MigrateType type, CpuId cpu)
    {
        Frame head = HeadOf(frame, order, type, cpu);
        int position = 0;
        for (Frame at = _frames.First(head); at != head; at = _frames.After(at), position++)
        {
            if (at == frame)
            {
                return position;
            }
        }

        return null;
    }

    /// <summary>The first folios of a list, at most <paramref name="most"/>.</summary>
    public IReadOnlyList<Frame> List(Frame near, int order, MigrateType type, CpuId cpu, int most) =>
        _frames.FirstOf(HeadOf(near, order, type, cpu), most);

    /// <summary>The CPU on whose lists a folio is; null when it is on none.</summary>
    public CpuId? CpuOf(Frame frame) => _frames[frame].State == FrameState.PerCpu ? new CpuId(_frames[frame].Owner) : null;

    /// <summary>Folios that a refill of an empty list would ask for.</summary>
    public int RefillWanted(Frame near, int order, CpuId cpu)
    {
        PerCpuPages pages = Of(near, cpu);
        Settle(pages);
        return _rules.RefillWanted(ref pages.State, order);
    }

    /// <summary>
    /// A refill that took other than was wanted tells the batch, and where the limit moves, what the CPU's lists were at.
    /// </summary>
    /// <returns>Page sets of the boot were exchanged for others: that is no miss.</returns>
    public bool LearnRefill(Frame near, CpuId cpu, int order, int taken, int wanted)
    {
        ref PerCpuState state = ref Of(near, cpu).State;
        bool isBatch = order == 0 && taken > wanted && BitOperations.IsPow2(taken + 1);
        if (!HighMoves)
        {
            state.Batch = isBatch ? taken : state.Batch;
            return isBatch;
        }

        if (state.Batch == 1 && isBatch)
        {
            EndBoot(Of(near, cpu), taken);
            return true;
        }

        _rules.LearnRefill(ref state, order, taken);
        return false;
    }

    /// <summary>
    /// Is a drain that begins with a folio right after a free the limit's doing? Where the limit moves, it is if the rules wanted
    /// one, or if it begins with another list than one that empties them all would.
    /// </summary>
    public bool IsOverLimit(Frame freed, CpuId cpu, Frame drained)
    {
        PerCpuPages pages = Of(freed, cpu);
        return !HighMoves || (_afterthoughts.TryGetValue(pages, out Afterthought thought) && thought.Wanted > 0)
            || FirstOfAll(freed, cpu) != drained;
    }

    /// <summary>The folio that a drain of all lists of a CPU begins with; none when they are empty.</summary>
    public Frame FirstOfAll(Frame near, CpuId cpu)
    {
        PerCpuPages pages = Of(near, cpu);
        return pages.State.Count > 0 ? new DrainCursor(_frames, pages, pages.State.Count, 0).Next() : Frame.None;
    }

    /// <summary>Frames that the CPU gives back now that a folio of an order was put on its lists; 0 for none.</summary>
    public int DrainWanted(Frame near, int order, CpuId cpu) =>
        !HighMoves ? _rules.DrainWanted(ref Of(near, cpu).State, order)
        : _afterthoughts.Remove(Of(near, cpu), out Afterthought thought) ? thought.Wanted : 0;

    /// <summary>
    /// Frames that the CPU gives back now that the kernel begins to, right after a folio of an order was put on its lists.
    /// </summary>
    /// <returns>And whether the rules alone had come to it; else the limit was where the lists are.</returns>
    // What the model counts beyond the kernel's limit are pages that left the lists silently.
    public (int Frames, bool IsByRules) DrainAfterFree(Frame near, int order, CpuId cpu)
    {
        PerCpuPages pages = Of(near, cpu);
        ref PerCpuState state = ref pages.State;
        if (!HighMoves)
        {
            return DrainAtLimit(ref state, order);
        }

        bool followedHigh = _afterthoughts.TryGetValue(pages, out Afterthought thought) && thought.Before.FollowsHighFree;
        if (DrainWanted(near, order, cpu) is var wanted and > 0)
        {
            return (wanted, true);
        }

        int least = state.HighLeast;
        state.High = state.Batch > 1 ? state.Count : 0;
        state.HighLeast = Math.Min(least, state.High);
        state.FollowsHighFree = followedHigh;
        int frames = _rules.DrainWanted(ref state, order);
        state.HighLeast = least;
        return (frames, false);
    }

    /// <summary>
    /// Where the limit stands still, it is where a drain begins, and a drain well below it tells that kswapd is at work
    /// (nr_pcp_high, 6.1).
    /// </summary>
    private (int Frames, bool IsByRules) DrainAtLimit(ref PerCpuState state, int order)
    {
        (int known, ZonePressure pressure) = (state.HighMost, state.Pressure);
        bool isPressed = (pressure & ZonePressure.Reclaim) != 0;
        bool isShort = state.Count >= state.Batch << 2 && state.Count < known - (known >> 3);
        bool isReached = state.Count >= known && state.Count - (1 << order) < known;
        state.High = isShort || isReached ? known : state.Batch > 1 ? state.Count : 0;
        state.Pressure |= isShort ? ZonePressure.Reclaim : ZonePressure.None;
        int frames = _rules.DrainWanted(ref state, order);
        bool isByRules = state.High == known && isPressed == ((state.Pressure & ZonePressure.Reclaim) != 0);
        (state.HighMost, state.Pressure) = (state.High, pressure);
        return (frames, isByRules);
    }

    /// <summary>What a refill was thought to be was a request that went past the lists: their state is as before.</summary>
    public void TakeBack(Frame near, CpuId cpu, PerCpuMark mark)
    {
        ref PerCpuState state = ref Of(near, cpu).State;
        (state.High, state.AllocFactor) = (mark.High, mark.AllocFactor);
    }

    /// <summary>What a refill moves besides the lists.</summary>
    public PerCpuMark MarkOf(Frame near, CpuId cpu)
    {
        PerCpuState state = Of(near, cpu).State;
        return new PerCpuMark(state.High, state.AllocFactor);
    }

    /// <summary>A drain that gave back other than was wanted.</summary>
    public void LearnDrain(Frame near, CpuId cpu, int given) => _rules.LearnDrain(ref Of(near, cpu).State, given);

    /// <summary>Frames that the worker of vmstat gives back now.</summary>
    public int Decay(Frame near, CpuId cpu)
    {
        PerCpuPages pages = Of(near, cpu);
        Settle(pages);
        return _rules.Decay(ref pages.State);
    }

    /// <summary>The worker of vmstat has given back what was over the limit.</summary>
    /// <param name="count">Frames that were left on the lists.</param>
    public void EndDecay(Frame near, CpuId cpu, int count)
    {
        ref PerCpuState state = ref Of(near, cpu).State;
        state.High = Math.Max(count, state.HighLeast);
    }

    /// <summary>The folios that a drain frees, in order; the caller takes each off before it asks for the next.</summary>
    /// <param name="freed">The folio just freed, whose list comes first; or none to begin with the first list.</param>
    public DrainPlan BeginDrain(Frame near, CpuId cpu, int count, Frame freed)
    {
        int index = freed.IsNone ? 0 : IndexOf(freed, Of(near, cpu));
        return new DrainPlan(new DrainCursor(_frames, Of(near, cpu), count, index));
    }

    /// <summary>An allocation from a CPU's lists halves what its next drain gives back.</summary>
    public void CountAllocation(Frame near, CpuId cpu)
    {
        PerCpuPages pages = Of(near, cpu);
        Settle(pages);
        pages.State.CountAllocation();
    }

    /// <summary>Says that kswapd is at work, or no more.</summary>
    public void SetReclaim(bool isActive)
    {
        foreach (Zone zone in _zones)
        {
            zone.Press(ZonePressure.Reclaim, isActive);
        }
    }

    /// <summary>Looks whether a zone is above its high watermark, as an allocation does.</summary>
    public void WatchHigh(Frame near)
    {
        Zone zone = _buddy.ZoneOf(near);
        zone.IsBelowHigh = HighMoves && !Watermark.IsAboveHigh(zone);
    }

    /// <summary>Frames on a CPU's lists, and the limits they have.</summary>
    public PerCpuLimits LimitsOf(Frame near, CpuId cpu)
    {
        PerCpuState state = Of(near, cpu).State;
        return new PerCpuLimits(state.Count, state.Batch, state.High);
    }

    /// <summary>Before setup_per_cpu_pageset, batch is 1 and high is 0.</summary>
    public void BeginBoot(Frame near, CpuId cpu)
    {
        PerCpuPages pages = Of(near, cpu);
        ref PerCpuState state = ref pages.State;
        _limits[pages] = state;
        state.Batch = 1;
        state.High = state.HighLeast = state.HighMost = 0;
    }

    /// <summary>Buddy order of the folio that begins at a frame, as the model has it.</summary>
    public int OrderOf(Frame frame) => _frames[frame].Order;

    private PerCpuPages Of(Frame near, CpuId cpu) => _buddy.ZoneOf(near).PerCpu[cpu.Index];

    private Frame HeadBeside(Frame frame)
    {
        PerCpuPages pages = Of(frame, new CpuId(_frames[frame].Owner));
        return _frames.ListHead(pages.ListOf(IndexOf(frame, pages)));
    }

    /// <summary>No drain followed the last free: where the model wanted one, its limit was no less than the kernel's.</summary>
    private void Settle(PerCpuPages pages)
    {
        if (_afterthoughts.Remove(pages, out Afterthought thought) && thought.Wanted > 0)
        {
            pages.State.High = thought.Before.High;
        }
    }

    private void EndBoot(PerCpuPages pages, int batch)
    {
        PerCpuState limits = _limits[pages];
        ref PerCpuState state = ref pages.State;
        state.Batch = batch;
        (state.HighLeast, state.HighMost) = (limits.HighLeast, limits.HighMost);
        state.High = batch << 2;
        _rules.RefillWanted(ref state, order: 0);
    }

    private Frame HeadOf(Frame near, int order, MigrateType type, CpuId cpu)
    {
        PerCpuPages pages = Of(near, cpu);
        return _frames.ListHead(pages.ListOf(pages.Index(type, order)));
    }

    private int IndexOf(Frame frame, PerCpuPages pages)
    {
        MigrateType type = _frames[frame].PerCpuType;
        return pages.Index((int)type < MigrateTypes.PerCpuCount ? type : MigrateType.Movable, _frames[frame].Order);
    }

    /// <summary>What the rules made of the last free, for when a drain follows it.</summary>
    private readonly record struct Afterthought(PerCpuState Before, int Wanted);
}

/// <summary>Frames on a CPU's lists in one zone, and the batch and high limits.</summary>
public readonly record struct PerCpuLimits(int Count, int Batch, int High);

/// <summary>What a refill moves of a CPU's lists besides what is on them.</summary>
public readonly record struct PerCpuMark(int High, int AllocFactor);
