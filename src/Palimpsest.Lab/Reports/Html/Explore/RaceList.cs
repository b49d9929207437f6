using Palimpsest.Races;

namespace Palimpsest.Lab.Reports.Html.Explore;

/// <summary>All races in a row each.</summary>
internal static class RaceList
{
    public static void Write(Markup html, IReadOnlyList<ExploredRace> races)
    {
        html.Line($"<section id=\"races\"><h2>Races</h2>");
        html.Line($"<p class=\"note\">Found after: schedules until the first that fails without the safeguard. Held in: schedules with all safeguards in force, none of which failed; bound: how far they are all there are.</p>");
        html.Line($"<div class=\"scroll\"><table class=\"plain\"><thead><tr><th>race</th><th>what races</th><th>design</th><th>safeguard</th><th>found after</th><th>held in</th><th>bound</th><th>seconds</th></tr></thead><tbody>");
        foreach (ExploredRace race in races)
        {
            RaceResult result = race.Result;
            html.Write($"<tr><td><a href=\"#{result.Race.Id}\">{result.Race.Id}</a></td><td>{result.Race.Title}</td><td>{result.Design}</td><td>{(result.Race.Safeguard.Length == 0 ? Figures.None : result.Race.Safeguard)}</td>");
            html.Line($"<td>{RaceWords.FoundAfter(result)}</td><td>{RaceWords.HeldIn(result)}</td><td>{RaceWords.Extent(result)}</td><td>{race.Seconds:F2}</td></tr>");
        }

        html.Line($"</tbody></table></div></section>");
    }
}
