using System.Globalization;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;
using static Palimpsest.Reports.Columns.DesignColumns;

namespace Palimpsest.Reports.Text;

/// <summary>The answer on a terminal: a row a design, then what was assumed.</summary>
public static class ComparisonTable
{
    private const string Legend =
        "given, used, reserved: MiB of the carve-out that are not reserved for tags; that hold data; that hold tags. "
        + "/ideal: reserved blocks for each that packed tagged pages would need. stranded: MiB of free memory that others than "
        + "tagged requests get last or not at all. moved: pages migrated for tags. busy: reservations that failed. lost: allocations "
        + "that failed and tagged requests left untagged. p99: modelled µs that a tagged page waits for its storage. *: best of a "
        + "column, unless most share it, among designs that lose "
        + "hardly more requests (0.1 %) than the one that loses fewest; the two bounds apart.";

    private static readonly TableColumn<DesignResult>[] Figures =
    [
        new(Named(StorageColumns.GivenBackMean), "given", 8),
        new(Named(StorageColumns.GivenBackMin), "", 7),
        new(Named(StorageColumns.GivenBackPercent), "", 6),
        new(Named(StorageColumns.UsedMean), "used", 7),
        new(Named(StorageColumns.ReservedMax), "reserved", 9),
        new(Named(StorageColumns.OverIdeal), "", 7),
        new(Named(StorageColumns.Stranded), "", 9, "stranded"),
        new(Named("migrations"), "", 8, "moved"),
        new(Named("reservations.failed"), "", 6, "busy"),
        new(Named("lost_requests"), "", 8),
        new(Named("reserve_latency_modelled_ns.p99"), "", 7),
    ];

    private static readonly string[] OfBothViews =
        [StorageColumns.GivenBackMean, StorageColumns.GivenBackMin, StorageColumns.ReservedMax, StorageColumns.OverIdeal,
            StorageColumns.Stranded, "migrations", "lost_requests"];

    public static void Write(Terminal terminal, ComparisonResult result)
    {
        terminal.Headline($"{Path.GetFileName(result.Recording.Name)}: {result.Recording.Events:N0} events, "
            + $"{result.Workload.DurationNs / 1e9:N1} s, {result.Workload.TaggedAllocations:N0} tagged allocations{LateTags(result)}; "
            + $"carve-out {CarveOut(result):N1} MiB");
        terminal.Line();
        Ranking ranking = new(result);
        RowTable<DesignResult> table = new(terminal, Figures);
        table.WriteHeadings();
        foreach (DesignResult design in result.Designs)
        {
            table.WriteRow(design.Design.Label, figure => Cell(ranking, figure, design));
        }

        UnfitRows.Write(terminal, result.Unfit);
        if (result.Full is not null)
        {
            WriteReplayed(terminal, result);
        }

        terminal.Paragraph(Legend);
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

    private static void WriteReplayed(Terminal terminal, ComparisonResult result)
    {
        terminal.Line();
        terminal.Headline($"The machine above is full; in the memory of the recording, most of which may be free:");
        RowTable<DesignResult> table = new(terminal, [.. Figures.Where(figure => OfBothViews.Contains(figure.Column.Id))]);
        table.WriteHeadings();
        foreach (DesignResult design in result.Replayed)
        {
            table.WriteRow(design.Design.Label, figure => (figure.Text(design), false));
        }
    }

    private static (string Text, bool IsBest) Cell(Ranking ranking, TableColumn<DesignResult> figure, DesignResult design) =>
        !design.KnowsUse && figure.Column.Id == StorageColumns.UsedMean ? ("-", false)
        : ranking.IsBest(figure.Column, design) ? (figure.Text(design) + "*", true) : (figure.Text(design), false);

    private static string LateTags(ComparisonResult result) => result.Workload.LateTags == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $" and {result.Workload.LateTags:N0} late");

    private static double CarveOut(ComparisonResult result) => result.Board.CarveOutBytes / (double)(1 << 20);
}
