using System.Globalization;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Answers;
using Palimpsest.Reports.Columns;
using static Palimpsest.Reports.Columns.DesignColumns;

namespace Palimpsest.Reports.Text;

/// <summary>The answer on a terminal: a sentence, a row a design, then what was assumed.</summary>
public static class ComparisonTable
{
    private const string Star = "*: best of a column, unless most share it, among designs that lose hardly more requests (0.1 %) than the "
        + "one that loses fewest; the two bounds, static and no-mte, apart.";

    private static readonly TableColumn<DesignResult>[] Figures =
    [
        new(Named(StorageColumns.GivenBackMean), "given", 7)
        {
            IsUsual = true, Words = "given: MiB of the carve-out that are not reserved for tags and open to data, as a mean over time, at "
                + "the worst moment, and of 100 % of it",
        },
        new(Named(StorageColumns.GivenBackMin), "", 7) { IsUsual = true },
        new(Named(StorageColumns.GivenBackPercent), "", 6) { IsUsual = true },
        new(Named("lost_requests"), "", 7)
        {
            IsUsual = true, Words = "lost: allocations that failed and tagged requests left untagged",
        },
        new(Named("migrations"), "", 7, "moved") { IsUsual = true, Words = "moved: pages migrated for tags" },
        new(Named("reserve_latency_modelled_ns.p99"), "", 6)
        {
            IsUsual = true, Words = "p99: modelled µs that a tagged page waits for its storage, 99 of 100 less",
        },
        new(Named(StorageColumns.ReservedMax), "reserved", 9) { Words = "reserved: MiB that hold tags, at most" },
        new(Named(StorageColumns.OverIdeal), "", 7) { Words = "/ideal: reserved blocks for each that packed tagged pages would need" },
        new(Named(StorageColumns.UsedMean), "used", 7)
        {
            Words = "used: MiB of the carve-out that held data; a replay shows the order of a design's lists, not what it could hold",
        },
        new(Named(StorageColumns.Stranded), "", 9, "stranded")
        {
            Words = "stranded: MiB of free memory that others than tagged requests get last or not at all",
        },
        new(Named("reservations.failed"), "", 6, "busy") { Words = "busy: reservations that failed" },
    ];

    /// <param name="isWide">All columns, not only those that most look at.</param>
    public static void Write(Terminal terminal, ComparisonResult result, bool isWide = false)
    {
        ComparisonAnswer answer = ComparisonAnswer.Of(result);
        foreach (string sentence in answer.Sentences)
        {
            terminal.Paragraph(sentence);
        }

        terminal.Line();
        terminal.Headline($"{Path.GetFileName(result.Recording.Name)}: {result.Recording.Events:N0} events, "
            + $"{result.Workload.DurationNs / 1e9:N1} s, {result.Workload.TaggedAllocations:N0} tagged allocations{LateTags(result)}; "
            + $"carve-out {CarveOut(result):N1} MiB");
        terminal.Line();
        Ranking ranking = answer.Ranking;
        IReadOnlyList<TableColumn<DesignResult>> shown = WriteRows(terminal, result.Designs, isWide, (figure, design) =>
            ranking.IsBest(figure.Column, design) ? (figure.Text(design) + "*", true) : (figure.Text(design), false));
        UnfitRows.Write(terminal, result.Unfit);
        if (result.Full is not null)
        {
            terminal.Line();
            terminal.Headline($"The machine above is full; in the memory of the recording, most of which may be free:");
            WriteRows(terminal, result.Replayed, isWide, (figure, design) => (figure.Text(design), false));
        }

        terminal.Line();
        terminal.Paragraph(Legend.Of(shown, Figures.Length) + Star);
        terminal.Line();
        foreach (string assumption in result.Assumptions)
        {
            terminal.Paragraph(assumption, indent: 2);
        }

        foreach (DesignResult design in result.Designs.Where(design => design.Violations.Count > 0))
        {
            terminal.Alarm($"{design.Design.Label}: {design.Violations.Count:N0} laws broken, first {design.Violations[0].ToString()}");
        }
    }

    /// <summary>Columns of which no design knows anything are left out.</summary>
    private static IReadOnlyList<TableColumn<DesignResult>> WriteRows(Terminal terminal, IReadOnlyList<DesignResult> designs, bool isWide,
        Func<TableColumn<DesignResult>, DesignResult, (string, bool)> cell)
    {
        RowTable<DesignResult> table = new(terminal,
            [.. Figures.Where(figure => (isWide || figure.IsUsual) && (designs.Count == 0 || designs.Any(figure.Column.IsMeasured)))]);
        foreach (DesignResult design in designs)
        {
            table.Add(design.Design.Label, figure => cell(figure, design));
        }

        return table.Write();
    }

    private static string LateTags(ComparisonResult result) => result.Workload.LateTags == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $" and {result.Workload.LateTags:N0} late");

    private static double CarveOut(ComparisonResult result) => result.Board.CarveOutBytes / (double)(1 << 20);
}
