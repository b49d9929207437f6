using Palimpsest.Races.Trials;
using Palimpsest.Reports.Text;

namespace Palimpsest.Reports.Html.Explore;

/// <summary>One race: the shortest way to its failure, and how far it was looked for with everything in force.</summary>
internal static class RaceSection
{
    public static void Write(Markup html, RaceOutcome outcome)
    {
        html.Line($"<section id=\"{outcome.Id}\"><h2>{outcome.Id}: {outcome.Title}</h2>");
        if (outcome.Without is { } without)
        {
            WriteSearch(html, $"Without {outcome.Safeguard}", without);
        }

        WriteSearch(html, "With all safeguards", outcome.With);
        html.Line($"</section>");
    }

    private static void WriteSearch(Markup html, string which, SearchOutcome search)
    {
        if (search.Failing is not { } failing)
        {
            html.Line($"<p>{which}: {RaceWords.Held(search)}.</p>");
            return;
        }

        html.Line($"<p>{which}: {RaceWords.Found(search)}; {RaceWords.Shortest(search, failing)}.</p>");
        WriteSteps(html, failing);
        html.Line($"<p class=\"alarm\">{failing.Failure}</p>");
        html.Line($"<p class=\"note\">Law: {LawWords.Of(failing.Law!)}.</p>");
        html.Line($"<pre>{failing.Schedule}</pre>");
    }

    private static void WriteSteps(Markup html, ToldRun run)
    {
        bool hears = run.Rows.Any(row => row.Heard is not null);
        bool tells = run.Rows.Any(row => row.State is not null);
        html.Write($"<div class=\"scroll\"><table class=\"plain steps\"><thead><tr><th>step</th>");
        foreach (string actor in run.Actors)
        {
            html.Write($"<th>{actor}</th>");
        }

        html.Line(
            $"<th>locks held</th><th>{(hears ? "what happened" : "")}</th><th>{(tells ? "state after it" : "")}</th></tr></thead><tbody>");
        foreach (RunRow row in run.Rows)
        {
            html.Write($"<tr><td>{(row.Number > 0 ? Figures.Count(row.Number) : "")}</td>");
            for (int actor = 0; actor < run.Actors.Count; actor++)
            {
                html.Write($"<td>{(actor == row.Actor ? row.Words : "")}</td>");
            }

            html.Line($"<td>{string.Join(", ", row.Held)}</td><td>{row.Heard ?? ""}</td><td>{row.State ?? ""}</td></tr>");
        }

        html.Line($"</tbody></table></div>");
    }
}
