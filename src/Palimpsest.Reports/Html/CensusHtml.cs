using Palimpsest.Lab.Census;
using Palimpsest.Reports.Html.Census;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Html;

/// <summary>A census as one page without scripts: no network, no file beside it.</summary>
public static class CensusHtml
{
    private const int MostProcesses = 50;

    private const string Styles = "<style>.bars,.bank{width:100%;min-width:560px;max-width:1100px;display:block;margin:6px 0 12px;"
        + "font-size:11px;font-variant-numeric:tabular-nums}.bank{font-size:6.5px}.bank image{image-rendering:pixelated}.bars "
        + "text,.bank text{fill:var(--muted)}.bars .grid{stroke:var(--rule);stroke-width:.6}.bars rect{fill:var(--line-0)}</style>\n";

    /// <summary>A whole page, which needs no other file; the writer stays open.</summary>
    public static void Write(TextWriter writer, CensusResult census, Provenance? provenance = null) =>
        Write(writer, census, [], provenance);

    /// <summary>The last census, and the course of all.</summary>
    public static void Write(TextWriter writer, CensusCourse course, Provenance? provenance = null) =>
        Write(writer, course.Last, course.Moments, provenance);

    private static void Write(TextWriter writer, CensusResult census, IReadOnlyList<CensusMoment> moments, Provenance? provenance)
    {
        Markup html = new(writer);
        string name = OneLine.Of(census.Name);
        PageShell.Open(html, $"census of {name}", runsScripts: false);
        html.Raw(Styles);
        html.Line($"<header><h1>How many tag pages would the pages need where they lie? {name}</h1>");
        WriteAnswer(html, census);
        html.Line($"<p class=\"note\">{CensusWords.Memory(census)}. A tag page holds the tags of a block, 32 aligned pages; Linux places "
            + $"pages without regard to blocks, and one tagged page in a block is enough to reserve its tag page.</p>");
        foreach (string note in census.Notes)
        {
            html.Line($"<p class=\"note\">{note}</p>");
        }

        html.Line($"</header>");
        if (moments.Count > 1)
        {
            CourseSection.Write(html, moments);
        }

        html.Line($"<section id=\"scatter\"><h2>If they were tagged</h2>");
        ScatterTable.Write(html, "", [("all", census.All), ("in base pages", census.Base), ("in huge pages", census.Huge)]);
        html.Line($"</section>");
        FillSection.Write(html, census);
        MapSection.Write(html, census);
        html.Line($"<section id=\"kinds\"><h2>All pages by kind</h2>");
        ScatterTable.Write(html, "kind", census.Kinds.Select(kind => (CensusWords.Kind(kind.Kind), kind.Scatter)));
        html.Line($"</section>");
        WriteProcesses(html, census);
        ProvenanceSection.Write(html, provenance);
        PageShell.EndContent(html);
        PageShell.Close(html);
    }

    private static void WriteAnswer(Markup html, CensusResult census)
    {
        if (census.All.OverIdeal is not { } ratio)
        {
            html.Line($"<p class=\"answer\">Nothing would need tags if {CensusWords.Condition(census)} were tagged.</p>");
            return;
        }

        html.Line($"<p class=\"answer\">If {CensusWords.Condition(census)} were tagged where it lies: <strong>{census.All.TagPages:N0}"
            + $"</strong> tag pages for {census.All.Pages:N0} pages, where {census.All.IdealTagPages:N0} would do: <strong>{ratio:N2} "
            + $"times the ideal</strong>. Of the carve-out <strong>{census.GivenBackPercent:N1} %</strong> is given back; "
            + $"{census.IdealGivenBackPercent:N1} % could be.</p>");
    }

    private static void WriteProcesses(Markup html, CensusResult census)
    {
        if (census.Processes.Count == 0)
        {
            return;
        }

        html.Line($"<section id=\"processes\"><h2>Whose they are</h2>");
        html.Line($"<p class=\"note\">By tag pages; what two processes share counts for both.</p>");
        ScatterTable.Write(html, "process", census.Processes.Take(MostProcesses)
            .Select(process => (OneLine.Of(InvariantText.Of($"{process.Name} {process.Pid}")), process.Scatter)));
        if (census.Processes.Count > MostProcesses)
        {
            html.Line($"<p class=\"note\">{census.Processes.Count - MostProcesses:N0} more have less.</p>");
        }

        html.Line($"</section>");
    }
}
