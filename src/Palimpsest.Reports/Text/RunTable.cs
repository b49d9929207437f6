using System.Globalization;
using System.Text;
using Palimpsest.Races.Trials;

namespace Palimpsest.Reports.Text;

/// <summary>
/// One run as text that can be pasted into a mail: a line a step, a column an actor, beside it letters for the locks that it
/// held, under it what happened (!) and what is so now (|), and below all the law that was broken. No line but that of the schedule is
/// longer than a hundred columns.
/// </summary>
public static class RunTable
{
    private const int LineWidth = 100;
    private const int Margin = 5;
    private const int Gap = 2;
    private const int LeastWords = 12;

    /// <summary>A column an actor, a line a step, with the locks that each holds.</summary>
    public static string Print(ToldRun run)
    {
        IReadOnlyList<RunRow> rows = run.Rows;
        List<string> locks = [.. rows.SelectMany(row => row.Held).Distinct()];
        Column[] columns = Columns(run.Actors, rows, locks);
        StringBuilder text = new();
        AppendLine(text, "", columns.Select(column => column.Cell(column.Actor, column.Locks > 0 ? "locks" : "")));
        foreach (RunRow row in rows)
        {
            Column own = columns[row.Actor];
            string number = row.Number > 0 ? row.Number.ToString(CultureInfo.InvariantCulture) : "";
            AppendLine(text, number, columns.Take(row.Actor).Select(column => column.Cell("", ""))
                .Append(own.Cell(Words(row, locks, own.Words), Letters(row.Held, locks))));
            AppendWrapped(text, "! ", Pieces(row.Heard));
            AppendWrapped(text, "| ", Pieces(row.State));
        }

        AppendWrapped(text, "locks: ",
            [.. locks.Select((name, index) => $"{Letter(index)} {name}{Each(name)}{(index < locks.Count - 1 ? "," : "")}")]);
        if (run is { Law: { } law, Failure: { } failure })
        {
            AppendWrapped(text, "broken: ", Pieces(failure));
            AppendWrapped(text, "law: ", Pieces(LawWords.Of(law)));
        }

        return text.Append(' ', Margin).Append(run.Schedule).Append('\n').ToString();
    }

    /// <summary>As wide as their words; where that is too much, the widest gives way.</summary>
    private static Column[] Columns(IReadOnlyList<string> actors, IReadOnlyList<RunRow> rows, List<string> locks)
    {
        Column[] columns = new Column[actors.Count];
        for (int actor = 0; actor < actors.Count; actor++)
        {
            RunRow[] own = [.. rows.Where(row => row.Actor == actor)];
            int held = own.Length == 0 ? 0 : own.Max(row => Letters(row.Held, locks).Length);
            columns[actor] = new Column(actors[actor], own.Select(row => row.Words.Length).Append(actors[actor].Length).Max(), held == 0
                ? 0
                : Math.Max(held, "locks".Length));
        }

        while (columns.Sum(column => column.Width) + Margin > LineWidth && Array.Exists(columns, column => column.Words > LeastWords))
        {
            int widest = Enumerable.Range(0, columns.Length).MaxBy(index => columns[index].Words);
            columns[widest] = columns[widest] with { Words = columns[widest].Words - 1 };
        }

        return columns;
    }

    private static string Words(RunRow row, List<string> locks, int width) => row.Words.Length <= width ? row.Words
        : row.Took is { } took ? $"take {Letter(locks.IndexOf(took))}"
        : row.Words[..(width - 2)] + "..";

    private static string Letters(IReadOnlyList<string> held, List<string> locks) =>
        string.Join(' ', held.Select(name => Letter(locks.IndexOf(name))));

    private static string Letter(int index) =>
        $"{(char)('a' + (index % 26))}{(index < 26 ? "" : (index / 26).ToString(CultureInfo.InvariantCulture))}";

    private static void AppendLine(StringBuilder text, string number, IEnumerable<string> cells)
    {
        string line = string.Concat(cells.Prepend(number.PadLeft(Margin - Gap) + new string(' ', Gap))).TrimEnd();
        text.Append(line.Length <= LineWidth ? line : line[..LineWidth]).Append('\n');
    }

    private static string[] Pieces(string? text) => text?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Locks that have one name though there are many of them.</summary>
    private static string Each(string name) => name switch
    {
        "mmap_lock" => " (each process its own)",
        "page_table_lock" => " (each table its own)",
        _ => "",
    };

    /// <summary>Pieces of text beside a word, in as many lines as they need; nothing when there are none.</summary>
    private static void AppendWrapped(StringBuilder text, string head, string[] pieces)
    {
        string start = new string(' ', Margin) + head;
        string line = start;
        foreach (string piece in pieces)
        {
            if (line.Length + piece.Length > LineWidth && line.Length > start.Length)
            {
                text.Append(line.TrimEnd()).Append('\n');
                line = new string(' ', start.Length);
            }

            line += piece + " ";
        }

        text.Append(pieces.Length == 0 ? "" : line.TrimEnd() + "\n");
    }

    /// <summary>Columns of text for one actor: what it does, and the locks that it holds.</summary>
    private readonly record struct Column(string Actor, int Words, int Locks)
    {
        public int Width => Words + Gap + (Locks > 0 ? Locks + Gap : 0);

        public string Cell(string words, string locks) => (words.PadRight(Words + Gap) + locks).PadRight(Width);
    }
}
