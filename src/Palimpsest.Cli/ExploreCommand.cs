using System.CommandLine;
using System.Diagnostics;
using Palimpsest.Designs;
using Palimpsest.Exploration;
using Palimpsest.Kernel.Steps;
using Palimpsest.Lab.Reports;
using Palimpsest.Races;
using Palimpsest.Races.Beyond;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>palimpsest explore: which interleaving breaks a design, and is it gone with the safeguard?</summary>
internal sealed class ExploreCommand
{
    private const string All = "all";
    private const int SchedulesOfRace = 20_000;
    private const int SchedulesOfProgram = 40;

    private readonly Argument<string> _race = new("RACE") { Description = "R1, X9 and so on, all of them, or beyond: random programs" };
    private readonly Option<string?> _design = new("--design") { Description = "design to explore it under; without it the race's own, and beyond: each", HelpName = "DESIGN" };
    private readonly Option<string[]> _without = new("--without") { Description = "safeguard that is left out; may be repeated; the race's own without it", HelpName = "SAFEGUARD" };
    private readonly Option<int?> _schedules = new("--schedules") { Description = $"runs of each search, at most: {SchedulesOfRace:N0}, of each random program {SchedulesOfProgram}", HelpName = "N" };
    private readonly Option<int> _programs = new("--programs") { Description = "random programs to explore, from that of the seed on", HelpName = "N", DefaultValueFactory = _ => 100 };
    private readonly Option<int> _preemptions = new("--preemptions") { Description = "bound of the exhaustive search", HelpName = "N", DefaultValueFactory = _ => 4 };
    private readonly Option<ulong> _seed = new("--seed") { Description = "of the search at random", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> _schedule = new("--schedule") { Description = "write the shortest failing schedule", HelpName = "FILE" };
    private readonly Option<string?> _html = new("--html") { Description = "write a page with every step table", HelpName = "FILE" };
    private readonly Option<string?> _json = new("--json") { Description = $"write {ExploreJson.Format} version {ExploreJson.Version}", HelpName = "FILE" };

    public static Command Create() => new ExploreCommand().Build();

    private Command Build()
    {
        Command command = new("explore", "Which interleaving breaks it, and is it gone with the safeguard?") { _race };
        foreach (Option option in new Option[] { _design, _without, _schedules, _preemptions, _programs, _seed, _schedule, _html, _json })
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        bool isBeyond = string.Equals(parsed.GetValue(_race), BeyondSearch.Id, StringComparison.OrdinalIgnoreCase);
        int schedules = parsed.GetValue(_schedules) ?? (isBeyond ? SchedulesOfProgram : SchedulesOfRace);
        RaceLimits limits = new(InRange("--schedules", schedules, 1, 1_000_000_000), InRange("--preemptions", parsed.GetValue(_preemptions), 0, 100), parsed.GetValue(_seed));
        bool isAll = string.Equals(parsed.GetValue(_race), All, StringComparison.OrdinalIgnoreCase);
        if (isAll && (parsed.GetValue(_without) is { Length: > 0 } || parsed.GetValue(_schedule) is not null))
        {
            throw new UsageException("--without and --schedule are for one race: of all, each is explored without its own safeguard");
        }

        foreach (string path in new[] { parsed.GetValue(_json), parsed.GetValue(_html), parsed.GetValue(_schedule) }.OfType<string>())
        {
            OutputFile.Check(path);
        }

        return isAll ? ExploreAll(parsed, limits, cancellation) : isBeyond ? ExploreBeyond(parsed, limits, cancellation) : ExploreOne(parsed, limits, cancellation);
    }

    private int ExploreOne(ParseResult parsed, RaceLimits limits, CancellationToken cancellation)
    {
        string id = parsed.GetValue(_race)!;
        string? design = parsed.GetValue(_design);
        string[] leftOut = parsed.GetValue(_without) ?? [];
        Safeguards without = Without(parsed);
        RaceCatalog.SafeguardOf(id);
        ExploredRace race = ExploredOrUnfit(id, design, () => Timed(() =>
        {
            if (leftOut.Length == 0)
            {
                return RaceSearch.Explore(id, design, limits, cancellation);
            }

            RaceEntry entry = RaceCatalog.All.First(entry => string.Equals(entry.Id, id, StringComparison.OrdinalIgnoreCase));
            return new RaceResult(
                entry with { Safeguard = string.Join("+", leftOut) }, design ?? entry.Design,
                RaceSearch.Search(id, design, without, limits, cancellation), RaceSearch.Search(id, design, Safeguards.None, limits, cancellation));
        }), reason => throw new UsageException($"{id} cannot be set up under {design}: {reason}"))!;
        cancellation.ThrowIfCancellationRequested();
        Console.Out.Write(RaceText.Whole(race.Result));
        WriteSchedule(parsed, race.Result);
        WriteReports(parsed, [race]);
        // Whoever leaves one out asks whether it breaks; else the question is whether the safeguard does what it says.
        return leftOut.Length > 0 && race.Result.Without is { Held: false } ? ExitCode.LawViolated : CodeOf([race]);
    }

    private int ExploreBeyond(ParseResult parsed, RaceLimits limits, CancellationToken cancellation)
    {
        int programs = InRange("--programs", parsed.GetValue(_programs), 1, 1_000_000_000);
        Safeguards without = Without(parsed);
        IReadOnlyList<string> designs = parsed.GetValue(_design) is { } named ? [named] : [.. DesignCatalog.All.Select(entry => entry.Name)];
        List<ExploredRace> explored = [];
        foreach (string design in designs)
        {
            explored.Add(Timed(() => BeyondSearch.Explore(design, programs, without, limits, cancellation)));
            cancellation.ThrowIfCancellationRequested();
            Console.Out.Write((explored.Count == 1 ? RaceText.Heading() : "") + RaceText.Row(explored[^1]));
        }

        RaceResult? failed = explored.Select(one => one.Result).FirstOrDefault(result => Found(result) is not null);
        if (failed is not null)
        {
            Console.Out.Write("\n" + RaceText.Whole(failed));
            WriteSchedule(parsed, failed);
        }

        WriteReports(parsed, explored);
        return failed is null ? ExitCode.Holds : ExitCode.LawViolated;
    }

    private int ExploreAll(ParseResult parsed, RaceLimits limits, CancellationToken cancellation)
    {
        string? design = parsed.GetValue(_design);
        List<ExploredRace> races = [];
        List<string> unfit = [];
        foreach (string id in RaceCatalog.All.Select(entry => entry.Id))
        {
            ExploredRace? race = ExploredOrUnfit(
                id, design, () => Timed(() => RaceSearch.Explore(id, design, limits, cancellation)), reason => unfit.Add($"{id,-5} cannot be set up under {design}: {reason}\n"));
            cancellation.ThrowIfCancellationRequested();
            if (race is not null)
            {
                Console.Out.Write((races.Count == 0 ? RaceText.Heading() : "") + RaceText.Row(race));
                races.Add(race);
            }
        }

        Console.Out.Write(RaceText.Summary(races) + string.Concat(unfit) + RaceText.Unexplored());
        WriteReports(parsed, races);
        return CodeOf(races);
    }

    /// <summary>Null, and the reason told, when the design has no place for what the race needs.</summary>
    private static ExploredRace? ExploredOrUnfit(string id, string? design, Func<ExploredRace> explore, Action<string> isUnfit)
    {
        try
        {
            return explore();
        }
        catch (RaceDoesNotApplyException exception) when (design is not null && RaceCatalog.All.Any(entry => entry.Id == id && entry.Design != design))
        {
            isUnfit(exception.Message);
            return null;
        }
    }

    private static Finding? Found(RaceResult result) => result.Without?.Finding ?? result.With.Finding;

    private void WriteSchedule(ParseResult parsed, RaceResult result)
    {
        if (parsed.GetValue(_schedule) is { } path && Found(result) is { } finding)
        {
            string leftOut = result.Without?.Finding is null ? "" : $" without {result.Race.Safeguard}";
            OutputFile.WriteText(path, writer => writer.Write($"# {result.Design}{leftOut}: {finding.Shortest.Failure!.Law}\n{finding.Shortest.Schedule}\n"));
        }
    }

    private Safeguards Without(ParseResult parsed) =>
        (parsed.GetValue(_without) ?? []).Aggregate(Safeguards.None, (all, name) => all | RaceCatalog.Parse(name));

    private static ExploredRace Timed(Func<RaceResult> explore)
    {
        long start = Stopwatch.GetTimestamp();
        return new ExploredRace(explore(), Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private void WriteReports(ParseResult parsed, IReadOnlyList<ExploredRace> races)
    {
        if (parsed.GetValue(_json) is { } json)
        {
            OutputFile.Write(json, stream => ExploreJson.Write(stream, races));
        }

        if (parsed.GetValue(_html) is { } html)
        {
            OutputFile.WriteText(html, writer => ExploreHtml.Write(writer, races));
        }
    }

    private static int CodeOf(IReadOnlyList<ExploredRace> races) =>
        races.Any(race => RaceVerdicts.IsFailure(RaceVerdicts.Of(race.Result))) ? ExitCode.LawViolated : ExitCode.Holds;

    private static int InRange(string option, int value, int least, int most) =>
        value >= least && value <= most ? value : throw new UsageException($"{option} {value}: give {least} to {most:N0}");
}
