using Palimpsest.Kernel;
using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.Frames;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Recordings;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Courses;

/// <summary>
/// Listens to a run and keeps its course. Even moments are kept as they pass; marks and failures are noted with the number of the
/// step, and looked at when the same is run again.
/// </summary>
internal sealed class CourseRecorder : IKernelListener
{
    private const int MostOfAKind = 50;
    private const int MostFailureMoments = 16;

    private readonly MemorySystem _system;
    private readonly CourseRequest _request;
    private readonly int _design;
    private readonly long _durationNs;
    private readonly long _distanceNs;
    private readonly CourseGrid _grid;
    private readonly CourseMap _map;
    private readonly CourseExtremes _extremes;
    private readonly CourseFailures _failing;
    private readonly List<HeardFailure> _failures = [];
    private readonly Dictionary<FailureKind, long> _failureCounts = [];
    private readonly List<MemoryMoment> _moments = [];
    private readonly StorageEventLog? _log;
    private readonly RunAgain _again;
    private readonly RunningCourse? _running;
    private long _next;

    /// <param name="design">Its position in the list of designs.</param>
    /// <param name="again">Runs the same again.</param>
    public CourseRecorder(MemorySystem system, long durationNs, CourseRequest request, int design, CostTable costs, RunAgain again)
    {
        (_system, _durationNs, _request, _design, _again) = (system, durationNs, request, design, again);
        // At moments of the time line, whose figures stand beside the map.
        _distanceNs = Math.Max(1, durationNs / TimeLine.Distances) * (TimeLine.Distances / request.Distances);
        _grid = CourseGrid.Of(system.Layout);
        _map = new CourseMap(system, _grid);
        _extremes = new CourseExtremes(system);
        _failing = new CourseFailures(system);
        system.Trace.Attach(this);
        _log = request.KeepsEvents ? new StorageEventLog(system, costs) : null;
        _running = request.Followed is null ? null : new RunningCourse(system, _grid, again, request.KeptPages);
        request.Followed?.Invoke(design, _running!);
    }

    public void Happened(in KernelEvent what)
    {
        int count = what.Kind is KernelEventKind.BlockReserved or KernelEventKind.BlockReleased or KernelEventKind.RangeAllocated
            ? what.Value : 1 << what.Order;
        _map.Touch(what.Frame, count);
        if (what.Kind == KernelEventKind.FolioMoved)
        {
            _map.Touch(new Frame(what.Value), count);
        }

        _failing.Hear(what);
    }

    /// <summary>Keeps the state that held until a time, if a moment is due.</summary>
    /// <param name="steps">Steps that are done.</param>
    public void Advance(long timeNs, int steps)
    {
        for (; timeNs >= _next && _moments.Count <= _request.Distances; _next += _distanceNs)
        {
            MemoryMoment moment = MomentOf(_system, _map.Look(), _next, steps);
            _moments.Add(moment);
            _running?.Reach(steps);
            _request.Reached?.Invoke(_design, moment);
        }
    }

    /// <summary>Looks at what a step has done.</summary>
    public void Observe(long timeNs, int steps)
    {
        _extremes.Observe(timeNs, steps);
        _log?.EndStep(timeNs);
        foreach (HeardFailure failure in _failing.EndStep())
        {
            long count = _failureCounts[failure.Kind] = _failureCounts.GetValueOrDefault(failure.Kind) + 1;
            if (count <= MostOfAKind)
            {
                _failures.Add(failure with { TimeNs = timeNs, Steps = steps });
            }
        }
    }

