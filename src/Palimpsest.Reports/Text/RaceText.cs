using System.Globalization;
using System.Text;
using Palimpsest.Races;
using Palimpsest.Races.Trials;

namespace Palimpsest.Reports.Text;

/// <summary>Explored races in lines of at most a hundred columns; schedules alone are never broken.</summary>
public static class RaceText
{
    private const int ReasonWidth = 93;

    /// <summary>Names of the columns of <see cref="Row"/>, and no line break.</summary>
    public static string Heading() =>
        "                                                       without it  with all safeguards\n" +
        "race   design             safeguard                   found after  held in  bound\n";

    /// <summary>One race in a line without a break.</summary>
    public static string Row(RaceOutcome result)
    {
        string safeguard = result.Safeguard.Length == 0 ? "-" : result.Safeguard;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Id,-6} {result.Design.Split(':')[0],-18} {safeguard,-27} {RaceWords.FoundAfter(result),11}  "
                + $"{RaceWords.HeldIn(result),7}  {RaceWords.Extent(result),-14}\n");
    }

    /// <summary>What a table of races comes to: how many hold, and each that does not.</summary>
    public static string Summary(IReadOnlyList<RaceOutcome> races)
    {
        int holding = races.Count(race => race.Verdict == RaceVerdict.Holds);
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture,
            $"\n{holding} of {races.Count} hold: found without their safeguard, where they have one, and not found with all.\n");
        int unneeded = races.Count(race => race.Verdict == RaceVerdict.NotNeeded);
        int open = races.Count(race => race.Verdict == RaceVerdict.Open);
        int broken = races.Count(race => RaceVerdicts.IsFailure(race.Verdict));
        if (unneeded + open > 0)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"Of the others {broken} fail; {unneeded} cannot happen here without the safeguard either, {open} are open claims.\n");
        }

        foreach (RaceOutcome race in races)
        {
            string verdict = RaceWords.Verdict(race);
            text.Append(verdict.Length == 0 ? "" : $"{race.Id,-5} {verdict}\n");
        }

        return text.ToString();
    }

    /// <summary>One race: the way to the failure, and how far it was looked for with everything in force.</summary>
    public static string Whole(RaceOutcome result)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{result.Id}: {result.Title}\n{result.Design}\n");
        if (result.Without is { } without)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nwithout {result.Safeguard}:\n").Append(Search(without));
        }

        string verdict = RaceWords.Verdict(result);
        return text.Append("\nwith all safeguards:\n").Append(Search(result.With)).Append(verdict.Length == 0 ? "" : $"\n{verdict}\n")
            .ToString();
    }

    /// <summary>A line each of those that cannot be expressed, with the reason.</summary>
    public static string Unexplored()
    {
        StringBuilder text = new("\nNo scenarios:\n");
        foreach (UnexploredRace race in RaceCatalog.Unexplored)
        {
            string reason = race.Reason.Length <= ReasonWidth ? race.Reason : race.Reason[..race.Reason.LastIndexOf(' ', ReasonWidth)]
                + "\n      " + race.Reason[(race.Reason.LastIndexOf(' ', ReasonWidth) + 1)..];
            text.Append(CultureInfo.InvariantCulture, $"{race.Id,-5} {reason}\n");
        }

        return text.ToString();
    }

    private static string Search(SearchOutcome search) => search.Failing is not { } failing
        ? RaceWords.Held(search) + "\n"
        : $"{RaceWords.Found(search)}\n{RaceWords.Shortest(search, failing)}\n\n{RunTable.Print(failing)}";
}
