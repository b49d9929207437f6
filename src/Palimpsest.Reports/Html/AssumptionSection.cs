using System.Globalization;
using Palimpsest.Lab.Trials;
using Palimpsest.Lab.Metrics;

namespace Palimpsest.Reports.Html;

/// <summary>What the figures take for granted, and how to get them again.</summary>
internal static class AssumptionSection
{
    public static void Write(Markup html, ComparisonResult result)
    {
        html.Line($"<section id=\"assumptions\"><h2>Assumptions</h2><ol>");
        foreach (string assumption in result.Assumptions)
        {
            html.Line($"<li>{assumption}</li>");
        }

        html.Line($"</ol></section>");
        html.Line($"<section id=\"reproduce\"><h2>Reproduce</h2>");
        html.Line($"<p class=\"note\">Replays are deterministic: the same recording, board and options give the same figures, and this "
            + $"page byte for byte. Options about the machine at the start (--snapshot, --used, --cma, --cpus, --no-thp) are not in the "
            + $"line below; the assumptions say what was taken.</p>");
        html.Line($"<pre><code>{string.Join(" \\\n    ", Command(result))}</code></pre></section>");
    }

    private static IEnumerable<string> Command(ComparisonResult result)
    {
        yield return $"palimpsest compare {Quoted(result.Recording.Name)}";
        yield return result.Board.Model.EndsWith("without a device tree", StringComparison.Ordinal)
            ? $"--ram {result.Board.DataBytes}"
            : $"--board {Quoted(result.Board.Name)}";
        yield return $"--page-size {result.Board.PageBytes / 1024}K";
        yield return $"--tag-source {Quoted(result.Workload.TagSource)}";
        yield return $"--pinned {result.PinnedShare.ToString("R", CultureInfo.InvariantCulture)}";
        if (result.Costs != CostTable.Default)
        {
            yield return "--costs FILE";
        }

        foreach (DesignResult design in result.Designs)
        {
            string parameters = design.Design.Parameters;
            yield return $"--design {design.Design.Name}{(parameters.Length == 0 ? "" : ":")}{parameters}";
        }

        yield return "--html result.html";
    }

    private static string Quoted(string argument) =>
        argument.All(character => char.IsAsciiLetterOrDigit(character) || "./_-:=,".Contains(character))
        ? argument
        : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
