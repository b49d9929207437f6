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
    private readonly PassingFolder _own;

    private ResultTable(string folder, DuckDBConnection connection, PassingFolder own) =>
        (Folder, _connection, _own, Facts) = (folder, connection, own, SweepFacts.Read(folder));

    /// <summary>As it was given.</summary>
    public string Folder { get; }

    internal SweepFacts Facts { get; }

    /// <summary>Cells that broke three times and have no row.</summary>
    internal int SetAside { get; private set; }

    /// <summary>Opens what there is, while a sweep goes on too.</summary>
    /// <exception cref="InputException">The folder has no results, or one of its files is damaged.</exception>
    public static ResultTable Open(string folder)
    {
        SweepFacts.Read(folder);
        DuckDBConnection connection = new("DataSource=:memory:");
        ResultTable table = new(folder, connection, PassingFolder.Make());
        try
        {
            connection.Open();
            table.Fill();
            return table;
        }
        catch (DuckDBException exception)
        {
            table.Dispose();
            throw new InputException($"{folder}: {OneLine.Of(exception.Message.Split('\n')[0])}; is each cells-*.parquet one of a sweep?",
                exception);
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    private void Fill()
    {
        // Each question would read what each file says of itself again.
        Execute("set parquet_metadata_cache = true");
        // In this order: a sweep that runs puts cells into files and then takes them out of its journal.
        UnfiledCells unfiled = UnfiledCells.Write(Folder, _own.Path);
        SetAside = unfiled.SetAside;
        string[] files = [.. ResultFiles.All(Path.GetFullPath(Folder)).Select(Quoted)];
        if (files.Length == 0 && unfiled.Path is null)
        {
            throw new InputException($"{Folder}: no cell is done yet; palimpsest sweep goes on with it");
        }

        if (ResultFiles.Damaged(Folder) is [var first, ..])
        {
            throw new InputException(
                $"{Path.Combine(Folder, first)}: damaged, its bytes are not those that were written; "
                + "palimpsest sweep computes its cells again");
        }

        string filed = $"select * from read_parquet([{string.Join(", ", files)}], union_by_name = true)";
        string open = $"select * from read_parquet([{Quoted(unfiled.Path ?? "")}])";
        Execute("create view all_builds as " + (unfiled.Path is null ? filed : files.Length == 0 ? open
            : $"{filed} union all by name {open} where cell not in (select cell from ({filed}))"));
        Execute($"create view cells as select * from all_builds where build = {Quoted(Facts.Build)}{Asked()}");
        Lock(unfiled.Path is null ? files : [.. files, Quoted(unfiled.Path)]);
    }

    /// <summary>Only what the sweep asked last: an experiment that was there before has its cells in the folder too.</summary>
    private string Asked()
    {
        if (ResultFiles.PlanOf(Folder) is not { } plan)
        {
            return "";
        }

        Execute($"create table asked as select * from read_csv({Quoted(Path.GetFullPath(plan))}, header = false, "
            + "columns = {'cell': 'varchar'})");
        // As a rule the folder has the cells of one plan and no others, and need not be searched for each at every question.
        const string sums = "select count(*), bit_xor(hash(cell)), sum(hash(cell)) from";
        QueryAnswer both = Ask($"{sums} asked union all {sums} all_builds where build = {Quoted(Facts.Build)}");
        if (both.Rows[0].SequenceEqual(both.Rows[1]))
        {
            return "";
        }

        return " and cell in (select cell from asked)";
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
                    row[column] = ValueOf(reader, column);
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

    // Some values of the database have no type here, as a date before the year 1.
    private static object? ValueOf(DuckDBDataReader reader, int column)
    {
        try
        {
            return reader.IsDBNull(column) ? null : AnswerValue.Of(reader.GetValue(column));
        }
        catch (Exception exception) when (exception is not DuckDBException)
        {
            throw new UsageException($"--sql: a value of {reader.GetName(column)} ({reader.GetDataTypeName(column)}) cannot be shown; "
                + $"cast it: {reader.GetName(column)}::varchar");
        }
    }

    /// <summary>Closes the database, and deletes what it kept on disk.</summary>
    public void Dispose()
    {
        _connection.Dispose();
        _own.Dispose();
    }

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
