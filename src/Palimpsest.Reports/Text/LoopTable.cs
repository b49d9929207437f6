using System.Globalization;
using Palimpsest.Lab.ClosedLoops;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;
using static Palimpsest.Reports.Columns.LoopColumns;

namespace Palimpsest.Reports.Text;

/// <summary>A closed loop on a terminal: a row a design.</summary>
public static class LoopTable
{
    private const string Legend =
        "given, used, reserved: MiB of the carve-out that are not reserved for tags; that hold data; that hold tags. moved: pages "
            + "migrated for tags. "
        + "fault: first accesses to tagged pages without storage. out: pages swapped out; back: pages that came back from swap or a "
            + "file; both in "
        + "thousands. dropped: clean file pages thrown out, in thousands. oom: processes killed. saved: share of out and dropped that "
            + "today's machine (static) "
        + "would have had more.";

    private const double Thousands = 1000;

    private static readonly TableColumn<LoopDesignResult>[] Figures =
    [
        new(Named(StorageColumns.GivenBackMean), "given", 7),
        new(Named(StorageColumns.GivenBackMin), "", 6),
        new(Named(StorageColumns.UsedMean), "used", 6),
        new(Named(StorageColumns.ReservedMax), "reserved", 9),
        new(Named("migrations"), "", 9),
        new(Named("faults_on_access"), "", 8),
        new(Named("swap_outs"), "", 7, Scale: Thousands, Decimals: 1),
        new(Named("refaults"), "", 7, Scale: Thousands, Decimals: 1),
        new(Named("file_pages_dropped"), "", 8, Scale: Thousands, Decimals: 1),
        new(Named("oom_kills"), "", 5),
        new(Named("saved_percent"), "", 8),
    ];

    public static void Write(Terminal terminal, LoopResult result)
    {
        terminal.Headline($"{result.Workload}: {result.Parameters.Steps:N0} steps on {Mebibytes(result, result.Parameters.Pages):N0} "
            + $"MiB, {Share(result.Parameters)} tagged, seed {result.Parameters.Seed}; RAM {result.Board.DataBytes / (1 << 20):N0} MiB, "
            + $"carve-out {result.Board.CarveOutBytes / (double)(1 << 20):N2} MiB, swap {Mebibytes(result, result.SwapPages):N0} MiB");
        terminal.Line();
        RowTable<LoopDesignResult> table = new(terminal, Figures);
        table.WriteHeadings();
        foreach (LoopDesignResult design in result.Designs)
        {
            table.WriteRow(design.Design.Label, figure => (Cell(figure, design), false));
        }

        UnfitRows.Write(terminal, result.Unfit);
        terminal.Paragraph(Legend);
        foreach (LoopDesignResult design in result.Designs.Where(design => design.Violations.Count > 0))
        {
            terminal.Alarm($"{design.Design.Label}: {design.Violations.Count:N0} laws broken, first {design.Violations[0].ToString()}");
        }
    }

    private static string Cell(TableColumn<LoopDesignResult> figure, LoopDesignResult design) =>
        figure.Column.Unit != Unit.Percent ? figure.Text(design)
        : figure.Column.IsMeasured(design) ? figure.Text(design) + " %"
        : "-";

    private static double Mebibytes(LoopResult result, int pages) => StorageColumns.Mebibytes(pages, result.Board.PageBytes);

    private static string Share(LoopParameters parameters) => parameters.TaggedFrom == parameters.TaggedTo
        ? string.Create(CultureInfo.InvariantCulture, $"{parameters.TaggedFrom:P0}")
        : string.Create(CultureInfo.InvariantCulture, $"{parameters.TaggedFrom:P0} to {parameters.TaggedTo:P0}");
}
