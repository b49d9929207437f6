using Palimpsest.Kernel.Following;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>
/// Judges when the model would refill and drain, and how many. It stands in the recorded kernel's state at each decision,
/// which is where a model that is corrected after every miss stands too.
/// </summary>
/// <param name="knowsFree">All that is free is known, so a zone below its high watermark is found.</param>
// The limits batch and high change at boot without an event (setup_per_cpu_pageset, watermarks): the first whole refill
// and the first drain that do not fit the old limits show the new ones. Each such lesson is counted.
internal sealed class OwnDecisions(GuidedPerCpu lists, Silence silence, bool knowsFree)
{
    private const long SecondNs = 1_000_000_000;

    private readonly Dictionary<CpuId, Group> _groups = [];
    private readonly Dictionary<CpuId, DrainInProgress> _drains = [];
    private readonly Dictionary<CpuId, (Frame Frame, long Index)> _lastFreed = [];
    private readonly Dictionary<CpuId, long> _nextDecay = [];

    public DecisionTally Allocations { get; } = new();

    public DecisionTally Refills { get; } = new();

    public DecisionTally Drains { get; } = new();

    /// <summary>Times that a limit was read off the recording.</summary>
    public int LimitsLearned { get; private set; }

    /// <summary>Is the last that happened on a CPU a page of a refill of this order?</summary>
    public bool IsRefilling(CpuId cpu, int order) => _groups.TryGetValue(cpu, out Group? group) && group.Order == order;

    /// <summary>
    /// Once a second the worker of vmstat lowers the limit of a CPU's lists; what it drains then is recorded, that it lowered the
    /// limit is not.
    /// </summary>
    public void Tick(in TraceEvent at, Frame near)
    {
        CpuId cpu = new(at.Cpu);
        if (!_nextDecay.TryGetValue(cpu, out long next))
        {
            _nextDecay[cpu] = at.TimeNs + SecondNs;
        }
        else if (at.TimeNs >= next)
        {
            lists.Decay(near, cpu);
            _nextDecay[cpu] = at.TimeNs - (at.TimeNs - next) % SecondNs + SecondNs;
        }
    }

    /// <summary>A page of a refill; the first of a group decides whether the model would refill now.</summary>
    public void Refilled(CpuId cpu, Frame frame, int order, bool listIsEmpty, bool isPredicted)
    {
        if (!_groups.TryGetValue(cpu, out Group? group) || group.Order != order)
        {
            EndGroup(cpu);
            EndDrain(cpu);
            lists.CountAllocation(frame, cpu);
            PerCpuMark mark = lists.MarkOf(frame, cpu);
            _groups[cpu] = group = new Group(order, frame, listIsEmpty, lists.RefillWanted(frame, order, cpu)) { Mark = mark };
        }

        group.Count++;
        group.IsPredicted &= isPredicted;
    }

    /// <summary>An allocation ends the group that filled its list.</summary>
    public void Allocated(CpuId cpu, Frame frame, bool isPredicted, bool isTallied)
    {
        bool isCounted = _groups.TryGetValue(cpu, out Group? group);
        bool wentPast = isCounted && lists.HighMoves && group!.Count == 1 && group.Wanted > 1 && group.Frame == frame;
        bool refilledRight = wentPast ? TakeBack(cpu) : EndGroup(cpu);
        if (isTallied)
        {
            Allocations.Count(isPredicted && refilledRight);
        }

        EndDrain(cpu);
        if (!isCounted)
        {
            lists.CountAllocation(frame, cpu);
            if (knowsFree)
            {
                lists.WatchHigh(frame);
            }
        }
    }

    /// <summary>A direct request: the buddy lists decide alone.</summary>
    public void AllocatedFromBuddy(CpuId cpu, bool isPredicted, bool isTallied)
    {
        EndGroup(cpu);
        EndDrain(cpu);
        if (isTallied)
        {
            Allocations.Count(isPredicted);
        }
    }

    /// <summary>A folio was put on a CPU's lists by an event.</summary>
    public void Freed(CpuId cpu, Frame frame, long index)
    {
        EndGroup(cpu);
        EndDrain(cpu);
        _lastFreed[cpu] = (frame, index);
    }

