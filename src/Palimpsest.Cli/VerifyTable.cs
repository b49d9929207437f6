using System.Globalization;
using Palimpsest.Lab.Fidelity;
using Palimpsest.Lab.Reports;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Vocabulary;
using Spectre.Console;

namespace Palimpsest.Cli;

/// <summary>A verification on a terminal, at most 100 columns.</summary>
internal static class VerifyTable
{
    private const int MissesShown = 8;

    public static void Print(IAnsiConsole console, VerifyReport report)
    {
        console.Profile.Width = 100;
        Line(console, $"{Path.GetFileName(report.TraceName)}: {report.Trace.EventCount:N0} events, {report.Trace.Cpus:N0} CPUs, {report.Trace.LostEvents:N0} lost; tallied from second {report.TallyFromSeconds:N1}");
        if (report.OnlyTallied is { } only)
        {
            Line(console, $"{only}");
        }

        console.WriteLine();
        if (report.Guided is { } guided)
        {
            Decisions(console, guided);
            Kinds(console, guided);
            Misses(console, guided);
        }
        else
        {
            Line(console, $"page by page: not possible, the recording has no refills (kmem:mm_page_alloc_zone_locked)");
        }

        if (report.GuidedEnd is { } end)
        {
            Chunks(console, "free lists at the end, guided", end);
        }

        Chunks(console, "free lists at the end, never corrected", report.Free.End);
        Figures(console, report.Free.End);
        MomentTable.Print(console, report.Free);
        foreach (LawViolation violation in report.Free.Violations.Take(3))
        {
            Line(console, $"law broken: {violation}");
        }
    }

    private static void Decisions(IAnsiConsole console, GuidedRun run)
    {
        GuidedTallies tallies = run.Tallies;
        Line(console, $"{"the model decides as the kernel",-40}{"as kernel",12}{"of",12}{"%",10}");
        Row("guided  refill", tallies.Refill);
        Row("        head of a per-CPU list", tallies.PerCpu);
        Row("        request to the buddy lists", tallies.Buddy);
        Row("        next page of a drain", tallies.Drain);
        Row("        ranges found free", run.RangesFree);
        Row("        pages moved out of a range", run.RangeMoves);
        Row("own     allocations", run.Own);
        Row("        when and how many to refill", run.OwnRefills);
        Row("        how many to drain", run.OwnDrains);
        Line(console, $"free    {tallies.AllocationsBeforeDivergence ?? run.Own.Total:N0} allocations before the first decision that differs");
        Line(console, $"silent  {tallies.SilentAllocations:N0} allocations, {tallies.SilentFrees:N0} frees past the lists, {tallies.RangeSurplus:N0} pages of range surplus");
        Line(console, $"deduced {run.FreeAtStart:N0} pages free at the first event, {run.TypedBlocks:N0} pageblock types, {run.LimitsLearned:N0} batch sizes; {tallies.WithdrawnFrames:N0} pages conceded");
        console.WriteLine();

        void Row(string name, DecisionTally tally)
        {
            if (tally.Total > 0)
            {
                Line(console, $"{name,-40}{tally.Predicted,12:N0}{tally.Total,12:N0}{100 * tally.Share,10:N3}");
            }
        }
    }

    private static void Kinds(IAnsiConsole console, GuidedRun run)
    {
        Line(console, $"{"by path, order and type",-40}{"as kernel",12}{"of",12}{"%",10}");
        foreach ((DecisionKind kind, DecisionTally tally) in run.Tallies.Kinds.ByKind)
        {
            Line(console, $"{MissExplanation.PathName(kind.Path) + ", order " + kind.Order + ", " + kind.Type,-40}{tally.Predicted,12:N0}{tally.Total,12:N0}{100 * tally.Share,10:N3}");
        }

        console.WriteLine();
    }

    private static void Misses(IAnsiConsole console, GuidedRun run)
    {
        IReadOnlyList<Miss> misses = run.Tallies.Misses;
        Line(console, $"{misses.Count:N0} misses (--explain N shows the lists)");
        for (int index = 0; index < Math.Min(misses.Count, MissesShown); index++)
        {
            Miss miss = misses[index];
            Line(console, $"{index + 1,4}  {miss.TimeNs / 1e9:N3} s  {MissExplanation.PathName(miss.Path)}, order {miss.Order}, {miss.Type}");
        }

        console.WriteLine();
    }

    private static void Chunks(IAnsiConsole console, string title, Agreement agreement)
    {
        if (agreement is not { ModelChunks: { } model, KernelChunks: { } kernel, FreeDifference: { } difference })
        {
            return;
        }

        Line(console, $"{title}: {100 * difference:N2} % of free memory is of another order or type");
        for (int type = 0; type < MigrateTypes.Count; type++)
        {
            if (Row(model, type) is var ours && Row(kernel, type) is var theirs && (ours.Trim('0', ' ') != "" || theirs.Trim('0', ' ') != ""))
            {
                Line(console, $"  {(MigrateType)type,-12} model  {ours}");
                Line(console, $"  {"",-12} kernel {theirs}");
            }
        }

        console.WriteLine();
    }

    private static string Row(FreeChunkCounts counts, int type) =>
        string.Join(' ', Enumerable.Range(0, Order.Max + 1).Select(order => counts.Chunks[type, order].ToString(CultureInfo.InvariantCulture).PadLeft(6)));

    private static void Figures(IAnsiConsole console, Agreement agreement)
    {
        Line(console, $"{"never corrected",-40}{"model",12}{"kernel",12}{"% off",10}");
        foreach (Figure figure in agreement.Figures)
        {
            Row(console, figure.Name, figure);
        }
    }

    /// <summary>Model, kernel, and how far off.</summary>
    internal static void Row(IAnsiConsole console, string name, Figure figure)
    {
        string difference = figure.Difference is { } share ? (100 * share).ToString("N2", CultureInfo.InvariantCulture) : "";
        Line(console, $"{name,-40}{figure.Model,12:N0}{figure.Kernel,12:N0}{difference,10}");
    }

    private static void Line(IAnsiConsole console, FormattableString text) => console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
