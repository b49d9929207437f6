using System.Globalization;
using Palimpsest.Lab.Fidelity;
using Palimpsest.Lab.Trials;

namespace Palimpsest.Reports.Text;

/// <summary>The run that was never corrected, beside each snapshot, on a terminal.</summary>
internal static class MomentTable
{
    /// <summary>CPUs whose lists are shown one by one; of more, the sum.</summary>
    private const int CpusShown = 4;

    public static void Write(Terminal terminal, IReadOnlyList<MomentResult> moments)
    {
        if (moments.Count < 2)
        {
            return;
        }

        terminal.Line();
        terminal.Line($"never corrected, at each snapshot");
        terminal.Line($"{"",-10}{"second",8}{"differs",9}   most of it in               per-CPU pages: model            kernel");
        foreach (MomentResult moment in moments)
        {
            Agreement agreement = moment.Agreement;
            string differs = agreement.FreeDifference is { } share ? (100 * share).ToString("N2", CultureInfo.InvariantCulture) + " %" : "";
            string most = agreement.MostDifferent is ({ } type, { } order, { } pages)
                ? string.Create(CultureInfo.InvariantCulture, $"{type} order {order}: {pages:+#,0;-#,0;0} pages")
                : "";
            terminal.Line($"{moment.Name,-10}{Math.Max(0, moment.TimeNs) / 1e9,8:N1}{differs,9}   "
                + $"{most,-34}{PerCpu(agreement.ModelPerCpu),18}{PerCpu(agreement.KernelPerCpu),18}");
        }

        foreach (string name in new[] { Agreement.FreePages, Agreement.FreeCmaPages, Agreement.Drains })
        {
            Over(terminal, moments, name);
        }

        if (moments.Max(moment => moment.UncertainPages) is { } within and > 0)
        {
            terminal.Line($"  placed by pgalloc of vmstat, within {within:N0} pages allocated");
        }
    }

    private static void Over(Terminal terminal, IReadOnlyList<MomentResult> moments, string name)
    {
        if (moments.All(moment => moment.Agreement.FigureOf(name) is null))
        {
            return;
        }

        terminal.Line();
        terminal.Line($"{name,-40}{"model",12}{"kernel",12}{"% off",10}");
        foreach (MomentResult moment in moments)
        {
            if (moment.Agreement.FigureOf(name) is { } figure)
            {
                VerifyTable.Row(terminal, "  " + moment.Name, figure);
            }
        }
    }

    private static string PerCpu(IReadOnlyList<int> pages) =>
        pages.Count > CpusShown
            ? pages.Sum().ToString("N0", CultureInfo.InvariantCulture)
            : string.Join(" + ", pages.Select(count => count.ToString("N0", CultureInfo.InvariantCulture)));
}
