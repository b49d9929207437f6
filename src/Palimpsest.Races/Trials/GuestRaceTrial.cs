using Palimpsest.Designs;
using Palimpsest.Exploration.Strategies;
using Palimpsest.Kernel.Steps;
using Palimpsest.Races.Guests;
using Palimpsest.Steps;
using Palimpsest.Userland;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races.Trials;

/// <summary>
/// A real program to explore: in a window of its run its threads, and caches and daemons beside them, are interleaved in many ways,
/// with safeguards left out and with all in force. A run fails when a law of the machine is broken, or when the program ends otherwise
/// than it does by itself, or meets more tag faults; what it prints does not count.
/// </summary>
/// <param name="Guest">The program; it has no input here, and what it writes is dropped.</param>
/// <param name="Machine">Made anew for each run.</param>
public sealed record GuestRaceTrial(GuestOptions Guest, GuestMachine Machine)
{
    /// <summary>Instructions after which a program is ended that has no limit of its own.</summary>
    public const long MostInstructions = 100_000_000;

    // Windows are long, and a walk that may turn at every step rarely lets anybody wait for the right one.
    private const int FewOrderedSteps = 4;

    /// <summary>Name and parameters.</summary>
    public string Design { get; init; } = "packed";

    /// <summary>Names of safeguards that are left out in the first search; without any there is only the search with all.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>The part of the run that is interleaved.</summary>
    public GuestWindow Window { get; init; } = new();

    /// <summary>Who acts beside the threads, each once.</summary>
    public IReadOnlyList<GuestNeighbour> Neighbours { get; init; } = [GuestNeighbour.Cache, GuestNeighbour.Reclaim];

    /// <summary>A run also fails where a law of the machine is broken that the program does not notice.</summary>
    public bool IsAudited { get; init; } = true;

    /// <summary>How far is searched.</summary>
    public RaceLimits Limits { get; init; } = new(Schedules: 2_000, Preemptions: 2);

    /// <summary>Designs of one's own, which can be named like those of the catalogue.</summary>
    public IReadOnlyList<DesignEntry> Own { get; init; } = [];

    /// <exception cref="UsageException">There is no such design or safeguard.</exception>
    /// <exception cref="InputException">The program cannot be started.</exception>
    public RaceOutcome Run(Action<RaceProgress>? progress = null, CancellationToken enough = default) => RaceOutcome.Of(
        RaceSearch.Explore(
            new RaceQuestion(GuestRace.Id, Design, Limits, enough)
            {
                Own = [Race()], OwnDesigns = Own, Progress = progress, IsLong = true,
                AtRandom = seed => new PriorityChanges(seed, FewOrderedSteps),
            },
            Without));

    /// <summary>A run again, from a schedule that a search printed.</summary>
    /// <inheritdoc cref="ScheduleTrial.Run"/>
    public ToldRun Replay(string name, string schedule) => new ScheduleTrial(name, schedule)
    {
        Design = Design, Without = Without, Own = Own, OwnRaces = [Race()],
    }.Run();

    private OwnRace Race()
    {
        GuestOptions alone = Guest with
        {
            Input = Stream.Null, Output = Stream.Null, Error = Stream.Null, IsInterpreted = true, Witness = null,
            MostInstructions = Guest.MostInstructions ?? MostInstructions,
        };
        DesignChoice choice = DesignCatalog.Parse(Design, Own);
        GuestSystem system = new(Machine.Create(choice, Safeguards.All, new Interleaving()), alone);
        GuestExpectation expected = new(system.Run(), system.StartedThreads);
        if (expected.Outcome.WasLimited || expected.Outcome.Instructions <= Window.From)
        {
            throw new UsageException(expected.Outcome.WasLimited
                ? $"the program does not end by itself within {alone.MostInstructions:N0} instructions; give --limit, or another one"
                : $"--from {Window.From}: by then the program has ended, after {expected.Outcome.Instructions:N0} instructions");
        }

        return GuestRace.Of(new GuestRaceSetting(alone, Machine, Window, Neighbours, IsAudited), Design, expected);
    }
}
