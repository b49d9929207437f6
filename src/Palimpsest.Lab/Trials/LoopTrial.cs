using System.Text.Json.Serialization;
using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Lab.ClosedLoops;
using Palimpsest.Lab.Courses;
using Palimpsest.Lab.Recordings;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>A closed loop to run on the system, under each design.</summary>
/// <param name="Workload">Name of a loop, as <see cref="LoopCatalog"/> has it.</param>
public sealed record LoopTrial(string Workload)
{
    private const ulong DefaultRam = 64 << 20;
    private const int LeastPages = 64;
    private const int MostSteps = 100_000_000;
    private const int MostCpus = 64;
    private const int MostSeeds = 1000;

    /// <summary>Of RAM, one in so many: in less a carve-out would be nothing like 1/32.</summary>
    private const int MostCarveOut = 4;

    /// <summary>The machine that the workload runs on, under each design.</summary>
    public BoardInput Board { get; set; } = new() { RamBytes = DefaultRam };

    /// <summary>NAME or NAME:PARAMETER=VALUE,...; all designs where none is named.</summary>
    public IReadOnlyList<string> Designs { get; set; } = [];

    /// <summary>Each design whose storage can be taken by either engine of reservations stands there with both.</summary>
    public bool BothEngines { get; init; }

    /// <summary>Designs of one's own, which can be named like those of the catalog; not kept in JSON.</summary>
    [JsonIgnore]
    public IReadOnlyList<DesignEntry> Own { get; init; } = [];

    /// <summary>Workloads of one's own, which can be named like those of the catalog; not kept in JSON.</summary>
    [JsonIgnore]
    public IReadOnlyList<LoopEntry> OwnWorkloads { get; init; } = [];

    /// <summary>Rows of the table: designs, some with two engines.</summary>
    /// <exception cref="UsageException">No such design or parameter, or a value out of range.</exception>
    [JsonIgnore]
    public int Rows => DesignFacts.Chosen(Designs, Own, BothEngines).Count;

    /// <summary>Requests, tabs, queries or app steps; the loop's own number without it.</summary>
    public int? Steps { get; init; }

    /// <summary>Memory that the workload wants; a quarter more than RAM without it.</summary>
    public ulong? SizeBytes { get; init; }

    /// <summary>Share of its heaps that is PROT_MTE when it starts, 0 to 1; in between it changes evenly.</summary>
    public double TaggedFrom { get; set; } = 0.3;

    /// <summary>The same at the last step.</summary>
    public double TaggedTo { get; set; } = 0.3;

    /// <summary>Of all chance; a study takes this one and those after it.</summary>
    public ulong Seed { get; set; } = 1;

    /// <summary>Compressed swap in memory; half of RAM without it.</summary>
    public ulong? SwapBytes { get; init; }

    /// <summary>1 to 64.</summary>
    public int Cpus { get; set; } = 4;

    /// <summary>Transparent huge pages everywhere.</summary>
    public bool HugePages { get; init; }

    /// <summary>A page cache takes what the processes leave free, as on a machine that has run for a while.</summary>
    public bool Full { get; init; }

    /// <summary>Keeps how memory fares with the first seed, beside the figures; null where nobody asks. Not kept in JSON.</summary>
    [JsonIgnore]
    public CourseRequest? Courses { get; init; }

    /// <summary>One run of each design, with the seed of the trial.</summary>
    /// <param name="recording">Where a trace.dat of what the machine does goes; null for nowhere. It takes one design.</param>
    /// <exception cref="UsageException">Something in the description cannot be.</exception>
    /// <exception cref="InputException">The board cannot be read or used.</exception>
    public LoopResult Run(TrialProgress? progress = null, Stream? recording = null, CancellationToken cancellation = default) =>
        Run([Seed], progress, recording, cancellation).First;

