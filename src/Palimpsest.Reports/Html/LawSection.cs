using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;
using Palimpsest.Reports.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Html;

/// <summary>Which laws were audited, and every design's violations.</summary>
internal static class LawSection
{
    private static readonly (string Law, string Text)[] Audited =
        [.. new[] { "FRAME-1", "BUDDY-1", "TAG-1", "TAG-2", "TAG-3", "PIN-1" }.Select(law => (law, LawWords.Of(law)))];

    public static void Write(Markup html, ComparisonResult result, Labels labels, Ranking ranking)
    {
        html.Line($"<section id=\"laws\"><h2>Laws</h2>");
        string verdict = result.LawViolations == 0
            ? "None broken."
            : $"{result.LawViolations:N0} broken: what the affected designs claim above is worth nothing.";
        html.Line($"<p class=\"{(result.LawViolations == 0 ? "note" : "alarm")}\">{verdict} Recounted from the frames themselves at the "
            + $"end of each replay. Laws about cache lines, faults and interleavings (TAG-4 to TAG-7, DATA-1, DATA-2, SLEEP-1) cannot be "
            + $"seen in a replay.</p>");
        DesignTable.Write(html, result, labels, ranking, [.. Audited.Select(law => Column(law.Law, law.Text)), Others]);
        html.Line($"<dl class=\"laws\">");
        foreach ((string law, string text) in Audited)
        {
            html.Line($"<div><dt>{law}</dt><dd>{text}</dd></div>");
        }

        html.Line($"</dl>");
        WriteCounterexamples(html, result, labels);
        html.Line($"</section>");
    }

    private static Column<DesignResult> Column(string law, string text) =>
        new("violations." + law, "violations", law, Unit.Count, text, Better.Neither,
            design => design.Violations.Count(violation => violation.Law == law));

    private static Column<DesignResult> Others { get; } = new(
        "violations.others", "violations", "others", Unit.Count, "of laws not listed here", Better.Neither,
        design => design.Violations.Count(violation => !Audited.Any(audited => audited.Law == violation.Law)));

    private static void WriteCounterexamples(Markup html, ComparisonResult result, Labels labels)
    {
        foreach (DesignResult design in result.Designs.Where(design => design.Violations.Count > 0))
        {
            LawViolation first = design.Violations[0];
            html.Line($"<p class=\"alarm\">{labels.Of(design)}, first counterexample: <code>{first.ToString()}</code></p>");
        }
    }
}
