using Palimpsest.Kernel;
using Palimpsest.Kernel.Contiguous;
using Palimpsest.Kernel.Following;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>
/// Follows a recording event by event. Before each, the model says which frame it would take; after each, it is in the
/// recorded kernel's state, whatever it said.
/// </summary>
public sealed class GuidedRun
{
    private readonly Trace _trace;
    private readonly MemorySystem _system;
    private readonly GuidedAllocator _guided;
    private readonly RecordedFrames _recorded;
    private readonly OwnDecisions _own;
    private readonly Concessions _concessions;
    private readonly TalliedEvents _tallied;
    private readonly Silence _silence;
    private readonly GuidedStorage? _storage;
    private readonly HashSet<Frame> _direct = [];
    private long _index;
    private long _origin;

    /// <param name="system">An empty system of the recorded machine: <see cref="MachineOptions.StartsEmpty"/>.</param>
    /// <param name="flags">kpageflags for the frames that no event names; null to take them as in use.</param>
    /// <param name="tallied">Events whose decisions are tallied; all are followed.</param>
    public GuidedRun(Trace trace, MemorySystem system, PageFlagsSnapshot? flags, TalliedEvents tallied)
    {
        _tallied = tallied;
        _trace = trace;
        _system = system;
        _guided = system.Guided;
        _recorded = new RecordedFrames(trace, system.Layout);
        _own = new OwnDecisions(_guided.PerCpu);
        _concessions = new Concessions(system, _recorded, Tallies);
        _silence = new Silence(system, _recorded, Tallies);
        Ranges = new GuidedRanges(trace, system);
        RecordedStart start = new(system, trace, _recorded, flags);
        start.Apply();
        FreeAtStart = start.FreeFrames;
        TypedBlocks = start.TypedBlocks;
        if (GuidedStorage.IsIn(trace))
        {
            _storage = new GuidedStorage(trace, system, Ranges, tallied);
        }
    }

    public GuidedTallies Tallies { get; } = new();

    /// <summary>Decisions about tag storage; null where the recorded kernel lent none.</summary>
    public StorageTallies? Storage => _storage?.Tallies;

    internal GuidedRanges Ranges { get; }

    /// <summary>Range allocations whose frames were all free in the model when the kernel found them so.</summary>
    public DecisionTally RangesFree => Ranges.Ranges;

    /// <summary>Range allocations out of which the model would have moved as many pages as the kernel did.</summary>
    public DecisionTally RangeMoves => Ranges.Moves;

    public DecisionTally Own => _own.Allocations;

    public DecisionTally OwnRefills => _own.Refills;

    /// <summary>Drains that gave back as many frames as the model would.</summary>
    public DecisionTally OwnDrains => _own.Drains;

    /// <summary>Times that the batch of a CPU was read off the recording.</summary>
    public int LimitsLearned => _own.LimitsLearned;

    public int FreeAtStart { get; }

    public int TypedBlocks { get; }

    public MemorySystem System => _system;

    /// <summary>Runs to the end, or up to but not including an event.</summary>
    public void Run(long stopBefore = long.MaxValue)
    {
        _origin = _trace.Events.Count == 0 ? 0 : _trace.Events[0].TimeNs;
        long end = Math.Min(stopBefore, _trace.Events.Count);
        for (_index = 0; _index < end; _index++)
        {
            ref readonly TraceEvent at = ref _trace.Events[_index];
            if (at.Kind == TraceEventKind.RangeMigration)
            {
                Ranges.Begin(_index);
                continue;
            }

            Frame frame = new(_system.Layout.FrameOf(at.Pfn));
            if (!frame.IsNone && at.Order <= Order.Max)
            {
                Follow(at, frame);
            }
        }
    }

    private bool IsTallied => _tallied.Has(_trace.Events[_index]);

