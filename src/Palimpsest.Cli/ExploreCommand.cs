using System.CommandLine;
using Palimpsest.Designs;
using Palimpsest.Races;
using Palimpsest.Races.Beyond;
using Palimpsest.Races.Trials;
using Palimpsest.Reports.Html;
using Palimpsest.Reports.Json;
using Palimpsest.Reports.Perfetto;
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
        Outputs outputs = _options.Open(parsed, isAll: IsNamed(id, All), isBeyond: IsNamed(id, BeyondSearch.Id));
        OwnParts own = _options.Own(parsed);
        return _options.Told(parsed, () => IsNamed(id, All) ? ExploreAll(parsed, outputs, own, cancellation)
            : IsNamed(id, BeyondSearch.Id) ? ExploreBeyond(parsed, outputs, own, cancellation)
            : ExploreOne(parsed, outputs, _options.RaceTrial(parsed, id, own), cancellation));
    }

    private int ExploreOne(ParseResult parsed, Outputs outputs, RaceTrial trial, CancellationToken cancellation)
    {
        RaceOutcome race = ExploredOrUnfit(outputs, trial,
            reason => throw new UsageException($"{trial.Id} cannot be set up under {trial.Design}: {reason}"), cancellation)!;
        cancellation.ThrowIfCancellationRequested();
        outputs.Say(RaceText.Whole(race));
        _options.WriteSchedule(parsed, race);
        WriteReports(outputs, [race]);
        // Whoever leaves one out asks whether it breaks; else the question is whether the safeguard does what it says.
        return trial.Without.Count > 0 && race.Without is { Held: false } ? ExitCode.LawViolated : CodeOf([race]);
    }

    private int ExploreBeyond(ParseResult parsed, Outputs outputs, OwnParts own, CancellationToken cancellation)
    {
        List<RaceOutcome> explored = [];
        IEnumerable<string> all = DesignCatalog.All.Concat(own.Designs).Select(entry => entry.Name);
        foreach (string design in _options.Design(parsed) is { } named ? [named] : all)
        {
            explored.Add(Timed(outputs, design, _ => _options.BeyondTrial(parsed, design, own).Run(cancellation)));
            cancellation.ThrowIfCancellationRequested();
            outputs.Say((explored.Count == 1 ? RaceText.Heading() : "") + RaceText.Row(explored[^1]));
        }

        RaceOutcome? failed = explored.FirstOrDefault(outcome => outcome.Failing is not null);
        if (failed is not null)
        {
            outputs.Say("\n" + RaceText.Whole(failed));
            _options.WriteSchedule(parsed, failed);
        }

        WriteReports(outputs, explored);
        return failed is null ? ExitCode.Holds : ExitCode.LawViolated;
    }

    private int ExploreAll(ParseResult parsed, Outputs outputs, OwnParts own, CancellationToken cancellation)
    {
        List<RaceOutcome> races = [];
        List<string> unfit = [];
        IEnumerable<string> all = RaceCatalog.All.Select(entry => entry.Id).Concat(own.Races.Select(race => race.Id));
        foreach (RaceTrial trial in all.Select(id => _options.RaceTrial(parsed, id, own)))
        {
            RaceOutcome? race = ExploredOrUnfit(outputs, trial,
                reason => unfit.Add($"{trial.Id,-5} cannot be set up under {trial.Design}: {reason}\n"), cancellation);
            cancellation.ThrowIfCancellationRequested();
            if (race is not null)
            {
                outputs.Say((races.Count == 0 ? RaceText.Heading() : "") + RaceText.Row(race));
                races.Add(race);
            }
        }

        outputs.Say(RaceText.Summary(races) + string.Concat(unfit) + RaceText.Unexplored());
        WriteReports(outputs, races);
        return CodeOf(races);
    }

    /// <summary>Null, and the reason told, when the design has no place for what the race needs.</summary>
    private static RaceOutcome? ExploredOrUnfit(
        Outputs outputs, RaceTrial trial, Action<string> isUnfit, CancellationToken cancellation)
    {
        try
        {
            return Timed(outputs, trial.Id, progress => trial.Run(progress.Of(trial.Id), cancellation));
        }
        catch (RaceDoesNotApplyException exception) when (trial.NamesAnotherDesign)
        {
            isUnfit(exception.Message);
            return null;
        }
    }

    /// <summary>Says how long it took to who waits at a terminal; no result depends on it.</summary>
    private static RaceOutcome Timed(Outputs outputs, string what, Func<SearchLine, RaceOutcome> explore)
    {
        using SearchLine progress = new(isOn: !outputs.IsQuiet);
        RaceOutcome outcome = explore(progress);
        progress.End(what);
        return outcome;
    }

    private static void WriteReports(Outputs outputs, IReadOnlyList<RaceOutcome> races)
    {
        outputs.Json((stream, made) => ExploreJson.Write(stream, races, made));
        outputs.Perfetto(stream => RacePerfetto.Write(stream, races));
        outputs.Html((writer, made) => ExploreHtml.Write(writer, races, made));
    }

    private static int CodeOf(IReadOnlyList<RaceOutcome> races) =>
        races.Any(race => RaceVerdicts.IsFailure(race.Verdict)) ? ExitCode.LawViolated : ExitCode.Holds;

    private static bool IsNamed(string id, string name) => string.Equals(id, name, StringComparison.OrdinalIgnoreCase);
}