    /// <summary>The folio that the model would drain next, now that the kernel drains one.</summary>
    /// <param name="frame">The one that the kernel drains.</param>
    /// <param name="isWorker">By a kernel worker.</param>
    public Frame NextDrained(CpuId cpu, Frame frame, long index, bool isWorker)
    {
        if (!_drains.TryGetValue(cpu, out DrainInProgress? drain))
        {
            _drains[cpu] = drain = BeginDrain(cpu, frame, index, isWorker);
        }

        if (drain.Plan.Left <= 0)
        {
            // The kernel goes on where the model would stop; or with the lists of the next CPU (drain_all_pages).
            bool isNext = drain.IsWhole && lists.CpuOf(frame) is { } other && other != drain.Lists;
            Drains.Count(isPredicted: isNext);
            _lastFreed.Remove(cpu);
            _drains[cpu] = drain = BeginDrain(cpu, frame, index, isWorker: false);
        }

        drain.Given += 1 << lists.OrderOf(frame);
        drain.CountAfter = lists.LimitsOf(frame, drain.Lists).Count - (1 << lists.OrderOf(frame));
        return drain.Plan.Next();
    }

    /// <summary>
    /// A drain right after a free is the limit's doing, and one by a worker may be; any other (drain_all_pages, a CPU going idle)
    /// empties the lists of one CPU after the other, which the recording does not name.
    /// </summary>
    private DrainInProgress BeginDrain(CpuId cpu, Frame frame, long index, bool isWorker)
    {
        silence.PassLast(frame, cpu, index);
        bool isOverLimit = _lastFreed.TryGetValue(cpu, out (Frame Frame, long Index) freed)
            && freed.Index == index - 1 && lists.IsOverLimit(freed.Frame, cpu, frame);
        if (isOverLimit)
        {
            (int wanted, bool isByRules) = lists.DrainAfterFree(freed.Frame, lists.OrderOf(freed.Frame), cpu);
            LimitsLearned += isByRules ? 0 : 1;
            return new DrainInProgress(frame, cpu, lists.BeginDrain(freed.Frame, cpu, Math.Max(wanted, 1), freed.Frame));
        }

        if (isWorker && lists.HighMoves)
        {
            _nextDecay.Remove(cpu);
            return new DrainInProgress(frame, cpu, lists.BeginDrain(frame, cpu, lists.Decay(frame, cpu), freed: Frame.None))
            {
                IsDecay = true,
            };
        }

        CpuId drained = lists.CpuOf(frame) ?? cpu;
        silence.PassLast(frame, drained, index);
        int count = lists.LimitsOf(frame, drained).Count;
        return new DrainInProgress(frame, drained, lists.BeginDrain(frame, drained, count, freed: Frame.None)) { IsWhole = true };
    }

    private void EndDrain(CpuId cpu)
    {
        if (!_drains.Remove(cpu, out DrainInProgress? drain))
        {
            return;
        }

        bool isPredicted = drain.Plan.Left <= 0;
        Drains.Count(isPredicted);
        if (drain.IsDecay)
        {
            lists.EndDecay(drain.Near, drain.Lists, drain.CountAfter);
        }
        else if (!isPredicted && !drain.IsWhole)
        {
            lists.LearnDrain(drain.Near, drain.Lists, drain.Given);
        }
    }

    /// <summary>One page where more were due, for the request that is reported next: it went past the lists.</summary>
    private bool TakeBack(CpuId cpu)
    {
        _groups.Remove(cpu, out Group? group);
        lists.TakeBack(group!.Frame, cpu, group.Mark);
        return group.IsPredicted;
    }

    private bool EndGroup(CpuId cpu)
    {
        if (!_groups.Remove(cpu, out Group? group))
        {
            return true;
        }

        bool countFits = group.Count == group.Wanted;
        if (!countFits && lists.LearnRefill(group.Frame, cpu, group.Order, group.Count, group.Wanted))
        {
            LimitsLearned++;
            countFits = true;
        }

        bool isRight = group.ListIsEmpty && countFits;
        Refills.Count(isRight);
        return isRight && group.IsPredicted;
    }

    private sealed class Group(int order, Frame frame, bool listIsEmpty, int wanted)
    {
        public int Order => order;

        public Frame Frame => frame;

        public bool ListIsEmpty => listIsEmpty;

        public int Wanted => wanted;

        public PerCpuMark Mark { get; init; }

        public int Count { get; set; }

        public bool IsPredicted { get; set; } = true;
    }

    /// <param name="near">A frame of the zone.</param>
    /// <param name="drained">The CPU whose lists are drained.</param>
    private sealed class DrainInProgress(Frame near, CpuId drained, DrainPlan plan)
    {
        public Frame Near => near;

        public CpuId Lists => drained;

        public DrainPlan Plan => plan;

        /// <summary>Frames that the kernel gave back until now.</summary>
        public int Given { get; set; }

        /// <summary>Frames that are on the lists when the folio drained last has left them.</summary>
        public int CountAfter { get; set; }

        /// <summary>The lists are emptied.</summary>
        public bool IsWhole { get; init; }

        /// <summary>The worker of vmstat drains what is over a limit that it has lowered.</summary>
        public bool IsDecay { get; init; }
    }
}