    /// <summary>Several runs of each design, with the seed of the trial and those that follow: what is chance and what is not.</summary>
    /// <param name="seeds">How many, from 1 on.</param>
    /// <exception cref="UsageException">Something in the description cannot be.</exception>
    /// <exception cref="InputException">The board cannot be read or used.</exception>
    public LoopStudy Study(int seeds, TrialProgress? progress = null, CancellationToken cancellation = default) => Run(
        [.. Enumerable.Range(0, InRange("--seeds", seeds, MostSeeds)).Select(index => Seed + (ulong)index)], progress, recording: null,
        cancellation);

    private LoopStudy Run(IReadOnlyList<ulong> seeds, TrialProgress? progress, Stream? recording, CancellationToken cancellation)
    {
        LoopEntry[] known = [.. LoopCatalog.All, .. OwnWorkloads];
        LoopEntry loop = known.FirstOrDefault(entry => entry.Name == Workload)
            ?? throw new UsageException(
                $"run {Workload}: there is no such workload; choose from {string.Join(", ", known.Select(entry => entry.Name))}");
        IReadOnlyList<DesignChoice> designs = DesignFacts.Chosen(Designs, Own, BothEngines);
        (MemoryBoard board, PageGeometry geometry, string boardName, _) = Board.Read();
        if (SizeBytes == 0)
        {
            throw new UsageException("--size 0: give the memory that the workload wants, e.g. 80M, or leave it out");
        }

        if (board.CarveOutBytes > board.DataBytes / MostCarveOut)
        {
            throw new UsageException(InvariantText.Of($"run: a carve-out is whole pageblocks, here {board.CarveOutBytes >> 10:N0} KiB, ")
                + InvariantText.Of($"more than a quarter of {board.DataBytes >> 10:N0} KiB of RAM; give more with --ram"));
        }

        LoopParameters parameters = new(
            Math.Max(LeastPages, Pages(SizeBytes ?? board.DataBytes * 5 / 4, geometry)),
                InRange("--steps", Steps ?? loop.DefaultSteps, MostSteps),
            Share(TaggedFrom), Share(TaggedTo), Seed) { IsFull = Full };
        LinuxMachineOptions options = new()
        {
            Cpus = InRange("--cpus", Cpus, MostCpus),
            Geometry = geometry,
            SwapPages = Pages(SwapBytes ?? board.DataBytes / 2, geometry),
            HugePagesByDefault = HugePages,
        };
        ModelRecorder? recorder = recording is null ? null : Recorder(designs, board, geometry, options.Cpus);
        BoardFacts facts = BoardFacts.Of(boardName, board, geometry);
        Courses?.Begun?.Invoke(CourseStart.Of([.. designs.Select(DesignFacts.Of)], MemoryLayout.For(board, geometry), TraceClock.Time,
            LoopRun.DurationNs(parameters.Steps)));
        (IReadOnlyList<IReadOnlyList<LoopDesignResult>> runs, IReadOnlyList<UnfitDesign> unfit) =
            new LoopRun(board, loop, parameters, options, recorder, Courses).Run(designs, seeds, progress?.Running, cancellation);
        recorder?.WriteTo(recording!);
        return new LoopStudy([.. seeds.Zip(runs, (seed, run) =>
            new LoopResult(loop.Name, parameters with { Seed = seed }, facts, options.SwapPages, run) { Unfit = unfit })]);
    }

    private ModelRecorder Recorder(IReadOnlyList<DesignChoice> designs, MemoryBoard board, PageGeometry geometry, int cpus)
    {
        ModelRecorder recorder = designs.Count == 1
            ? new(MemoryLayout.For(board, geometry), cpus)
            : throw new UsageException("--record: a recording is of one machine; name one --design");
        recorder.Name(recorder.Pid, Workload);
        return recorder;
    }

    private static int Pages(ulong bytes, PageGeometry geometry) => (int)Math.Min(bytes >> geometry.PageShift, int.MaxValue / 4);

    private static int InRange(string option, int value, int most) =>
        value >= 1 && value <= most ? value : throw new UsageException($"{option} {value}: give 1 to {most:N0}");

    private static double Share(double share) =>
        share is >= 0 and <= 1 ? share : throw new UsageException($"--tagged {share}: give a share from 0 to 1, or two as in 0.1..0.8");
}
