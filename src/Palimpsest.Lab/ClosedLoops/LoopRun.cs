using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Processes;
using Palimpsest.Lab.Experiments;
using Palimpsest.Lab.Metrics;
using Palimpsest.Machine.Memory;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.ClosedLoops;

/// <summary>What a closed loop met under one design. Frames unless the name says otherwise.</summary>
public sealed record LoopResult(
    DesignChoice Choice, StorageGauge Storage, KernelCounters Counters, KernelEvents Events, int Restarts, IReadOnlyList<LawViolation> Violations);

/// <summary>Runs one closed loop on a machine of its own for each design; results come in the order asked.</summary>
public sealed class LoopRun(MemoryBoard board, LoopEntry loop, LoopParameters parameters, LinuxMachineOptions options)
{
    /// <summary>A step counts as a millisecond where means are taken over time.</summary>
    private const long StepNs = 1_000_000;

    /// <param name="progress">Told a design's position in the list and the share of its steps done, from any thread.</param>
    public IReadOnlyList<LoopResult> Run(
        IReadOnlyList<DesignChoice> designs, Action<int, double>? progress = null, CancellationToken cancellation = default) =>
        SideBySide.Run(designs, (choice, share) => Run(choice, share, cancellation), progress, cancellation);

    private LoopResult Run(DesignChoice choice, Action<double> progress, CancellationToken cancellation)
    {
        const int reportEvery = 64;
        LinuxMachine machine = new(board, choice.Create(), options);
        ClosedLoop running = loop.Create(machine, parameters);
        StorageGauge gauge = new(machine.Memory);
        gauge.Observe();
        for (int step = 0; step < parameters.Steps; step++)
        {
            running.Step(step);
            gauge.Observe();
            gauge.Advance((step + 1) * StepNs);
            if (step % reportEvery == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress((double)step / parameters.Steps);
            }
        }

        progress(1);
        return new LoopResult(choice, gauge, machine.Counters, machine.Events, running.Restarts, machine.Audit());
    }
}
