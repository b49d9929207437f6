using Palimpsest.Exploration;
using Palimpsest.Exploration.Runs;
using Palimpsest.Races;
using Palimpsest.Steps;

namespace Palimpsest.Lab.Reports.Html.Explore;

/// <summary>One race: the shortest way to its failure, and how far it was looked for with everything in force.</summary>
internal static class RaceSection
{
    public static void Write(Markup html, RaceResult result)
    {
        html.Line($"<section id=\"{result.Race.Id}\"><h2>{result.Race.Id}: {result.Race.Title}</h2>");
        if (result.Without is { } without)
        {
            WriteSearch(html, $"Without {result.Race.Safeguard}", without);
        }

        WriteSearch(html, "With all safeguards", result.With);
        html.Line($"</section>");
    }

    private static void WriteSearch(Markup html, string which, SearchResult search)
    {
        if (search.Finding is not { } finding)
        {
            html.Line($"<p>{which}: {RaceWords.Held(search)}.</p>");
            return;
        }

        html.Line($"<p>{which}: {RaceWords.Found(search)}; {RaceWords.Shortest(finding)}.</p>");
        WriteSteps(html, finding.Shortest);
        Failure failure = finding.Shortest.Failure!;
        html.Line($"<p class=\"alarm\">{failure.ToString()}</p>");
        html.Line($"<p class=\"note\">Law: {LawWords.Of(failure.Law)}.</p>");
        html.Line($"<pre>{finding.Shortest.Schedule.ToString()}</pre>");
    }

    private static void WriteSteps(Markup html, RunRecord run)
    {
        IReadOnlyList<RunRow> rows = RunRows.Of(run);
        bool tells = rows.Any(row => row.State is not null);
        html.Write($"<div class=\"scroll\"><table class=\"plain\"><thead><tr><th>step</th>");
        foreach (string actor in run.Actors)
        {
            html.Write($"<th>{actor}</th>");
        }

        html.Line($"<th>locks held</th><th>{(tells ? "state after it" : "")}</th></tr></thead><tbody>");
        foreach (RunRow row in rows)
        {
            html.Write($"<tr><td>{(row.Number > 0 ? Figures.Count(row.Number) : "")}</td>");
            for (int actor = 0; actor < run.Actors.Count; actor++)
            {
                html.Write($"<td>{(actor == row.Actor ? row.Words : "")}</td>");
            }

            html.Line($"<td>{string.Join(", ", row.Held)}</td><td>{row.State ?? ""}</td></tr>");
        }

        html.Line($"</tbody></table></div>");
    }
}
