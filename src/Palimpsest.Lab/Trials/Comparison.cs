using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Courses;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Replay;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>Replays one workload under several designs, as many at a time as there are cores; results come in the order asked.</summary>
public sealed class Comparison(MemoryLayout layout, Workload workload, MachineOptions options, CostTable costs,
    FullMachine? full = null, CourseRequest? courses = null)
{
    /// <param name="progress">Told a design's position in the list and the share of its steps done, from any thread.</param>
    /// <exception cref="InputException">No design can run on the board.</exception>
    public DesignRuns<DesignResult> Run(
        IReadOnlyList<DesignChoice> designs, Action<int, double>? progress = null, CancellationToken cancellation = default) =>
        DesignRuns.Of(designs, SideBySide.Run<(int Index, DesignChoice Item), RunEnd<DesignResult>>([.. designs.Index()],
            (one, told) => RunEnd<DesignResult>.Of(() => Run(one.Item, one.Index, told, cancellation)), progress, cancellation));

    internal DesignResult Run(DesignChoice choice, Action<double> progress, CancellationToken cancellation) =>
        Run(choice, index: 0, progress, cancellation);

    private DesignResult Run(DesignChoice choice, int index, Action<double> progress, CancellationToken cancellation)
    {
        WorkloadReplay replay = Replay(choice);
        TimeLine timeLine = new(replay.System, workload.DurationNs, TimeLine.Distances);
        replay.Course = courses is null ? null : new CourseRecorder(
            replay.System, workload.DurationNs, courses, index, costs, (steps, look) => Again(choice, steps, look));
        replay.Run(timeLine, done => progress((double)done / Math.Max(1, workload.Steps.Length)), cancellation);
        return DesignResult.Of(choice, replay, timeLine, costs) with
        {
            Course = replay.Course?.Finish(),
        };
    }

    private void Again(DesignChoice choice, IReadOnlyList<int> steps, Action<int, Kernel.MemorySystem> look)
    {
        WorkloadReplay replay = Replay(choice);
        foreach (int step in steps)
        {
            replay.RunSteps(step);
            look(step, replay.System);
        }
    }

    private WorkloadReplay Replay(DesignChoice choice) => new(workload, layout, choice.Create(), options, costs, full);
}
