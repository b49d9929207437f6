using System.CommandLine;
using Palimpsest.Summaries;
using Palimpsest.Sweeps.Results;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>palimpsest results: what a sweep tells, or whatever else one asks of its cells.</summary>
internal sealed class ResultsCommand
{
    private readonly InputArgument _folder = new("FOLDER") { Description = "results of a sweep" };
    private readonly Option<string?> _sql = new("--sql")
    {
        Description = "a question to the table cells, in DuckDB's SQL; palimpsest list columns names its figures", HelpName = "SQL",
    };

    private readonly OutputOption _csv = new("--csv") { Description = "write all cells, or the answer to --sql, as CSV; - for standard "
        + "output", HelpName = "FILE" };
    private readonly OutputOption _html = new("--html") { Description = "write a page with heat maps over two parameters, filters and the "
        + "command of each cell; - for standard output", HelpName = "FILE" };
    private readonly DisplayOption _quiet = new("--quiet") { Description = "print nothing but errors" };

    public static Command Create() => new ResultsCommand().Build();

    private Command Build()
    {
        Command command = new("results", "What a sweep tells: which design is best in how many settings, at what cost, by what chance.")
        {
            _folder, _sql, _csv, _html, _quiet,
        };
        command.SetAction(parsed => Run(parsed));
        return command;
    }

    private int Run(ParseResult parsed)
    {
        (string folder, string? sql) = (parsed.GetValue(_folder)!, parsed.GetValue(_sql));
        (string? csv, string? html) = (parsed.GetValue(_csv), parsed.GetValue(_html));
        if (sql is not null && html is not null)
        {
            throw new UsageException("--sql and --html: the page shows the whole sweep; give one of them");
        }

        if (csv == OutputFile.StandardOutput && html == OutputFile.StandardOutput)
        {
            throw new UsageException("--csv and --html: both to standard output would be mixed; give one of them a file");
        }

        foreach (string path in new[] { csv, html }.OfType<string>())
        {
            if (path != OutputFile.StandardOutput && ResultFiles.IsOwn(folder, path))
            {
                throw new UsageException($"{path}: is a file of the results themselves; give another");
            }

            OutputFile.Check(path);
        }

        using ResultTable table = ResultTable.Open(folder);
        bool isQuiet = parsed.GetValue(_quiet) || csv == OutputFile.StandardOutput || html == OutputFile.StandardOutput;
        if (sql is not null)
        {
            QueryAnswer answer = table.Ask(sql);
            Csv(csv, answer);
            Show(isQuiet || csv is not null, terminal => SummaryText.Write(terminal, answer));
            return ExitCode.Holds;
        }

        if (csv is not null)
        {
            Csv(csv, table.Ask(SummaryCsv.AllCells));
        }

        SweepSummary summary = SweepSummary.Of(table);
        if (html is not null)
        {
            OutputFile.WriteText(html, writer => SummaryHtml.Write(writer, table, summary,
                Reports.Provenance.Of(["results", Call.NameOf(folder)], [])));
        }

        Show(isQuiet, terminal => SummaryText.Write(terminal, summary));
        return summary.Broken == 0 ? ExitCode.Holds : ExitCode.LawViolated;
    }

    private static void Csv(string? path, QueryAnswer answer)
    {
        if (path is not null)
        {
            OutputFile.WriteText(path, writer => SummaryCsv.Write(writer, answer));
        }
    }

    private static void Show(bool isQuiet, Action<Reports.Text.Terminal> write)
    {
        if (!isQuiet)
        {
            Shown.Write(write);
        }
    }
}
