using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Replay;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>Replays one workload under several designs, as many at a time as there are cores; results come in the order asked.</summary>
public sealed class Comparison(MemoryLayout layout, Workload workload, MachineOptions options, CostTable costs,
    FullMachine? full = null)
{
    private const int TimeLinePoints = 600;

    /// <param name="progress">Told a design's position in the list and the share of its steps done, from any thread.</param>
    /// <exception cref="InputException">No design can run on the board.</exception>
    public DesignRuns<DesignResult> Run(
        IReadOnlyList<DesignChoice> designs, Action<int, double>? progress = null, CancellationToken cancellation = default) =>
        DesignRuns.Of(designs, (choice, share) => Run(choice, share, cancellation), progress, cancellation);

    internal DesignResult Run(DesignChoice choice, Action<double> progress, CancellationToken cancellation)
    {
        WorkloadReplay replay = new(workload, layout, choice.Create(), options, costs, full);
        TimeLine timeLine = new(replay.System, workload.DurationNs, TimeLinePoints);
        replay.Run(timeLine, done => progress((double)done / Math.Max(1, workload.Steps.Length)), cancellation);
        return DesignResult.Of(choice, replay, timeLine, costs);
    }
}
