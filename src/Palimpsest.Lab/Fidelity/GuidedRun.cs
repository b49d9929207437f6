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
    private readonly Judgement _judgement;
    private readonly Silence _silence;
    private readonly GuidedRefills _refills;
    private readonly WorkingKswapd _kswapd;
    private readonly GuidedStorage? _storage;
    private bool _wasAtWork;

    /// <param name="system">An empty system of the recorded machine: <see cref="MachineOptions.StartsEmpty"/>.</param>
    /// <param name="flags">kpageflags for the frames that no event names; null to take them as in use.</param>
    /// <param name="tallied">Events whose decisions are tallied; all are followed.</param>
    public GuidedRun(Trace trace, MemorySystem system, PageFlagsSnapshot? flags, TalliedEvents tallied)
    {
        _trace = trace;
        _system = system;
        _guided = system.Guided;
        _recorded = new RecordedFrames(trace, system.Layout, namesSteals: system.Guided.PerCpu.HighMoves);
        _judgement = new Judgement(trace, Tallies, tallied);
        _silence = new Silence(system, _recorded, Tallies);
        _own = new OwnDecisions(_guided.PerCpu, _silence, knowsFree: flags is not null);
        Concessions concessions = new(system, _recorded, Tallies);
        _refills = new GuidedRefills(trace, system, _recorded, _own, concessions, _silence, Tallies, _judgement);
        _kswapd = new WorkingKswapd(trace);
        Ranges = new GuidedRanges(trace, system);
        RecordedStart start = new(system, trace, _recorded, flags);
        start.Apply();
        FreeAtStart = start.FreeFrames;
        TypedBlocks = start.TypedBlocks;
        if (TagStorageEvents.AreIn(trace))
        {
            _storage = new GuidedStorage(trace, system, Ranges, tallied);
            _refills.Storage = _storage;
        }
    }

    /// <summary>Decisions followed so far.</summary>
    public GuidedTallies Tallies { get; } = new();

    /// <summary>Decisions about tag storage; null where the recorded kernel lent none.</summary>
    public StorageTallies? Storage => _storage?.Tallies;

    internal GuidedRanges Ranges { get; }

    /// <summary>Range allocations whose frames were all free in the model when the kernel found them so.</summary>
    public DecisionTally RangesFree => Ranges.Ranges;

    /// <summary>Range allocations out of which the model would have moved as many pages as the kernel did.</summary>
    public DecisionTally RangeMoves => Ranges.Moves;

    /// <summary>Allocations for which the model, left alone from the last correction on, takes the kernel's page.</summary>
    public DecisionTally Own => _own.Allocations;

    /// <summary>Refills of as many folios as the model would take.</summary>
    public DecisionTally OwnRefills => _own.Refills;

    /// <summary>Drains that gave back as many frames as the model would.</summary>
    public DecisionTally OwnDrains => _own.Drains;

    /// <summary>Times that the batch of a CPU was read off the recording.</summary>
    public int LimitsLearned => _own.LimitsLearned;

    /// <summary>Frames that the recording shows to have been free at its first event.</summary>
    public int FreeAtStart { get; }

    /// <summary>Pageblocks whose migratetype the recording shows.</summary>
    public int TypedBlocks { get; }

    /// <summary>The model, as the last event left it.</summary>
    public MemorySystem System => _system;

    /// <summary>Runs to the end, or up to but not including an event.</summary>
    public void Run(long stopBefore = long.MaxValue)
    {
        long end = Math.Min(stopBefore, _trace.Events.Count);
        for (long index = 0; index < end; index++)
        {
            _judgement.Index = index;
            ref readonly TraceEvent at = ref _trace.Events[index];
            if (at.Kind == TraceEventKind.RangeMigration)
            {
                Ranges.Begin(index);
                continue;
            }

            Frame frame = new(_system.Layout.FrameOf(at.Pfn));
            if (!frame.IsNone && at.Order <= _system.Frames.LargestOrder)
            {
                Follow(at, frame);
            }
        }
    }

    private void Follow(in TraceEvent at, Frame frame)
    {
        if (_kswapd.IsAtWork(_judgement.Index) is var isAtWork && isAtWork != _wasAtWork)
        {
            _guided.PerCpu.SetReclaim(isAtWork);
            _wasAtWork = isAtWork;
        }

        if (_guided.PerCpu.HighMoves)
        {
            _own.Tick(at, frame);
        }

        switch (at.Kind)
        {
            case TraceEventKind.Refill:
                _refills.Follow(at, frame);
                return;
            case TraceEventKind.ExternalFragmentation:
                _refills.FollowFallback(at, frame);
                break;
            case TraceEventKind.Allocate:
                FollowAllocation(at, frame);
                break;
            case TraceEventKind.Free:
                FollowFree(at, frame);
                break;
            case TraceEventKind.FreeBatched:
                PutOnPerCpu(at, frame, _system.Frames[frame].Order);
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
                _storage?.Follow(at, frame, _judgement.Index);
                break;
        }

        _refills.Forget(new CpuId(at.Cpu));
    }

    private void FollowAllocation(in TraceEvent at, Frame frame)
    {
        if (_refills.WasDirect(frame))
        {
            return;
        }

        int order = at.Order;
        if (!_guided.PerCpu.Holds(order))
        {
            Tallies.Contradictions++;
            _guided.ForceTake(frame, order);
            return;
        }

        MigrateType type = new AllocationRequest(_trace.GfpSets[at.Gfp], new Order(order), default, IsTagged: false, Owner: 0).Type;
        Frame head = _silence.PassHeads(frame, order, type, new CpuId(at.Cpu), _judgement.Index, upTo: frame);
        bool isPredicted = head == frame;
        if (!isPredicted)
        {
            int? position = _guided.PerCpu.Position(frame, order, type, new CpuId(at.Cpu));
            _judgement.Record(at, DecisionPath.PerCpu, type, head, frame, position > 0
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

        _storage?.Placed(at, head, frame, _judgement.Index);
        _judgement.Tally(at, DecisionPath.PerCpu, type, isPredicted, Own.Total);
        _own.Allocated(new CpuId(at.Cpu), frame, isPredicted, _judgement.IsTallied);
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
        if (isLate || !_guided.PerCpu.Holds(order) || _system.Frames.BlockType(frame) == MigrateType.Isolate)
        {
            _guided.FreeToBuddy(frame, order, _system.Frames.BlockType(frame), toTail: isLate);
            if (Ranges.Contains(frame))
            {
                Ranges.Freed(1 << order);
            }
        }
        else if (_recorded.Next(frame, _judgement.Index) == TraceEventKind.Refill && !_recorded.IsBatched(_judgement.Index))
        {
            // Taken from the buddy lists next, though no drain put it there: the trylock of the per-CPU lists failed.
            Tallies.SilentFrees++;
            _guided.FreeToBuddy(frame, order, _system.Frames.BlockType(frame), toTail: false);
        }
        else if (!_recorded.IsBatched(_judgement.Index))
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
        _own.Freed(new CpuId(at.Cpu), frame, _judgement.Index);
    }

    private void FollowDrain(in TraceEvent at, Frame frame)
    {
        int order = at.Order;
        Frame expected = _own.NextDrained(new CpuId(at.Cpu), frame, _judgement.Index, IsWorker(at));
        MigrateType type = (MigrateType)Math.Min((int)at.MigrateType, (int)MigrateType.Cma);
        _judgement.Tally(at, DecisionPath.Drain, type, expected == frame, Own.Total);
        if (expected != frame)
        {
            _silence.PassLast(frame, expected, _judgement.Index);
            _silence.PassTails(frame, _judgement.Index);
        }

        _silence.EnsureInUse(frame, order, at.Kind);
        if (at.MigrateType < MigrateTypes.PerCpuCount)
        {
            Tallies.Retyped += _guided.Agree(frame, (MigrateType)at.MigrateType) ? 1 : 0;
        }

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

    private bool IsWorker(in TraceEvent at) => _trace.Tasks[at.Task].Comm.StartsWith("kworker", StringComparison.Ordinal);
}
