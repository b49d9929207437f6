using Palimpsest.Races.Trials;
using Palimpsest.Reports.Text;

namespace Palimpsest.Reports.Html.Explore;

/// <summary>All races in a row each.</summary>
internal static class RaceList
{
    public static void Write(Markup html, IReadOnlyList<RaceOutcome> races)
    {
        html.Line($"<section id=\"races\"><h2>Races</h2>");
        html.Line($"<p class=\"note\">Found after: schedules until the first that fails without the safeguard. Held in: schedules with "
            + $"all safeguards in force, none of which failed; bound: how far they are all there are.</p>");
        html.Line($"<div class=\"scroll\"><table class=\"plain\"><thead><tr><th>race</th><th>what "
            + $"races</th><th>design</th><th>safeguard</th><th>found after</th><th>held "
            + $"in</th><th>bound</th></tr></thead><tbody>");
        foreach (RaceOutcome outcome in races)
        {
            html.Write($"<tr><td><a "
                + $"href=\"#{outcome.Id}\">{outcome.Id}</a></td><td>{outcome.Title}</td><td>{outcome.Design}</td>"
                + $"<td>{(outcome.Safeguard.Length == 0 ? Figures.None : outcome.Safeguard)}</td>");
            html.Line($"<td>{RaceWords.FoundAfter(outcome)}</td><td>{RaceWords.HeldIn(outcome)}</td>"
                + $"<td>{RaceWords.Extent(outcome)}</td></tr>");
        }

        html.Line($"</tbody></table></div></section>");
    }
}
