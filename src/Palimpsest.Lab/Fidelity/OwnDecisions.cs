using Palimpsest.Kernel.Following;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>
/// Judges when the model would refill and drain, and how many. It stands in the recorded kernel's state at each decision,
/// which is where a model that is corrected after every miss stands too.
/// </summary>
// The limits batch and high change at boot without an event (setup_per_cpu_pageset, watermarks): the first whole refill
// and the first drain that do not fit the old limits show the new ones. Each such lesson is counted.
internal sealed class OwnDecisions(GuidedPerCpu lists)
{
    private readonly Dictionary<CpuId, Group> _groups = [];
    private readonly Dictionary<CpuId, DrainPlan> _drains = [];
    private readonly Dictionary<CpuId, (Frame Frame, long Index)> _lastFreed = [];

    public DecisionTally Allocations { get; } = new();

    public DecisionTally Refills { get; } = new();

    public DecisionTally Drains { get; } = new();

    /// <summary>Times that a limit was read off the recording.</summary>
    public int LimitsLearned { get; private set; }

    /// <summary>A page of a refill; the first of a group decides whether the model would refill now.</summary>
    public void Refilled(CpuId cpu, Frame frame, int order, bool listIsEmpty, bool isPredicted)
    {
        if (!_groups.TryGetValue(cpu, out Group? group) || group.Order != order)
        {
            EndGroup(cpu);
            _groups[cpu] = group = new Group(order, frame, listIsEmpty, lists.RefillWanted(frame, order, cpu));
        }

        group.Count++;
        group.IsPredicted &= isPredicted;
    }

    /// <summary>An allocation ends the group that filled its list.</summary>
    public void Allocated(CpuId cpu, Frame frame, bool isPredicted, bool isTallied)
    {
        bool refilledRight = EndGroup(cpu);
        if (isTallied)
        {
            Allocations.Count(isPredicted && refilledRight);
        }

        EndDrain(cpu);
        lists.CountAllocation(frame, cpu);
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
    public Frame NextDrained(CpuId cpu, Frame frame, long index)
    {
        if (!_drains.TryGetValue(cpu, out DrainPlan? plan))
        {
            _drains[cpu] = plan = BeginDrain(cpu, frame, index);
        }

        if (plan.Left <= 0)
        {
            // The kernel goes on where the model would stop.
            Drains.Count(isPredicted: false);
            _drains[cpu] = plan = BeginDrain(cpu, frame, index: -1);
        }

        return plan.Next();
    }

    /// <summary>
    /// A drain right after a free is the limit's doing; any other (drain_all_pages, a CPU going idle) empties the lists.
    /// </summary>
    private DrainPlan BeginDrain(CpuId cpu, Frame frame, long index)
    {
        PerCpuLimits limits = lists.LimitsOf(frame, cpu);
        bool isOverLimit = _lastFreed.TryGetValue(cpu, out (Frame Frame, long Index) freed) && freed.Index == index - 1;
        if (!isOverLimit)
        {
            return lists.BeginDrain(frame, cpu, limits.Count, freed: Frame.None);
        }

        // What the model counts beyond the kernel's limit are pages that left the lists silently.
        lists.SetLimits(frame, cpu, limits.Batch, limits.Batch > 1 ? limits.Count : 0);
        int wanted = lists.DrainWanted(freed.Frame, lists.OrderOf(freed.Frame), cpu);
        return lists.BeginDrain(freed.Frame, cpu, Math.Max(wanted, 1), freed.Frame);
    }

    private void EndDrain(CpuId cpu)
    {
        if (_drains.Remove(cpu, out DrainPlan? plan))
        {
            Drains.Count(isPredicted: plan.Left <= 0);
        }
    }

    private bool EndGroup(CpuId cpu)
    {
        if (!_groups.Remove(cpu, out Group? group))
        {
            return true;
        }

        bool countFits = group.Count == group.Wanted;
        if (!countFits && group.Order == 0 && group.Count > group.Wanted && System.Numerics.BitOperations.IsPow2(group.Count + 1))
        {
            lists.SetLimits(group.Frame, cpu, group.Count, lists.LimitsOf(group.Frame, cpu).High);
            LimitsLearned++;
            countFits = true;
        }

        bool isRight = group.ListIsEmpty && countFits && group.IsPredicted;
        Refills.Count(isRight);
        return isRight;
    }

    private sealed class Group(int order, Frame frame, bool listIsEmpty, int wanted)
    {
        public int Order => order;

        public Frame Frame => frame;

        public bool ListIsEmpty => listIsEmpty;

        public int Wanted => wanted;

        public int Count { get; set; }

        public bool IsPredicted { get; set; } = true;
    }
}
