using System.Globalization;
using Palimpsest.Lab.Census;
using Palimpsest.Reports.Columns;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Text;

/// <summary>A census on a terminal.</summary>
public static class CensusTable
{
    private const int MostProcesses = 12;
    private const int BarWidth = 46;
    private const int NameWidth = 26;

    private static readonly TableColumn<Scatter>[] Figures =
        [.. ScatterColumns.All.Select(column => new TableColumn<Scatter>(column, "", column.Unit == Unit.Ratio ? 8 : 12))];

    /// <summary>The answer, the table, the histogram, as wide as the terminal.</summary>
    public static void Write(Terminal terminal, CensusResult census)
    {
        terminal.Headline($"{OneLine.Of(census.Name)}: {CensusWords.Memory(census)}");
        terminal.Line();
        terminal.Paragraph(Answer(census));
        foreach (string note in census.Notes)
        {
            terminal.Paragraph(OneLine.Of(note));
        }

        terminal.Line();
        RowTable<Scatter> table = new(terminal, Figures, "if they were tagged", NameWidth);
        WriteRow(table, "all", census.All);
        WriteRow(table, "in base pages", census.Base);
        WriteRow(table, "in huge pages", census.Huge);
        table.Write();
        WriteFill(terminal, census);
        WriteKinds(terminal, census);
        WriteProcesses(terminal, census);
    }

    private static string Answer(CensusResult census) => census.All.OverIdeal is { } ratio
        ? InvariantText.Of($"If {CensusWords.Condition(census)} were tagged where it lies: {census.All.TagPages:N0} tag pages for ")
            + InvariantText.Of($"{census.All.Pages:N0} pages, where {census.All.IdealTagPages:N0} would do: {ratio:N2} times the ideal. ")
            + InvariantText.Of($"Of the carve-out {census.Mebibytes(census.CarveOutPages - census.All.TagPages):N1} MiB ")
            + InvariantText.Of($"({census.GivenBackPercent:N1} %) are given back; {census.IdealGivenBackPercent:N1} % could be.")
        : $"Nothing would need tags if {CensusWords.Condition(census)} were tagged.";

    private static void WriteRow(RowTable<Scatter> table, string name, Scatter scatter) => table.AddPlain(
        OneLine.Of(name), figure => (figure.Column.IsMeasured(scatter) ? figure.Text(scatter) : "-", false));

    private static void WriteFill(Terminal terminal, CensusResult census)
    {
        if (census.All.Pages == 0)
        {
            return;
        }

        terminal.Line();
        terminal.Line("pages in a block of 32    blocks");
        (int From, int To, long Blocks)[] fills = [.. CensusWords.Fills(census.All)];
        long most = fills.Max(fill => fill.Blocks);
        foreach ((int from, int to, long blocks) in fills)
        {
            string name = from == to ? InvariantText.Of($"{from}") : InvariantText.Of($"{from} to {to}");
            string bar = new('#', (int)Math.Ceiling((double)blocks * BarWidth / most));
            terminal.Line($"{name,22}{blocks,10:N0}  {bar}".TrimEnd());
        }

        long others = census.Neighbours.Sum(kind => kind.Pages);
        string shares = string.Join(", ", census.Neighbours.OrderByDescending(kind => kind.Pages)
            .Select(kind => InvariantText.Of($"{CensusWords.Kind(kind.Kind)} {100.0 * kind.Pages / others:N1} %")));
        terminal.Paragraph(others == 0 ? "Nothing else lies in them." : $"Beside them in these blocks lie: {shares}.");
    }

    private static void WriteKinds(Terminal terminal, CensusResult census)
    {
        terminal.Line();
        RowTable<Scatter> table = new(terminal, Figures, "all pages by kind", NameWidth);
        foreach (KindScatter kind in census.Kinds)
        {
            WriteRow(table, CensusWords.Kind(kind.Kind), kind.Scatter);
        }

        table.Write();
    }

    private static void WriteProcesses(Terminal terminal, CensusResult census)
    {
        if (census.Processes.Count == 0)
        {
            return;
        }

        terminal.Line();
        RowTable<Scatter> table = new(terminal, Figures, "whose they are", NameWidth);
        foreach (ProcessScatter process in census.Processes.Take(MostProcesses))
        {
            WriteRow(table, InvariantText.Of($"{process.Pid,7} {process.Name}"), process.Scatter);
        }

        table.Write();
        if (census.Processes.Count > MostProcesses)
        {
            terminal.Line(string.Create(CultureInfo.InvariantCulture,
                $"{census.Processes.Count - MostProcesses:N0} more have less; --json has all"));
        }
    }
}
