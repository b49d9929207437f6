using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Events;
using Palimpsest.Lab.ClosedLoops;
using Palimpsest.Lab.Courses;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Recordings;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>Runs one closed loop on a machine of its own for each design and seed; results come in the order asked.</summary>
/// <param name="recorder">Writes down what the machine does, of one design and seed alone; null for nobody.</param>
/// <param name="courses">Keeps how memory fares, with the first seed; null for nobody.</param>
internal sealed class LoopRun(MemoryBoard board, LoopEntry loop, LoopParameters parameters, LinuxMachineOptions options,
    ModelRecorder? recorder = null, CourseRequest? courses = null)
{
    /// <summary>A step counts as a millisecond where means are taken over time.</summary>
    private const long StepNs = 1_000_000;

    /// <summary>How long so many steps count as.</summary>
    public static long DurationNs(int steps) => steps * StepNs;

    /// <param name="seeds">Each at least once.</param>
    /// <param name="progress">Told the position in the list of all runs and the share of its steps done, from any thread.</param>
    /// <returns>What each seed met, and the designs that could not be run with each.</returns>
    /// <exception cref="InputException">No design can run on the board.</exception>
    public (IReadOnlyList<IReadOnlyList<LoopDesignResult>> Seeds, IReadOnlyList<UnfitDesign> Unfit) Run(
        IReadOnlyList<DesignChoice> designs, IReadOnlyList<ulong> seeds, Action<int, double>? progress, CancellationToken cancellation)
    {
        (DesignChoice Design, int Index, ulong Seed)[] runs =
            [.. designs.SelectMany((design, index) => seeds.Select(seed => (design, index, seed)))];
        RunEnd<LoopDesignResult>[] ends = SideBySide.Run(runs,
            (run, told) => RunEnd<LoopDesignResult>.Of(() => Run(run.Design, run.Seed,
                run.Seed == seeds[0] ? run.Index : null, told, cancellation)), progress, cancellation);
        DesignRuns<LoopDesignResult[]> whole = DesignRuns.Of(designs, [.. ends.Chunk(seeds.Count).Select(AllOf)]);
        return ([.. seeds.Select((_, seed) => WithSaved([.. whole.Results.Select(design => design[seed])]))], whole.Unfit);
    }

    // Whoever fails with one seed is held against nobody with the others.
    private static RunEnd<LoopDesignResult[]> AllOf(RunEnd<LoopDesignResult>[] seeds) =>
        seeds.Select(end => end.Reason).FirstOrDefault(reason => reason is not null) is { } reason
            ? new RunEnd<LoopDesignResult[]>(Result: null, reason)
            : new RunEnd<LoopDesignResult[]>([.. seeds.Select(end => end.Result!)], Reason: null);

    private static IReadOnlyList<LoopDesignResult> WithSaved(IReadOnlyList<LoopDesignResult> results) =>
        results.FirstOrDefault(result => result.Design.Name == LoopResult.Today) is { Events.Reclaimed: > 0 } today
            ? [.. results.Select(result => ReferenceEquals(result, today) ? result : result with { SavedShare = Saved(today, result) })]
            : results;

    private static double Saved(LoopDesignResult today, LoopDesignResult result) =>
        (today.Events.Reclaimed - result.Events.Reclaimed) / (double)today.Events.Reclaimed;

    /// <param name="index">Position of the design whose course may be kept; null where it is not.</param>
    private LoopDesignResult Run(
        DesignChoice choice, ulong seed, int? index, Action<double> progress, CancellationToken cancellation)
    {
        const int reportEvery = 64;
        Playing playing = Play(choice, seed, recorder);
        MemorySystem memory = playing.Machine.Memory;
        StorageGauge gauge = new(memory);
        CourseRecorder? course = courses is null || index is not { } design ? null
            : new CourseRecorder(memory, DurationNs(parameters.Steps), courses, design,
                CostTable.Default, (steps, look) => Again(choice, seed, steps, look));
        gauge.Observe();
        for (int step = 0; step < parameters.Steps; step++)
        {
            recorder?.NowNs = step * StepNs;
            course?.Advance(step * StepNs, step);
            playing.Step(step);
            gauge.Observe();
            course?.Observe(step * StepNs, step + 1);
            gauge.Advance((step + 1) * StepNs);
            if (step % reportEvery == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress((double)step / parameters.Steps);
            }
        }

        course?.Advance(parameters.Steps * StepNs, parameters.Steps);
        progress(1);
        return new LoopDesignResult(
            DesignFacts.Of(choice), options.Geometry.PageBytes, gauge.Figures, DesignCounts.Of(playing.Machine.Counters),
            playing.Counts, playing.Loop.Restarts, playing.Machine.Audit())
        {
            Course = course?.Finish(),
        };
    }

    private void Again(DesignChoice choice, ulong seed, IReadOnlyList<int> steps, Action<int, MemorySystem> look)
    {
        Playing playing = Play(choice, seed, listener: null);
        int done = 0;
        foreach (int wanted in steps)
        {
            for (; done < wanted; done++)
            {
                playing.Step(done);
            }

            look(wanted, playing.Machine.Memory);
        }
    }

    private Playing Play(DesignChoice choice, ulong seed, IKernelListener? listener) =>
        new(new LinuxMachine(board, choice.Create(), options with { Listener = listener }), loop, parameters with { Seed = seed });

    /// <summary>A loop on a machine of its own, with whoever reads files beside it.</summary>
    private sealed class Playing
    {
        private readonly FillingReader? _reader;

        public Playing(LinuxMachine machine, LoopEntry loop, LoopParameters parameters)
        {
            Machine = machine;
            Loop = loop.Create(machine, parameters);
            _reader = parameters.IsFull ? new FillingReader(machine, parameters.Seed) : null;
            _reader?.Fill(step: -1);
        }

        public LinuxMachine Machine { get; }

        public ClosedLoop Loop { get; }

        public LoopCounts Counts => LoopCounts.Of(Machine.Statistics).Without(_reader);

        /// <summary>The loop's step, then the reader's, then what the threads of the kernel have to do.</summary>
        public void Step(int step)
        {
            Loop.Step(step);
            _reader?.Fill(step);
            Machine.Memory.RunThreads(step * StepNs);
        }
    }
}
