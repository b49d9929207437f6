using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Lab.ClosedLoops;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Recordings;
using Palimpsest.Machine.Memory;

namespace Palimpsest.Lab.Trials;

/// <summary>Runs one closed loop on a machine of its own for each design; results come in the order asked.</summary>
/// <param name="recorder">Writes down what the machine does, of one design alone; null for nobody.</param>
internal sealed class LoopRun(MemoryBoard board, LoopEntry loop, LoopParameters parameters, LinuxMachineOptions options,
    ModelRecorder? recorder = null)
{
    /// <summary>A step counts as a millisecond where means are taken over time.</summary>
    private const long StepNs = 1_000_000;

    /// <summary>The design that others are compared with: the machine as it is today.</summary>
    private const string Today = "static";

    /// <param name="progress">Told a design's position in the list and the share of its steps done, from any thread.</param>
    public DesignRuns<LoopDesignResult> Run(
        IReadOnlyList<DesignChoice> designs, Action<int, double>? progress = null, CancellationToken cancellation = default)
    {
        DesignRuns<LoopDesignResult> runs = DesignRuns.Of(designs, (choice, share) => Run(choice, share, cancellation), progress,
            cancellation);
        return runs.Results.FirstOrDefault(result => result.Design.Name == Today) is { Events.Reclaimed: > 0 } today
            ? runs with
            {
                Results = [.. runs.Results.Select(result => ReferenceEquals(result, today) ? result
                    : result with { SavedShare = Saved(today, result) })],
            }
            : runs;
    }

    private static double Saved(LoopDesignResult today, LoopDesignResult result) =>
        (today.Events.Reclaimed - result.Events.Reclaimed) / (double)today.Events.Reclaimed;

    private LoopDesignResult Run(DesignChoice choice, Action<double> progress, CancellationToken cancellation)
    {
        const int reportEvery = 64;
        LinuxMachine machine = new(board, choice.Create(), options with { Listener = recorder });
        ClosedLoop running = loop.Create(machine, parameters);
        StorageGauge gauge = new(machine.Memory);
        gauge.Observe();
        for (int step = 0; step < parameters.Steps; step++)
        {
            recorder?.NowNs = step * StepNs;
            running.Step(step);
            machine.Memory.RunThreads(step * StepNs);
            gauge.Observe();
            gauge.Advance((step + 1) * StepNs);
            if (step % reportEvery == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress((double)step / parameters.Steps);
            }
        }

        progress(1);
        return new LoopDesignResult(
            DesignFacts.Of(choice), options.Geometry.PageBytes, gauge.Figures, DesignCounts.Of(machine.Counters),
                LoopCounts.Of(machine.Statistics),
            running.Restarts, machine.Audit());
    }
}
