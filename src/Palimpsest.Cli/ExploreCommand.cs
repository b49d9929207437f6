using System.CommandLine;
using System.Diagnostics;
using Palimpsest.Exploration;
using Palimpsest.Kernel.Steps;
using Palimpsest.Races;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>palimpsest explore: which interleaving breaks a design, and is it gone with the safeguard?</summary>
internal sealed class ExploreCommand
{
    private readonly Argument<string> _race = new("RACE") { Description = "R1, X9 and so on, or all" };
    private readonly Option<string?> _design = new("--design") { Description = "design to explore it under; the race's own without it", HelpName = "DESIGN" };
    private readonly Option<string[]> _without = new("--without") { Description = "leave a safeguard out; may be repeated", HelpName = "SAFEGUARD" };
    private readonly Option<int> _schedules = new("--schedules") { Description = "runs of each search, at most", HelpName = "N", DefaultValueFactory = _ => 20_000 };
    private readonly Option<int> _preemptions = new("--preemptions") { Description = "bound of the exhaustive search", HelpName = "N", DefaultValueFactory = _ => 2 };
    private readonly Option<ulong> _seed = new("--seed") { Description = "of the search at random", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> _schedule = new("--schedule") { Description = "write the shortest failing schedule", HelpName = "FILE" };
    private readonly Option<string?> _json = new("--json") { Description = $"write {ExploreJson.Format} version {ExploreJson.Version}", HelpName = "FILE" };

    public static Command Create() => new ExploreCommand().Build();

    private Command Build()
    {
        Command command = new("explore", "Which interleaving breaks it, and is it gone with the safeguard?") { _race };
        foreach (Option option in new Option[] { _design, _without, _schedules, _preemptions, _seed, _schedule, _json })
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        foreach (string path in new[] { parsed.GetValue(_json), parsed.GetValue(_schedule) }.OfType<string>())
        {
            OutputFile.Check(path);
        }

        RaceLimits limits = new(InRange("--schedules", parsed.GetValue(_schedules), 1_000_000_000), InRange("--preemptions", parsed.GetValue(_preemptions), 100), parsed.GetValue(_seed));
        string race = parsed.GetValue(_race)!;
        return parsed.GetValue(_without) is { Length: > 0 } names
            ? ExploreWithout(parsed, race, names.Aggregate(Safeguards.None, (all, name) => all | RaceCatalog.Parse(name)), limits, cancellation)
            : ExploreBoth(parsed, race, limits, cancellation);
    }

    private int ExploreWithout(ParseResult parsed, string race, Safeguards without, RaceLimits limits, CancellationToken cancellation)
    {
        SearchResult result = RaceSearch.Search(race, parsed.GetValue(_design), without, limits, cancellation);
        Console.Out.Write(RaceText.Search(result));
        Keep(parsed, result);
        return result.Held ? ExitCode.Holds : ExitCode.LawViolated;
    }

    private int ExploreBoth(ParseResult parsed, string race, RaceLimits limits, CancellationToken cancellation)
    {
        bool isAll = string.Equals(race, "all", StringComparison.OrdinalIgnoreCase);
        string[] ids = isAll ? [.. RaceCatalog.All.Select(entry => entry.Id)] : [race];
        List<(RaceResult Result, double Seconds)> results = [];
        if (isAll)
        {
            Console.Out.Write(RaceText.Heading());
        }

        foreach (string id in ids)
        {
            long start = Stopwatch.GetTimestamp();
            RaceResult result = RaceSearch.Explore(id, parsed.GetValue(_design), limits, cancellation);
            results.Add((result, Stopwatch.GetElapsedTime(start).TotalSeconds));
            Console.Out.Write(isAll ? RaceText.Row(result) : RaceText.Whole(result));
            Keep(parsed, result.Without ?? result.With);
        }

        if (isAll)
        {
            Console.Out.Write(RaceText.Unexplored());
        }

        if (parsed.GetValue(_json) is { } json)
        {
            OutputFile.Write(json, stream => ExploreJson.Write(stream, results));
        }

        return results.TrueForAll(entry => entry.Result.Holds || entry.Result.Race.Safeguard.Length == 0) ? ExitCode.Holds : ExitCode.LawViolated;
    }

    private void Keep(ParseResult parsed, SearchResult result)
    {
        if (parsed.GetValue(_schedule) is { } path && result.Finding is { } finding)
        {
            OutputFile.WriteText(path, writer => writer.WriteLine(finding.Shortest.Schedule));
        }
    }

    private static int InRange(string option, int value, int most) =>
        value >= 0 && value <= most ? value : throw new UsageException($"{option} {value}: give 0 to {most:N0}");
}
