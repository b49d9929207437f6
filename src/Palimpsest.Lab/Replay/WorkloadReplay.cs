using Palimpsest.Kernel;
using Palimpsest.Kernel.Contiguous;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Courses;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Replay;

/// <summary>
/// Runs a workload on a memory system. Pages have the names that the recording gave them; the map from names to frames
/// follows wherever the design puts them and the kernel moves them.
/// </summary>
internal sealed class WorkloadReplay : IOwnerMap
{
    private const int Nowhere = -1;
    private const long SecondNs = 1_000_000_000;

    private readonly Workload _workload;
    private readonly int[] _frameOf;
    private readonly ReadAheadPages? _readAhead;
    private readonly MemorySystem _system;
    private readonly CostTable _costs;
    private readonly ReplayedCompaction _compaction;
    private readonly FillingCache? _cache;
    private int _next;
    private long _nextSecond = SecondNs;

    /// <param name="full">How a page cache keeps memory full; null where there is only what was recorded.</param>
    public WorkloadReplay(Workload workload, MemoryLayout layout, Kernel.Ports.Design design, MachineOptions options, CostTable costs,
        FullMachine? full = null)
    {
        _workload = workload;
        _costs = costs;
        _frameOf = new int[layout.Frames];
        _frameOf.AsSpan().Fill(Nowhere);
        _system = new MemorySystem(layout, design, options, this);
        _readAhead = _system.Place.HoldsCleanCache ? new ReadAheadPages(_frameOf) : null;
        _compaction = new ReplayedCompaction(_system, _frameOf);
        Gauge = new StorageGauge(_system);
        Occupy();
        _cache = full is null ? null : new FillingCache(_system, layout.Frames, full);
        _cache?.Settle(0);
    }

    public MemorySystem System => _system;

    public StorageGauge Gauge { get; }

    /// <summary>Keeps how memory fares; null for nobody.</summary>
    public CourseRecorder? Course { get; set; }

    public LatencyHistogram ReserveLatency { get; } = new();

    /// <summary>Ranges that a driver took and that could not be had here.</summary>
    public long FailedRanges { get; private set; }

    /// <summary>Frees of pages that this design could not allocate.</summary>
    public long FreesOfNothing { get; private set; }

    /// <summary>Runs all steps that are left.</summary>
    /// <param name="timeLine">Sampled as time passes; null for none.</param>
    /// <param name="progress">Told the number of steps done, now and then.</param>
    public void Run(TimeLine? timeLine, Action<int>? progress, CancellationToken cancellation)
    {
        const int reportEvery = 1 << 16;
        ReadOnlySpan<WorkloadStep> steps = _workload.Steps.Span;
        Gauge.Observe();
        while (_next < steps.Length)
        {
            timeLine?.Advance(steps[_next].TimeNs);
            Course?.Advance(steps[_next].TimeNs, _next);
            DoNext();
            if ((_next & (reportEvery - 1)) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Invoke(_next);
            }
        }

        timeLine?.Advance(_workload.DurationNs);
        Course?.Advance(_workload.DurationNs, _next);
        progress?.Invoke(steps.Length);
    }

    /// <summary>Runs the steps up to a time, itself included; Run goes on from there.</summary>
    public void RunUntil(long timeNs)
    {
        Gauge.Observe();
        while (_next < _workload.Steps.Length && _workload.Steps.Span[_next].TimeNs <= timeNs)
        {
            DoNext();
        }
    }

    /// <summary>Runs until so many steps are done.</summary>
    public void RunSteps(int steps)
    {
        while (_next < Math.Min(steps, _workload.Steps.Length))
        {
            DoNext();
        }
    }

    private void DoNext()
    {
        ref readonly WorkloadStep step = ref _workload.Steps.Span[_next++];
        for (; step.TimeNs >= _nextSecond; _nextSecond += SecondNs)
        {
            _system.PassSecond();
        }

        Gauge.Advance(step.TimeNs);
        Do(step);
        _system.RunThreads(step.TimeNs);
        _cache?.Settle(step.TimeNs);
        Gauge.Observe();
        Course?.Observe(step.TimeNs, _next);
    }

    /// <summary>Frame that a recorded page is in, or -1.</summary>
    public int FrameOf(int name) => _frameOf[name];

    bool IOwnerMap.TryDrop(int owner) => _cache is not null && _cache.TryForget(owner);

    bool IOwnerMap.TryLose(int owner) => _cache?.TryForget(owner) == true || _readAhead?.TryLose(owner, _system.Frames) == true;

    void IOwnerMap.Moved(int owner, Frame frame, Order order)
    {
        if (_cache is not null && _cache.Owns(owner))
        {
            _cache.Moved(owner, frame);
            return;
        }

        for (int part = 0; part < order.Frames; part++)
        {
            _frameOf[owner + part] = (frame + part).Index;
        }
    }

    private void Occupy()
    {
        foreach (InitialPage page in _workload.Initial)
        {
            if (_system.TryOccupy(new Frame(page.Name), page.Name, page.IsMovable))
            {
                _frameOf[page.Name] = page.Name;
                if (page.IsPinned)
                {
                    _system.Pin(new Frame(page.Name));
                }
            }
        }

        StartLists.Apply(_system, _workload);
    }

    private void Do(in WorkloadStep step)
    {
        switch (step.Kind)
        {
            case WorkloadStepKind.Allocate:
                Allocate(step);
                break;
            case WorkloadStepKind.Free:
                Free(step);
                break;
            case WorkloadStepKind.Tag:
                Tag(step);
                break;
            case WorkloadStepKind.Rename:
                Rename(step);
                break;
            case WorkloadStepKind.Compact:
                Rename(step);
                _compaction.Empty(step);
                break;
            default:
                TakeRange(step);
                break;
        }
    }

