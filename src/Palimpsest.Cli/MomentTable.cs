using System.Globalization;
using Palimpsest.Lab.Fidelity;
using Palimpsest.Lab.Reports;
using Palimpsest.Lab.Snapshots;
using Spectre.Console;

namespace Palimpsest.Cli;

/// <summary>The run that was never corrected, beside each snapshot, on a terminal of 100 columns.</summary>
internal static class MomentTable
{
    /// <summary>CPUs whose lists are shown one by one; of more, the sum.</summary>
    private const int CpusShown = 4;

    public static void Print(IAnsiConsole console, FreeRun run)
    {
        if (run.Moments.Count < 2)
        {
            return;
        }

        console.WriteLine();
        Line(console, $"never corrected, at each snapshot");
        Line(console, $"{"",-10}{"second",8}{"differs",9}   most of it in               per-CPU pages: model            kernel");
        foreach ((SnapshotMoment moment, Agreement agreement) in run.Moments)
        {
            string differs = agreement.FreeDifference is { } share ? (100 * share).ToString("N2", CultureInfo.InvariantCulture) + " %" : "";
            string most = agreement.MostDifferent is ({ } type, { } order, { } pages)
                ? string.Create(CultureInfo.InvariantCulture, $"{type} order {order}: {pages:+#,0;-#,0;0} pages")
                : "";
            Line(console, $"{moment.Name,-10}{Math.Max(0, moment.TimeNs) / 1e9,8:N1}{differs,9}   {most,-34}{PerCpu(agreement.ModelPerCpu),18}{PerCpu(agreement.KernelPerCpu),18}");
        }

        foreach (string name in new[] { Agreement.FreePages, Agreement.FreeCmaPages, Agreement.Drains })
        {
            Over(console, run, name);
        }

        if (run.Moments.Max(at => at.Moment.UncertainPages) is { } within and > 0)
        {
            Line(console, $"  placed by pgalloc of vmstat, within {within:N0} pages allocated");
        }

    }

    private static void Over(IAnsiConsole console, FreeRun run, string name)
    {
        if (run.Moments.All(at => at.Agreement.FigureOf(name) is null))
        {
            return;
        }

        console.WriteLine();
        Line(console, $"{name,-40}{"model",12}{"kernel",12}{"% off",10}");
        foreach ((SnapshotMoment moment, Agreement agreement) in run.Moments)
        {
            if (agreement.FigureOf(name) is { } figure)
            {
                VerifyTable.Row(console, "  " + moment.Name, figure);
            }
        }
    }

    private static string PerCpu(IReadOnlyList<int> pages) =>
        pages.Count > CpusShown
            ? pages.Sum().ToString("N0", CultureInfo.InvariantCulture)
            : string.Join(" + ", pages.Select(count => count.ToString("N0", CultureInfo.InvariantCulture)));

    private static void Line(IAnsiConsole console, FormattableString text) => console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