    private void Follow(in TraceEvent at, Frame frame)
    {
        switch (at.Kind)
        {
            case TraceEventKind.Refill:
                FollowRefill(at, frame);
                break;
            case TraceEventKind.Allocate:
                FollowAllocation(at, frame);
                break;
            case TraceEventKind.Free:
                FollowFree(at, frame);
                break;
            case TraceEventKind.FreeBatched:
                PutOnPerCpu(at, frame, order: 0);
                break;
            case TraceEventKind.Drain:
                FollowDrain(at, frame);
                break;
            case TraceEventKind.CmaAllocate:
                FollowRange(at, frame);
                break;
            case TraceEventKind.FreeIsolated when !Ranges.Isolates(at.Task):
                _silence.TakeForCompaction(frame, at.Value);
                break;
            case TraceEventKind.RangeIsolated:
                Ranges.Finish(frame, at.Value);
                break;
            default:
                _storage?.Follow(at, frame, _index);
                break;
        }
    }

    private void FollowRefill(in TraceEvent at, Frame frame)
    {
        int order = at.Order;
        MigrateType type = at.MigrateType < MigrateTypes.PerCpuCount ? (MigrateType)at.MigrateType : MigrateType.Movable;
        bool isTagged = _recorded.IsForTags(_index);
        bool isDirect = isTagged || !HoldsOnPerCpu(order);
        DecisionPath path = isDirect ? DecisionPath.Buddy : DecisionPath.Refill;
        bool wasEmpty = !isDirect && _silence.PassHeads(frame, order, type, new CpuId(at.Cpu), _index).IsNone;
        bool isFree = _guided.IsFree(frame, order);
        if (!isFree)
        {
            _concessions.GiveBack(frame, _index);
        }

        (Frame chunk, int chunkOrder) = _guided.ChunkOf(frame);
        Frame proposed = _guided.Propose(frame, order, type, useCma: type == MigrateType.Movable && !isTagged);
        bool isPredicted = isFree && proposed == frame;
        if (!isPredicted)
        {
            string cause = !isFree ? "the model has the kernel's frame in use"
                : $"the kernel's chunk of order {chunkOrder} at {_system.Layout.PfnOf(chunk.Index)} is further back in the model, "
                    + "or on another list";
            Record(at, path, type, proposed, frame, cause);
            if (!proposed.IsNone)
            {
                _guided.FreeToBuddy(proposed, order, _system.Frames.BlockType(proposed), toTail: false);
                if (proposed != frame)
                {
                    _concessions.Concede(frame, proposed, order, type, chunk.IsNone ? -1 : chunkOrder, _index);
                }
            }

            if (!_guided.TryTake(frame, order))
            {
                Tallies.Contradictions++;
                _guided.ForceTake(frame, order);
            }
        }

        Tally(at, path, type, isPredicted);
        if (isDirect && !isTagged)
        {
            _storage?.Placed(at, proposed, frame, _index);
        }

        if (isDirect)
        {
            _direct.Add(frame);
            _own.AllocatedFromBuddy(new CpuId(at.Cpu), isPredicted, IsTallied);
            return;
        }

        _own.Refilled(new CpuId(at.Cpu), frame, order, wasEmpty, isPredicted);
        _guided.PerCpu.Refilled(frame, order, type, new CpuId(at.Cpu));
    }

    private void FollowAllocation(in TraceEvent at, Frame frame)
    {
        if (_direct.Remove(frame))
        {
            return;
        }

        int order = at.Order;
        if (!HoldsOnPerCpu(order))
        {
            Tallies.Contradictions++;
            _guided.ForceTake(frame, order);
            return;
        }

        MigrateType type = new AllocationRequest(_trace.GfpSets[at.Gfp], new Order(order), default, IsTagged: false, Owner: 0).Type;
        Frame head = _silence.PassHeads(frame, order, type, new CpuId(at.Cpu), _index, upTo: frame);
        bool isPredicted = head == frame;
        if (!isPredicted)
        {
            int? position = _guided.PerCpu.Position(frame, order, type, new CpuId(at.Cpu));
            Record(at, DecisionPath.PerCpu, type, head, frame, position > 0
                ? $"the kernel's frame is number {position} of the list in the model: what lies before it left the list, or came to it, "
                    + "without an event"
                : "the kernel's frame is not on this list in the model: the type of its pageblock, or its CPU, is not what the model "
                    + "thinks");
            _silence.TakeAnyway(frame, order);
        }
        else
        {
            _guided.PerCpu.Remove(frame);
        }

        _storage?.Placed(at, head, frame, _index);
        Tally(at, DecisionPath.PerCpu, type, isPredicted);
        _own.Allocated(new CpuId(at.Cpu), frame, isPredicted, IsTallied);
    }

