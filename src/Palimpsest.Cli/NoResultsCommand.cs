using System.CommandLine;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>palimpsest results, of the native program, which is one file and has no DuckDB beside it.</summary>
internal static class ResultsCommand
{
    public static Command Create()
    {
        Command command = new("results", "What a sweep tells; not in the native program, which has no DuckDB.")
        {
            new Argument<string[]>("FOLDER") { Arity = ArgumentArity.ZeroOrMore },
        };
        command.SetAction(new Func<ParseResult, int>(_ => throw new UsageException("results: the native program has no DuckDB, which "
            + "reads them; use the program that dotnet builds, or duckdb itself: select * from 'FOLDER/cells-*.parquet'")));
        return command;
    }
}
