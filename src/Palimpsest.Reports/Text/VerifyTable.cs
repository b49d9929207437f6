using System.Globalization;
using Palimpsest.Lab.Fidelity;
using Palimpsest.Lab.Trials;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Text;

/// <summary>A verification on a terminal.</summary>
public static class VerifyTable
{
    private const int MissesShown = 8;

    /// <summary>The answer, then decisions, causes and lists, as wide as the terminal.</summary>
    public static void Write(Terminal terminal, VerificationResult result)
    {
        terminal.Line($"{Path.GetFileName(result.Recording.Name)}: {result.Recording.Events:N0} events, {result.Recording.Cpus:N0} CPUs, "
            + $"{result.Recording.LostEvents:N0} lost; tallied from second {result.TallyFromSeconds:N1}");
        if (result.OnlyTallied is { } only)
        {
            terminal.Line($"{only}");
        }

        terminal.Line($"{result.Rules.Sentence}");
        terminal.Line();
        if (result.Guided is { } guided)
        {
            if (guided.Storage is { } storage)
            {
                StorageTable.Write(terminal, storage, result.StorageDesign, guided.Misses.Count);
            }

            Decisions(terminal, guided);
            Kinds(terminal, guided);
            Misses(terminal, guided);
        }
        else
        {
            terminal.Line($"page by page: not possible, the recording has no refills (kmem:mm_page_alloc_zone_locked)");
        }

        if (result.GuidedEnd is { } end)
        {
            Chunks(terminal, "free lists at the end, guided", end);
        }

        Chunks(terminal, "free lists at the end, never corrected", result.FreeEnd);
        Figures(terminal, result.FreeEnd.Figures.Concat(result.Storage?.Figures ?? []));
        MomentTable.Write(terminal, result.Moments);
        foreach (string note in result.Notes)
        {
            terminal.Paragraph("note: " + note, indent: 2);
        }

        foreach (LawViolation violation in result.Violations.Take(3))
        {
            terminal.Line($"law broken: {violation}");
        }
    }

    private static void Decisions(Terminal terminal, GuidedResult run)
    {
        terminal.Line($"{"the model decides as the kernel",-40}{"as kernel",12}{"of",12}{"%",10}");
        Row("guided  refill", run.Refill);
        Row("        head of a per-CPU list", run.PerCpu);
        Row("        request to the buddy lists", run.Buddy);
        Row("        next page of a drain", run.Drain);
        Row("        ranges found free", run.RangesFree);
        Row("        pages moved out of a range", run.RangeMoves);
        Row("own     allocations", run.Own);
        Row("        when and how many to refill", run.OwnRefills);
        Row("        how many to drain", run.OwnDrains);
        terminal.Line($"free    {run.AllocationsBeforeDivergence ?? run.Own.Total:N0} allocations before the first decision that differs");
        terminal.Line($"silent  {run.SilentAllocations:N0} allocations, {run.SilentFrees:N0} frees past the lists, {run.RangeSurplus:N0} "
            + $"pages of range surplus");
        terminal.Line($"deduced {run.FreeAtStart:N0} pages free at the first event, {run.TypedBlocks:N0} pageblock types, "
            + $"{run.LimitsLearned:N0} batch sizes; {run.WithdrawnFrames:N0} pages conceded");
        terminal.Line();

        void Row(string name, Tally tally)
        {
            if (tally.Total > 0)
            {
                terminal.Line($"{name,-40}{tally.Predicted,12:N0}{tally.Total,12:N0}{100 * tally.Share,10:N3}");
            }
        }
    }

    private static void Kinds(Terminal terminal, GuidedResult run)
    {
        terminal.Line($"{"by path, order and type",-40}{"as kernel",12}{"of",12}{"%",10}");
        foreach ((DecisionPath path, int order, MigrateType type, Tally tally) in run.ByKind)
        {
            terminal.Line($"{MissExplanation.PathName(path) + ", order " + order + ", " + type,-40}"
                + $"{tally.Predicted,12:N0}{tally.Total,12:N0}{100 * tally.Share,10:N3}");
        }

        terminal.Line();
    }

    private static void Misses(Terminal terminal, GuidedResult run)
    {
        IReadOnlyList<MissedPage> misses = run.Misses;
        terminal.Line($"{misses.Count:N0} misses (--explain N shows the lists)");
        for (int index = 0; index < Math.Min(misses.Count, MissesShown); index++)
        {
            MissedPage miss = misses[index];
            terminal.Line(
                $"{index + 1,4}  {miss.TimeNs / 1e9:N3} s  {MissExplanation.PathName(miss.Path)}, order {miss.Order}, {miss.Type}");
        }

        terminal.Line();
    }

    private static void Chunks(Terminal terminal, string title, Agreement agreement)
    {
        if (agreement is not { ModelChunks: { } model, KernelChunks: { } kernel, FreeDifference: { } difference })
        {
            return;
        }

        int orders = Math.Max(model.Orders, kernel.Orders);
        terminal.Line($"{title}: {100 * difference:N2} % of free memory is of another order or type");
        for (int type = 0; type < MigrateTypes.Count; type++)
        {
            if (Row(model, type, orders) is var ours && Row(kernel, type, orders) is var theirs
                && (ours.Trim('0', ' ') != "" || theirs.Trim('0', ' ') != ""))
            {
                terminal.Line($"  {(MigrateType)type,-12} model  {ours}");
                terminal.Line($"  {"",-12} kernel {theirs}");
            }
        }

        terminal.Line();
    }

    private static string Row(FreeChunkCounts counts, int type, int orders) =>
        string.Join(' ', Enumerable.Range(0, orders)
            .Select(order => counts.CountOf(type, order).ToString(CultureInfo.InvariantCulture).PadLeft(6)));

    private static void Figures(Terminal terminal, IEnumerable<Figure> figures)
    {
        terminal.Line($"{"never corrected",-40}{"model",12}{"kernel",12}{"% off",10}");
        foreach (Figure figure in figures)
        {
            Row(terminal, figure.Name, figure);
        }
    }

    /// <summary>Model, kernel, and how far off.</summary>
    internal static void Row(Terminal terminal, string name, Figure figure)
    {
        string difference = figure.Difference is { } share ? (100 * share).ToString("N2", CultureInfo.InvariantCulture) : "";
        terminal.Line($"{name,-40}{figure.Model,12:N0}{figure.Kernel,12:N0}{difference,10}");
    }
}
