using System.CommandLine;
using Palimpsest.Races;
using Palimpsest.Races.Trials;
using Palimpsest.Reports.Json;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>What explore is asked, as trials.</summary>
internal sealed class ExploreOptionsGroup
{
    private const int SchedulesOfRace = 20_000;
    private const int SchedulesOfProgram = 40;
    private const int Many = 1_000_000_000;

    private readonly Argument<string> _race = new("RACE")
    {
        Description = "R1, X9 and so on (palimpsest list races), all of them, or beyond: random programs", HelpName = "RACE",
    };

    private readonly Option<string?> _design =
        new("--design") { Description = "design to explore it under; without it the race's own, and beyond: each", HelpName = "DESIGN" };
    private readonly Option<string[]> _without =
        new("--without") { Description = "safeguard that is left out; may be repeated; the race's own without it", HelpName = "SAFEGUARD" };
    private readonly Option<int?> _schedules = new("--schedules") { Description = $"runs of each search, at most: {SchedulesOfRace:N0}, "
        + $"of each random program {SchedulesOfProgram}", HelpName = "N" };
    private readonly Option<int> _programs = new("--programs") { Description = "random programs to explore, from that of the seed on",
        HelpName = "N", DefaultValueFactory = _ => 100 };
    private readonly Option<int> _preemptions = new("--preemptions") { Description = "bound of the exhaustive search", HelpName = "N",
        DefaultValueFactory = _ => 4 };
    private readonly Option<ulong> _seed = new("--seed") { Description = "of the search at random", HelpName = "N",
        DefaultValueFactory = _ => 1 };
    private readonly OutputOption _schedule = new("--schedule") { Description = "write the shortest failing schedule",
        HelpName = "FILE" };

    private readonly OwnLibrary _own = new(OwnKinds.Designs | OwnKinds.Races);
    private readonly OutputOptionsGroup _output = new(
        $"{ExploreJson.Format} version {ExploreJson.Version}", "a page with every step table",
        perfetto: "the failing runs, a track an actor and a lock");

    public void AddTo(Command command)
    {
        command.Add(_race);
        foreach (Option option in new Option[] { _design, _without, _schedules, _preemptions, _programs, _seed, _schedule })
        {
            command.Add(option);
        }

        _race.CompletionSources.Add(Names.Of("races"));
        _design.CompletionSources.Add(Names.Of("designs"));
        _without.CompletionSources.Add(Names.Of("safeguards"));
        _own.AddTo(command);
        _output.AddTo(command);
    }

    public string Race(ParseResult parsed) => parsed.GetValue(_race)!;

    public string? Design(ParseResult parsed) => parsed.GetValue(_design);

    /// <summary>Fails before the work, not after, when something cannot be asked or written.</summary>
    public Outputs Open(ParseResult parsed, bool isAll, bool isBeyond)
    {
        Limits(parsed, isBeyond ? SchedulesOfProgram : SchedulesOfRace);
        if (isAll && (parsed.GetValue(_without) is { Length: > 0 } || parsed.GetValue(_schedule) is not null))
        {
            throw new UsageException("--without and --schedule are for one race: of all, each is explored without its own safeguard");
        }

        if (parsed.GetValue(_schedule) is { } path)
        {
            OutputFile.Check(path);
        }

        return _output.Open(parsed, () => Call.ProvenanceOf(parsed, [], standardInput: null));
    }

    public OwnParts Own(ParseResult parsed) => _own.Read(parsed);

    /// <inheritdoc cref="OwnLibrary.Told"/>
    public T Told<T>(ParseResult parsed, Func<T> use) => _own.Told(parsed, use);

    public RaceTrial RaceTrial(ParseResult parsed, string id, OwnParts own) => new(id)
    {
        Design = Design(parsed),
        Without = parsed.GetValue(_without) ?? [],
        Limits = Limits(parsed, SchedulesOfRace),
        Own = own.Designs,
        OwnRaces = own.Races,
    };

    public BeyondTrial BeyondTrial(ParseResult parsed, string design, OwnParts own) => new(design)
    {
        Programs = InRange("--programs", parsed.GetValue(_programs), 1, Many),
        Without = parsed.GetValue(_without) ?? [],
        Limits = Limits(parsed, SchedulesOfProgram),
        Own = own.Designs,
    };

    public void WriteSchedule(ParseResult parsed, RaceOutcome outcome)
    {
        if (parsed.GetValue(_schedule) is { } path && outcome.Failing is { } failing)
        {
            string leftOut = outcome.Without is { Held: false } ? $" without {outcome.Safeguard}" : "";
            OutputFile.WriteText(path, writer => writer.Write($"# {outcome.Design}{leftOut}: {failing.Law}\n{failing.Schedule}\n"));
        }
    }

    private RaceLimits Limits(ParseResult parsed, int schedules) => new(
        InRange("--schedules", parsed.GetValue(_schedules) ?? schedules, 1, Many),
            InRange("--preemptions", parsed.GetValue(_preemptions), 0, 100), parsed.GetValue(_seed));

    private static int InRange(string option, int value, int least, int most) =>
        value >= least && value <= most ? value : throw new UsageException($"{option} {value}: give {least} to {most:N0}");
}
