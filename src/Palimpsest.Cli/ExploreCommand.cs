using System.CommandLine;
using System.Diagnostics;
using Palimpsest.Designs;
using Palimpsest.Races;
using Palimpsest.Races.Beyond;
using Palimpsest.Races.Trials;
using Palimpsest.Reports;
using Palimpsest.Reports.Html;
using Palimpsest.Reports.Json;
using Palimpsest.Reports.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>palimpsest explore: which interleaving breaks a design, and is it gone with the safeguard?</summary>
internal sealed class ExploreCommand
{
    private const string All = "all";

    private readonly ExploreOptionsGroup _options = new();

    public static Command Create() => new ExploreCommand().Build();

    private Command Build()
    {
        Command command = new("explore", "Which interleaving breaks it, and is it gone with the safeguard?");
        _options.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string id = _options.Race(parsed);
        _options.Check(parsed, isAll: IsNamed(id, All), isBeyond: IsNamed(id, BeyondSearch.Id));
        return IsNamed(id, All) ? ExploreAll(parsed, cancellation)
            : IsNamed(id, BeyondSearch.Id) ? ExploreBeyond(parsed, cancellation)
            : ExploreOne(parsed, _options.RaceTrial(parsed, id), cancellation);
    }

    private int ExploreOne(ParseResult parsed, RaceTrial trial, CancellationToken cancellation)
    {
        ExploredRace race = ExploredOrUnfit(trial,
            reason => throw new UsageException($"{trial.Id} cannot be set up under {trial.Design}: {reason}"), cancellation)!;
        cancellation.ThrowIfCancellationRequested();
        Shown.Text(RaceText.Whole(race.Outcome));
        _options.WriteSchedule(parsed, race.Outcome);
        WriteReports(parsed, [race]);
        // Whoever leaves one out asks whether it breaks; else the question is whether the safeguard does what it says.
        return trial.Without.Count > 0 && race.Outcome.Without is { Held: false } ? ExitCode.LawViolated : CodeOf([race]);
    }

    private int ExploreBeyond(ParseResult parsed, CancellationToken cancellation)
    {
        List<ExploredRace> explored = [];
        foreach (string design in _options.Design(parsed) is { } named ? [named] : DesignCatalog.All.Select(entry => entry.Name))
        {
            explored.Add(Timed(() => _options.BeyondTrial(parsed, design).Run(cancellation)));
            cancellation.ThrowIfCancellationRequested();
            Shown.Text((explored.Count == 1 ? RaceText.Heading() : "") + RaceText.Row(explored[^1]));
        }

        RaceOutcome? failed = explored.Select(one => one.Outcome).FirstOrDefault(outcome => outcome.Failing is not null);
        if (failed is not null)
        {
            Shown.Text("\n" + RaceText.Whole(failed));
            _options.WriteSchedule(parsed, failed);
        }

        WriteReports(parsed, explored);
        return failed is null ? ExitCode.Holds : ExitCode.LawViolated;
    }

    private int ExploreAll(ParseResult parsed, CancellationToken cancellation)
    {
        List<ExploredRace> races = [];
        List<string> unfit = [];
        foreach (RaceTrial trial in RaceCatalog.All.Select(entry => _options.RaceTrial(parsed, entry.Id)))
        {
            ExploredRace? race = ExploredOrUnfit(trial,
                reason => unfit.Add($"{trial.Id,-5} cannot be set up under {trial.Design}: {reason}\n"), cancellation);
            cancellation.ThrowIfCancellationRequested();
            if (race is not null)
            {
                Shown.Text((races.Count == 0 ? RaceText.Heading() : "") + RaceText.Row(race));
                races.Add(race);
            }
        }

        Shown.Text(RaceText.Summary(races) + string.Concat(unfit) + RaceText.Unexplored());
        WriteReports(parsed, races);
        return CodeOf(races);
    }

    /// <summary>Null, and the reason told, when the design has no place for what the race needs.</summary>
    private static ExploredRace? ExploredOrUnfit(RaceTrial trial, Action<string> isUnfit, CancellationToken cancellation)
    {
        try
        {
            return Timed(() => trial.Run(cancellation));
        }
        catch (RaceDoesNotApplyException exception) when (trial.NamesAnotherDesign)
        {
            isUnfit(exception.Message);
            return null;
        }
    }

    private static ExploredRace Timed(Func<RaceOutcome> explore)
    {
        long start = Stopwatch.GetTimestamp();
        return new ExploredRace(explore(), Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private void WriteReports(ParseResult parsed, IReadOnlyList<ExploredRace> races)
    {
        _options.Output.Json(parsed, stream => ExploreJson.Write(stream, races));
        _options.Output.Html(parsed, writer => ExploreHtml.Write(writer, races));
    }

    private static int CodeOf(IReadOnlyList<ExploredRace> races) =>
        races.Any(race => RaceVerdicts.IsFailure(race.Outcome.Verdict)) ? ExitCode.LawViolated : ExitCode.Holds;

    private static bool IsNamed(string id, string name) => string.Equals(id, name, StringComparison.OrdinalIgnoreCase);
}