    /// <summary>The course, when the run has ended.</summary>
    public MemoryCourse Finish()
    {
        Dictionary<int, long> wanted = [];
        foreach ((int steps, long timeNs) in _extremes.All.Select(mark => (mark.Steps, mark.TimeNs))
            .Concat(_failures.Select(failure => (failure.Steps, failure.TimeNs)).DistinctBy(failure => failure.Steps)
                .Take(MostFailureMoments)))
        {
            wanted.TryAdd(steps, timeNs);
        }

        List<MemoryMoment> moments = [.. _moments];
        _again([.. wanted.Keys.Order()], (steps, system) =>
            moments.Add(MomentOf(system, new CourseMap(system, _grid).Look(), wanted[steps], steps)));
        MemoryMoment[] sorted = [.. moments.OrderBy(moment => moment.Figures.TimeNs).ThenBy(moment => moment.Steps)];
        return new MemoryCourse(_grid, _again)
        {
            DurationNs = _durationNs,
            StorageFrames = _system.Layout.Storage.Sum(run => run.Frames),
            KeepsAll = _system.Blocks.KeepsAll,
            Moments = sorted,
            Marks = [.. _extremes.All.Select(mark => new CourseMark(mark.Kind, IndexOf(sorted, mark.TimeNs, mark.Steps)))],
            Failures = [.. _failures.Select(failure => new MemoryFailure(failure.TimeNs, failure.Kind,
                failure.Frame.IsNone ? null : _system.Layout.PfnOf(failure.Frame.Index).Value, failure.Order, failure.Reason,
                IndexOf(sorted, failure.TimeNs, failure.Steps)))],
            FailureCounts = _failureCounts,
            Events = _log?.Events,
        };
    }

    /// <summary>The last moment that is not after a step.</summary>
    private static int IndexOf(MemoryMoment[] moments, long timeNs, int steps) => Math.Max(0, Array.FindLastIndex(moments, moment =>
        moment.Figures.TimeNs < timeNs || (moment.Figures.TimeNs == timeNs && moment.Steps <= steps)));

    private static MemoryMoment MomentOf(MemorySystem system, byte[] cells, long timeNs, int steps) =>
        new(TimePoint.Of(system, timeNs), steps, ChunksOf(system), cells);

    private static int[] ChunksOf(MemorySystem system)
    {
        int orders = system.Frames.LargestOrder + 1;
        int[] chunks = new int[MigrateTypes.Count * orders];
        foreach (int at in Enumerable.Range(0, chunks.Length))
        {
            chunks[at] = system.Guided.ChunksOn((MigrateType)(at / orders), at % orders);
        }

        return chunks;
    }
}

/// <summary>The worst moments of a run so far.</summary>
internal sealed class CourseExtremes
{
    private readonly MemorySystem _system;
    private readonly int _covered;
    private readonly Extreme _given = new(CourseMarkKind.LeastGivenBack);
    private readonly Extreme _over = new(CourseMarkKind.MostOverIdeal);
    private readonly Extreme _free = new(CourseMarkKind.LeastFree);

    public CourseExtremes(MemorySystem system)
    {
        _system = system;
        int blockFrames = system.Blocks.Count == 0 ? 1 : system.Blocks.StorageOf(new BlockId(0)).Count;
        _covered = blockFrames << TagGeometry.DataFramesPerStorageFrameLog2;
        Observe(0, 0);
    }

    /// <summary>Where nothing is ever lent, how much is reserved says nothing.</summary>
    public IReadOnlyList<Extreme> All => _system.Blocks.KeepsAll ? [_free] : [_given, _over, _free];

    public void Observe(long timeNs, int steps)
    {
        int free = 0;
        for (int zone = 0; zone < _system.Zones.Count; zone++)
        {
            free += _system.Zones[zone].FreeFrames;
        }

        int ideal = (_system.TaggedFrames + _covered - 1) / _covered;
        _given.Note(_system.Blocks.ReservedFrames, timeNs, steps);
        _over.Note(_system.Blocks.ReservedBlocks - ideal, timeNs, steps);
        _free.Note(-free, timeNs, steps);
    }
}

/// <summary>The first moment at which a figure was largest.</summary>
internal sealed class Extreme(CourseMarkKind kind)
{
    private int _most = int.MinValue;

    public CourseMarkKind Kind => kind;

    public long TimeNs { get; private set; }

    public int Steps { get; private set; }

    public void Note(int value, long timeNs, int steps)
    {
        if (value > _most)
        {
            (_most, TimeNs, Steps) = (value, timeNs, steps);
        }
    }
}
