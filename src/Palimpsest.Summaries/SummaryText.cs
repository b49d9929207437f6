using System.Globalization;
using Palimpsest.Lab.Metrics;
using Palimpsest.Reports.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Summaries;

/// <summary>What a sweep tells, on a terminal.</summary>
public static class SummaryText
{
    private const int MostDesigns = 40;
    private const string None = "-";

    /// <summary>The answer, then a row a design, as wide as the terminal.</summary>
    public static void Write(Terminal terminal, SweepSummary summary)
    {
        foreach (string sentence in SweepAnswer.Of(summary))
        {
            terminal.Paragraph(sentence);
        }

        if (summary.Designs.Count > 0)
        {
            terminal.Line();
            WriteDesigns(terminal, summary.Designs);
        }

        if (summary.Runs.Count > 0)
        {
            terminal.Line();
            WriteRuns(terminal, summary.Runs);
        }

        if (summary.Searches.Count > 0)
        {
            terminal.Line();
            WriteSearches(terminal, summary.Searches);
        }

        foreach (RefusedCells refused in summary.Refused)
        {
            terminal.Line();
            terminal.Paragraph(InvariantText.Of(
                $"{refused.Label}: {refused.Cells:N0} {(refused.Cells == 1 ? "cell" : "cells")} without figures: {refused.Reason}"));
        }
    }

    /// <summary>Rows of a question as a table, texts to the left and numbers to the right.</summary>
    public static void Write(Terminal terminal, QueryAnswer answer) => Table(terminal,
        [.. answer.Columns],
        [.. answer.Rows.Select(row => row.Select(Shown).ToArray())],
        [.. answer.Columns.Select((_, column) => answer.Rows.All(row => row[column] is string or null))]);

    private static void WriteDesigns(Terminal terminal, IReadOnlyList<DesignSummary> designs)
    {
        Table(terminal, ["design", "best", "as good", "of", "out", "regret", "given", "min", "net", "95 %", "cost s", "front"],
            [.. designs.Take(MostDesigns).Select(design => new[]
            {
                design.Label, design.IsBound ? None : Count(design.BestIn), design.IsBound ? None : Count(design.AsGoodIn),
                Count(design.Cells), design.IsBound ? None : Count(design.OutIn), design.IsBound ? None : Number(design.WorstRegret, 2),
                Number(design.Given, 2), Number(design.Least, 2), Number(design.Net, 2), Interval(design.OverSeeds),
                Number(design.Cost, 4), design.IsOnFront ? "*" : "",
            })], [true, false, false, false, false, false, false, false, false, false, false, false]);
        if (designs.Count > MostDesigns)
        {
            terminal.Paragraph($"{designs.Count - MostDesigns} more designs: --csv - has all cells, --html a page.");
        }

        terminal.Line();
        terminal.Paragraph("best: settings in which it is best; as good: gives back as much but for 1 % of the carve-out; of: settings and "
            + "seeds compared; out: loses too much to compete; regret: what the best gives back more, at the worst, given, min, net: % of "
            + "the carve-out, net less stranded; 95 %: of net, over seeds; cost: modelled, mean; front: nobody "
            + "gives back as much net for as little.");
    }

    private static void WriteRuns(Terminal terminal, IReadOnlyList<RunSummary> runs)
    {
        Table(terminal, ["design", "saved %", "95 %", "better", "of", "given", "oom"],
            [.. runs.Take(MostDesigns).Select(run => new[]
            {
                run.Label, Number(run.Saved?.Mean, 2), Interval(run.Saved), Count(run.BetterIn), Count(run.Cells), Number(run.Given, 2),
                Number(run.OomKills, 0),
            })], [true, false, false, false, false, false, false]);
        terminal.Line();
        terminal.Paragraph("saved: of the pages that today's machine (static) reclaims with the same seed, what it does not; 95 %: of its "
            + "mean, over seeds; given: % of the carve-out.");
    }

    private static void WriteSearches(Terminal terminal, IReadOnlyList<SearchSummary> searches)
    {
        Table(terminal, ["design", "cells", "schedules", "found"], [.. searches.Select(search => new[]
        {
            search.Label, Count(search.Cells), Number(search.Schedules, 0), Number(search.Found, 0),
        })], [true, false, false, false]);
        foreach (SearchSummary search in searches.Where(search => search.Found > 0))
        {
            terminal.Alarm($"{search.Label}: {search.Example ?? ""}");
        }
    }

    private static void Table(Terminal terminal, string[] headings, IReadOnlyList<string[]> rows, bool[] isText)
    {
        int[] widths = [.. headings.Select((heading, column) => rows.Select(row => row[column].Length).Append(heading.Length).Max())];
        terminal.Line(Row(headings));
        foreach (string[] row in rows)
        {
            terminal.Line(Row(row));
        }

        string Row(string[] cells) => string.Join("  ", cells.Select((cell, column) =>
            isText[column] ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd();
    }

    private static string Shown(object? value) => value switch
    {
        null => None,
        double number => number.ToString("0.######", CultureInfo.InvariantCulture),
        _ => OneLine.Of(AnswerValue.TextOf(value)),
    };

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double? value, int decimals) =>
        value is { } number ? number.ToString("N" + decimals, CultureInfo.InvariantCulture) : None;

    private static string Interval(Estimate? estimate) => estimate is { } known && double.IsFinite(known.Low)
        ? $"{Number(known.Low, 2)}..{Number(known.High, 2)}" : None;
}
