using System.Globalization;
using DuckDB.NET.Data;
using Palimpsest.Sweeps.Results;
using Palimpsest.Vocabulary;

namespace Palimpsest.Summaries;

/// <summary>
/// The results of a sweep as tables of a database in memory: <c>cells</c>, a row a cell of the program that filled the folder last, and
/// <c>all_builds</c>, those of others too. Nothing can be changed in the folder through it.
/// </summary>
public sealed class ResultTable : IDisposable
{
    private readonly DuckDBConnection _connection;

    private ResultTable(string folder, DuckDBConnection connection, SweepFacts facts) =>
        (Folder, _connection, Facts) = (folder, connection, facts);

    /// <summary>As it was given.</summary>
    public string Folder { get; }

    internal SweepFacts Facts { get; }

    /// <exception cref="InputException">The folder has no results, or one of its files is damaged.</exception>
    public static ResultTable Open(string folder)
    {
        SweepFacts facts = SweepFacts.Read(folder);
        if (!ResultFiles.All(folder).Any())
        {
            throw new InputException($"{folder}: no cell is in a file yet; palimpsest sweep goes on with it");
        }

        if (ResultFiles.Damaged(folder) is [var first, ..])
        {
            throw new InputException(
                $"{Path.Combine(folder, first)}: damaged, its bytes are not those that were written; "
                + "palimpsest sweep computes its cells again");
        }

        DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        ResultTable table = new(folder, connection, facts);
        string files = Quoted(Path.Combine(Path.GetFullPath(folder), ResultFiles.Pattern));
        table.Execute($"create view all_builds as select * from read_parquet({files}, union_by_name = true)");
        table.Execute($"create view cells as select * from all_builds where build = {Quoted(facts.Build)}");
        return table;
    }

    /// <summary>Asks a question in SQL.</summary>
    /// <exception cref="UsageException">The database does not understand it.</exception>
    public QueryAnswer Ask(string sql)
    {
        try
        {
            using DuckDBCommand command = _connection.CreateCommand();
            command.CommandText = sql;
            using DuckDBDataReader reader = command.ExecuteReader();
            List<string> columns = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
            List<object?[]> rows = [];
            while (reader.Read())
            {
                object?[] row = new object?[columns.Count];
                for (int column = 0; column < row.Length; column++)
                {
                    row[column] = reader.IsDBNull(column) ? null : reader.GetValue(column);
                }

                rows.Add(row);
            }

            return new QueryAnswer(columns, rows);
        }
        catch (DuckDBException exception)
        {
            throw new UsageException($"--sql: {exception.Message.Split('\n')[0].Trim()}; the table is cells, and palimpsest list columns "
                + "names its figures");
        }
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>A question that this program asks itself.</summary>
    /// <param name="name">Of its file.</param>
    internal QueryAnswer AskOwn(string name)
    {
        using Stream stream = typeof(ResultTable).Assembly.GetManifestResourceStream($"Palimpsest.Summaries.{name}.sql")!;
        using StreamReader reader = new(stream);
        return Ask(reader.ReadToEnd());
    }

    internal static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private void Execute(string sql)
    {
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

/// <summary>Rows that a question gave.</summary>
public sealed record QueryAnswer(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    /// <summary>A value as it stands in CSV: numbers so that they read back the same.</summary>
    internal static string TextOf(object? value) => value switch
    {
        null => "",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        System.Collections.IEnumerable list and not string => string.Join(' ', list.Cast<object?>().Select(TextOf)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