    private void Allocate(in WorkloadStep step)
    {
        bool isTagged = (step.Flags & WorkloadStepFlags.Tagged) != 0;
        AllocationRequest request = new(step.Gfp, new Order(step.Order), new CpuId(step.Cpu), isTagged, step.Name);
        AllocationResult result = _system.Allocate(request, out TagStorageWork work);
        result = result.Frame.IsNone && _cache is not null ? _cache.Retry(request, ref work) : result;

        for (int part = 0; part < 1 << step.Order; part++)
        {
            _frameOf[step.Name + part] = result.Frame.IsNone ? Nowhere : (result.Frame + part).Index;
        }

        _readAhead?.Allocated(step, !result.Frame.IsNone);

        if (result.Frame.IsNone)
        {
            return;
        }

        if (isTagged)
        {
            work += TouchAtOnce(result, new CpuId(step.Cpu));
            ReserveLatency.Record((long)_costs.NsOf(work));
        }

        if ((step.Flags & WorkloadStepFlags.Pinned) != 0)
        {
            _system.Pin(new Frame(_frameOf[step.Name]));
        }
    }

    /// <summary>A recording does not tell when a page is first accessed: at once.</summary>
    private TagStorageWork TouchAtOnce(in AllocationResult result, CpuId cpu)
    {
        TagStorageWork work = default;
        if (result.Outcome == AllocationOutcome.Untagged)
        {
            _system.TryTag(result.Frame, cpu, out work);
        }

        return work;
    }

    /// <summary>A free may name a part of what was allocated, or several allocations at once.</summary>
    private void Free(in WorkloadStep step)
    {
        Frame frame = new(_frameOf[step.Name]);
        if (!frame.IsNone && _system.Frames[frame].State == FrameState.Allocated && _system.Frames[frame].Order == step.Order)
        {
            _frameOf.AsSpan(step.Name, 1 << step.Order).Fill(Nowhere);
            _system.Free(frame, new CpuId(step.Cpu));
            return;
        }

        if (!frame.IsNone && IsWholeRun(step.Name, step.Order))
        {
            // Pages in use at the start are known one by one; what is freed as one was one.
            _system.Frames.Join(frame, new Order(step.Order));
            _frameOf.AsSpan(step.Name, 1 << step.Order).Fill(Nowhere);
            _system.Free(frame, new CpuId(step.Cpu));
            return;
        }

        for (int name = step.Name; name < step.Name + (1 << step.Order); name++)
        {
            FreeOne(name, new CpuId(step.Cpu));
        }
    }

    /// <summary>Are these names single pages in use, side by side and aligned as a folio would be, and none of them tagged?</summary>
    private bool IsWholeRun(int name, int order)
    {
        Frame first = new(_frameOf[name]);
        if ((first.Index & ((1 << order) - 1)) != 0)
        {
            return false;
        }

        for (int part = 0; part < 1 << order; part++)
        {
            Frame frame = new(_frameOf[name + part]);
            if (frame != first + part || _system.Frames[frame].AreaSet != _system.Frames[first].AreaSet
                || _system.Frames[frame].State != FrameState.Allocated || _system.Frames[frame].Order != 0
                || _system.Frames[frame].Has(FrameFlags.StorageReserved))
            {
                return false;
            }
        }

        return true;
    }

    private void FreeOne(int name, CpuId cpu)
    {
        Frame frame = new(_frameOf[name]);
        _frameOf[name] = Nowhere;
        if (frame.IsNone)
        {
            FreesOfNothing += _readAhead?.Has(name) == true ? 0 : 1;
            return;
        }

        if (_system.Frames[frame].State == FrameState.Held)
        {
            _system.FreeRange(frame, 1, cpu);
            return;
        }

        Frame head = _system.FolioOf(frame);
        if (_system.Frames[head].Order > 0)
        {
            _system.Frames.Split(head, _system.Frames[head].Owner);
        }

        _system.Free(frame, cpu);
    }

    private void Rename(in WorkloadStep step)
    {
        Frame frame = new(_frameOf[step.Name]);
        (_frameOf[step.NewName], _frameOf[step.Name]) = (frame.Index, Nowhere);
        _readAhead?.Renamed(step.Name, step.NewName);
        if (!frame.IsNone && _system.FolioOf(frame) is { IsNone: false } head)
        {
            if (_system.Frames[head].Order > 0)
            {
                _system.Frames.Split(head, _system.Frames[head].Owner);
            }

            _system.Rename(frame, step.NewName);
        }
    }

    private void Tag(in WorkloadStep step)
    {
        Frame head = _frameOf[step.Name] < 0 ? Frame.None : _system.FolioOf(new Frame(_frameOf[step.Name]));
        if (!head.IsNone)
        {
            _system.TryTag(head, new CpuId(step.Cpu), out TagStorageWork work);
            ReserveLatency.Record((long)_costs.NsOf(work));
        }
    }

    private void TakeRange(in WorkloadStep step)
    {
        bool done = _system.AllocateRange(new Frame(step.Name), step.Count, new CpuId(step.Cpu)) == RangeOutcome.Done;
        FailedRanges += done ? 0 : 1;
        for (int part = 0; part < step.Count; part++)
        {
            _frameOf[step.Name + part] = done ? step.Name + part : Nowhere;
        }
    }
}
