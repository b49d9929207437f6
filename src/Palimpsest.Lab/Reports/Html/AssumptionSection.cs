using System.Globalization;
using Palimpsest.Lab.Experiments;
using Palimpsest.Lab.Metrics;

namespace Palimpsest.Lab.Reports.Html;

/// <summary>What the figures take for granted, and how to get them again.</summary>
internal static class AssumptionSection
{
    public static void Write(Markup html, ComparisonReport report)
    {
        html.Line($"<section id=\"assumptions\"><h2>Assumptions</h2><ol>");
        foreach (string assumption in report.Assumptions)
        {
            html.Line($"<li>{assumption}</li>");
        }

        html.Line($"</ol></section>");
        html.Line($"<section id=\"reproduce\"><h2>Reproduce</h2>");
        html.Line($"<p class=\"note\">Replays are deterministic: the same recording, board and options give the same figures, and this page byte for byte. Options about the machine at the start (--snapshot, --used, --cma, --cpus, --no-thp) are not in the line below; the assumptions say what was taken.</p>");
        html.Line($"<pre><code>{string.Join(" \\\n    ", Command(report))}</code></pre></section>");
    }

    private static IEnumerable<string> Command(ComparisonReport report)
    {
        yield return $"palimpsest compare {Quoted(report.TraceName)}";
        yield return report.Board.Model.EndsWith("without a device tree", StringComparison.Ordinal)
            ? $"--ram {report.Board.DataBytes}"
            : $"--board {Quoted(report.BoardName)}";
        yield return $"--page-size {report.Geometry.PageBytes / 1024}K";
        yield return $"--tag-source {Quoted(report.Workload.TagSource)}";
        yield return $"--pinned {report.PinnedShare.ToString("R", CultureInfo.InvariantCulture)}";
        if (report.Costs != CostTable.Default)
        {
            yield return "--costs FILE";
        }

        foreach (DesignResult design in report.Designs)
        {
            string parameters = design.Choice.ParameterText;
            yield return $"--design {design.Choice.Name}{(parameters.Length == 0 ? "" : ":")}{parameters}";
        }

        yield return "--html report.html";
    }

    private static string Quoted(string argument) => argument.All(character => char.IsAsciiLetterOrDigit(character) || "./_-:=,".Contains(character))
        ? argument
        : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
