using System.Globalization;
using Palimpsest.Lab.ClosedLoops;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Answers;
using Palimpsest.Reports.Columns;
using static Palimpsest.Reports.Columns.SpreadColumns;

namespace Palimpsest.Reports.Text;

/// <summary>A closed loop on a terminal: a sentence, then a row a design.</summary>
public static class LoopTable
{
    private const double Thousands = 1000;

    private static readonly TableColumn<LoopSpread>[] Figures =
    [
        new(Named(SavedMean), "saved %", 7)
        {
            IsUsual = true, Words = "saved: share of the pages that today's machine (static) reclaims, swapped out or dropped, which this "
                + "design does not, mean of the seeds and the 95 % interval of that mean",
        },
        new(Named(SavedLow), "from", 6, "95 %") { IsUsual = true },
        new(Named(SavedHigh), "to", 6, "95 %") { IsUsual = true },
        new(Named(BetterIn), "", 7) { IsUsual = true, Words = "better: seeds in which it reclaims less than static" },
        new(Named(StorageColumns.GivenBackMean), "given", 7)
        {
            IsUsual = true, Words = "given: MiB of the carve-out that are not reserved for tags, mean and at the worst moment",
        },
        new(Named(StorageColumns.GivenBackMin), "", 6) { IsUsual = true },
        new(Named("oom_kills"), "", 5, Decimals: 1) { IsUsual = true, Words = "oom: processes killed, a seed" },
        new(Named(StorageColumns.UsedMean), "used", 6) { Words = "used, reserved: MiB of it that hold data; that hold tags, at most" },
        new(Named(StorageColumns.ReservedMax), "reserved", 9),
        new(Named("migrations"), "", 9) { Words = "moved: pages migrated for tags" },
        new(Named("faults_on_access"), "", 8) { Words = "fault: first accesses to tagged pages without storage" },
        new(Named("swap_outs"), "", 7, Scale: Thousands, Decimals: 1)
        {
            Words = "out, back, dropped: thousands of pages swapped out, come back from swap or a file, and of clean file pages thrown out",
        },
        new(Named("refaults"), "", 7, Scale: Thousands, Decimals: 1),
        new(Named("file_pages_dropped"), "", 8, Scale: Thousands, Decimals: 1),
    ];

    /// <param name="isWide">All columns, not only those that most look at.</param>
    public static void Write(Terminal terminal, LoopStudy study, bool isWide = false)
    {
        foreach (string sentence in LoopAnswer.Of(study).Sentences)
        {
            terminal.Paragraph(sentence);
        }

        terminal.Line();
        WriteHeadline(terminal, study);
        terminal.Line();
        RowTable<LoopSpread> table = new(terminal, [.. Figures.Where(figure => (isWide || figure.IsUsual)
            && study.Designs.Any(figure.Column.IsMeasured))]);
        foreach (LoopSpread design in study.Designs)
        {
            table.Add(design.Design.Label, figure => (figure.Text(design), false));
        }

        IReadOnlyList<TableColumn<LoopSpread>> shown = table.Write();
        UnfitRows.Write(terminal, study.First.Unfit);
        terminal.Line();
        terminal.Paragraph(Legend.Of(shown, Figures.Length));
        foreach (LoopDesignResult design in study.Seeds.SelectMany(seed => seed.Designs).Where(design => design.Violations.Count > 0))
        {
            terminal.Alarm($"{design.Design.Label}: {design.Violations.Count:N0} laws broken, first {design.Violations[0].ToString()}");
        }
    }

    private static void WriteHeadline(Terminal terminal, LoopStudy study)
    {
        LoopResult first = study.First;
        string seeds = study.Seeds.Count == 1 ? $"seed {first.Parameters.Seed}"
            : $"seeds {first.Parameters.Seed} to {study.Seeds[^1].Parameters.Seed}";
        terminal.Headline($"{first.Workload}: {first.Parameters.Steps:N0} steps on {Mebibytes(first, first.Parameters.Pages):N0} "
            + $"MiB, {Share(first.Parameters)} tagged, {Full(first.Parameters)}{seeds}; RAM {first.Board.DataBytes / (1 << 20):N0} MiB, "
            + $"carve-out {first.Board.CarveOutBytes / (double)(1 << 20):N2} MiB, swap {Mebibytes(first, first.SwapPages):N0} MiB");
    }

    private static string Full(LoopParameters parameters) => parameters.IsFull ? "page cache in all that is free, " : "";

    private static double Mebibytes(LoopResult result, int pages) => StorageColumns.Mebibytes(pages, result.Board.PageBytes);

    private static string Share(LoopParameters parameters) => parameters.TaggedFrom == parameters.TaggedTo
        ? string.Create(CultureInfo.InvariantCulture, $"{parameters.TaggedFrom:P0}")
        : string.Create(CultureInfo.InvariantCulture, $"{parameters.TaggedFrom:P0} to {parameters.TaggedTo:P0}");
}
