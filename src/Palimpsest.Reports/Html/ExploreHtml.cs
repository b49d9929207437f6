using Palimpsest.Reports.Html.Explore;
using Palimpsest.Races;
using Palimpsest.Races.Trials;
using Palimpsest.Reports.Text;

namespace Palimpsest.Reports.Html;

/// <summary>Explored races as one page without scripts: no network, no file beside it.</summary>
public static class ExploreHtml
{
    /// <summary>A whole page: a table of the races, then each with its steps; the writer stays open.</summary>
    public static void Write(TextWriter writer, IReadOnlyList<RaceOutcome> races, Provenance? provenance = null)
    {
        Markup html = new(writer);
        PageShell.Open(html, "races of tag storage", runsScripts: false);
        int holding = races.Count(race => race.Verdict == RaceVerdict.Holds);
        html.Line($"<header><h1>Which interleaving breaks it, and is it gone with the safeguard?</h1>");
        html.Line($"<p class=\"answer\"><strong>{holding} of {races.Count}</strong> races hold: found without their safeguard, where "
            + $"they have one, and not found with all of them in force.</p>");
        foreach (RaceOutcome race in races.Where(race => RaceWords.Verdict(race).Length > 0))
        {
            html.Line($"<p class=\"{(RaceVerdicts.IsFailure(race.Verdict) ? "alarm" : "note")}\">{race.Id}: "
                + $"{RaceWords.Verdict(race)}.</p>");
        }

        html.Line($"</header>");
        RaceList.Write(html, races);
        foreach (RaceOutcome race in races)
        {
            RaceSection.Write(html, race);
        }

        ProvenanceSection.Write(html, provenance);
        PageShell.EndContent(html);
        PageShell.Close(html);
    }
}