    private void FollowFree(in TraceEvent at, Frame frame)
    {
        int order = at.Order;
        _storage?.Freed(frame, 1 << order);
        if (_system.Frames.BlockType(frame) == MigrateType.Cma && _guided.IsFree(frame, order))
        {
            // alloc_contig_range takes whole free chunks and frees what it took too much.
            Tallies.RangeSurplus++;
            return;
        }

        _silence.EnsureInUse(frame, order, at.Kind);
        bool isLate = _trace.Tasks[at.Task].Comm.StartsWith(RecordedStart.LateInitialiser, StringComparison.Ordinal);
        if (isLate || !HoldsOnPerCpu(order) || _system.Frames.BlockType(frame) == MigrateType.Isolate)
        {
            _guided.FreeToBuddy(frame, order, _system.Frames.BlockType(frame), toTail: isLate);
            if (Ranges.Contains(frame))
            {
                Ranges.Freed(1 << order);
            }
        }
        else if (_recorded.Next(frame, _index) == TraceEventKind.Refill && !_recorded.IsBatched(_index))
        {
            // Taken from the buddy lists next, though no drain put it there: the trylock of the per-CPU lists failed.
            Tallies.SilentFrees++;
            _guided.FreeToBuddy(frame, order, _system.Frames.BlockType(frame), toTail: false);
        }
        else if (!_recorded.IsBatched(_index))
        {
            PutOnPerCpu(at, frame, order);
        }
    }

    private void PutOnPerCpu(in TraceEvent at, Frame frame, int order)
    {
        if (_system.Frames[frame].State != FrameState.Allocated)
        {
            Tallies.Contradictions++;
            return;
        }

        _guided.PerCpu.Freed(frame, order, new CpuId(at.Cpu));
        _own.Freed(new CpuId(at.Cpu), frame, _index);
    }

    private void FollowDrain(in TraceEvent at, Frame frame)
    {
        int order = at.Order;
        Frame expected = _own.NextDrained(new CpuId(at.Cpu), frame, _index);
        Tally(at, DecisionPath.Drain, (MigrateType)Math.Min((int)at.MigrateType, (int)MigrateType.Cma), expected == frame);
        _silence.EnsureInUse(frame, order, at.Kind);
        _guided.FreeToBuddy(frame, order, DrainedType(at, frame), toTail: false);
    }

    /// <summary>Without CONFIG_CMA, the number that stands for CMA elsewhere is Isolate; a page goes where its block is.</summary>
    private MigrateType DrainedType(in TraceEvent at, Frame frame) =>
        at.MigrateType < MigrateTypes.PerCpuCount ? (MigrateType)at.MigrateType : _system.Frames.BlockType(frame);

    /// <summary>A driver took a range: what was in it has been moved out by events of its own.</summary>
    private void FollowRange(in TraceEvent at, Frame frame)
    {
        bool isTaken = _system.AllocateRange(frame, at.Value, new CpuId(at.Cpu)) == RangeOutcome.Done;
        Tallies.Contradictions += isTaken ? 0 : 1;
        for (Frame part = frame; part < frame + at.Value && !isTaken; part++)
        {
            _silence.EnsureInUse(part, 0, at.Kind);
        }
    }

    private bool HoldsOnPerCpu(int order) => order <= Order.Costly || order == _system.Frames.PageBlockOrder;

    private void Tally(in TraceEvent at, DecisionPath path, MigrateType type, bool isPredicted)
    {
        if (IsTallied)
        {
            Tallies.Count(new DecisionKind(path, at.Order, type), at.TimeNs - _origin, isPredicted, Own.Total);
        }
    }

    private void Record(in TraceEvent at, DecisionPath path, MigrateType type, Frame model, Frame kernel, string cause)
    {
        if (IsTallied)
        {
            Tallies.Record(new Miss(_index, at.TimeNs, path, at.Order, type, model, kernel, cause));
        }
    }
}
