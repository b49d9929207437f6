using System.Globalization;
using System.Text.Json;
using DuckDB.NET.Data;
using Palimpsest.Sweeps.Results;
using Palimpsest.Vocabulary;

namespace Palimpsest.Summaries;

/// <summary>
/// The results of a sweep as tables of a database in memory: <c>cells</c>, a row a cell of the program that filled the folder last, and
/// <c>all_builds</c>, those of others and of other experiments too. A question is one SELECT, and reads nothing but these files.
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
        string[] files = [.. ResultFiles.All(Path.GetFullPath(folder)).Select(Quoted)];
        try
        {
            table.Execute($"create view all_builds as select * from read_parquet([{string.Join(", ", files)}], "
                + "union_by_name = true)");
            table.Execute($"create view cells as select * from all_builds where build = {Quoted(facts.Build)}{Asked(table, folder)}");
            table.Lock(files);
        }
        catch (DuckDBException exception)
        {
            connection.Dispose();
            throw new InputException($"{folder}: {OneLine.Of(exception.Message.Split('\n')[0])}; is each cells-*.parquet one of a sweep?",
                exception);
        }

        return table;
    }

    /// <summary>Only what the sweep asked last: an experiment that was there before has its cells in the folder too.</summary>
    private static string Asked(ResultTable table, string folder)
    {
        if (ResultFiles.PlanOf(folder) is not { } plan)
        {
            return "";
        }

        table.Execute($"create table asked as select * from read_csv({Quoted(Path.GetFullPath(plan))}, header = false, "
            + "columns = {'cell': 'varchar'})");
        return $" and cell in (select cell from asked)";
    }

    // Whoever asks may be given the question by somebody else.
    private void Lock(string[] files)
    {
        Execute("set autoinstall_known_extensions = false");
        Execute("set autoload_known_extensions = false");
        Execute($"set allowed_paths = [{string.Join(", ", files)}]");
        Execute("set enable_external_access = false");
        Execute("set lock_configuration = true");
    }

    private void RequireOneSelect(string sql)
    {
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = $"select json_serialize_sql({Quoted(sql)})";
        using JsonDocument parsed = JsonDocument.Parse((string)command.ExecuteScalar()!);
        bool isWrong = parsed.RootElement.GetProperty("error").GetBoolean();
        string? why = isWrong && parsed.RootElement.GetProperty("error_type").GetString() != "not implemented"
            ? parsed.RootElement.GetProperty("error_message").GetString() : null;
        if (isWrong || parsed.RootElement.GetProperty("statements").GetArrayLength() != 1)
        {
            throw new UsageException(why is null ? "--sql: give one SELECT; the table is cells"
                : $"--sql: {OneLine.Of(why.Split('\n')[0].Trim())}; the table is cells, and palimpsest list columns names its figures");
        }
    }

    /// <summary>Asks a question in SQL.</summary>
    /// <exception cref="UsageException">The database does not understand it.</exception>
    public QueryAnswer Ask(string sql)
    {
        RequireOneSelect(sql);
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

    /// <summary>Closes the database, which is in memory.</summary>
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
