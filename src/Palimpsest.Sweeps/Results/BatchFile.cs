using System.Security.Cryptography;
using Parquet;
using Parquet.Schema;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Vocabulary;

namespace Palimpsest.Sweeps.Results;

/// <summary>
/// A file of results: Parquet, named by a hash of its bytes, so that one that was damaged is known as such. Written whole or not at all.
/// </summary>
internal static class BatchFile
{
    public const string Pattern = "cells-*.parquet";

    private const string Prefix = "cells-";
    private const string Suffix = ".parquet";
    private const int HashDigits = 32;

    /// <param name="rows">One at least.</param>
    /// <returns>The path of the file.</returns>
    public static string Write(string folder, IReadOnlyList<ResultRow> rows)
    {
        byte[] bytes = BytesOf(rows);
        string path = Path.Combine(folder, Prefix + Convert.ToHexStringLower(SHA256.HashData(bytes))[..HashDigits] + Suffix);
        string unfinished = Path.Combine(folder, "batch.part");
        using (FileStream file = new(unfinished, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
        return path;
    }

    /// <summary>Are the bytes of a file those that it was written with?</summary>
    public static bool IsWhole(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Path.GetFileName(path) == Prefix + Convert.ToHexStringLower(SHA256.HashData(file))[..HashDigits] + Suffix;
    }

    /// <summary>
    /// Keys of the cells in a whole file, and which were refused; null where it is no file of results, whatever its name says.
    /// </summary>
    public static IReadOnlyList<(CellKey Key, bool IsRefused)>? TryCellsOf(string path)
    {
        try
        {
            return CellsOf(path);
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or UnauthorizedAccessException))
        {
            // Whoever reads Parquet throws what it likes at bytes that are none.
            return null;
        }
    }

    private static List<(CellKey Key, bool IsRefused)> CellsOf(string path)
    {
        ParquetReader reader = Wait(ParquetReader.CreateAsync(path));
        string?[] keys = TextsOf(reader, ResultRow.KeyColumn);
        string?[] statuses = TextsOf(reader, ResultRow.StatusColumn);
        Wait(reader.DisposeAsync());
        return [.. keys.Zip(statuses, (key, status) => (CellKey.TryParse(key, out CellKey parsed) ? parsed
            : throw new InputException($"{path}: '{OneLine.Quote(key ?? "")}' is no key of a cell; the file is of another program"),
            status == CellOutcome.NameOf(CellStatus.Refused)))];
    }

    private static string?[] TextsOf(ParquetReader reader, string name)
    {
        DataField field = reader.Schema.GetDataFields().First(column => column.Name == name);
        List<string?> texts = [];
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            using ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
            string?[] read = new string?[rows.RowCount];
            Wait(rows.ReadAsync(field, read.AsMemory()));
            texts.AddRange(read);
        }

        return [.. texts];
    }

    private static byte[] BytesOf(IReadOnlyList<ResultRow> rows)
    {
        DataField[] texts = [.. ResultRow.TextColumns.Select(name => new DataField<string>(name, nullable: true))];
        DataField seed = new DataField<ulong>(ResultRow.SeedColumn, nullable: true);
        DataField[] numbers = [.. ResultRow.NumberColumns.Select(name => new DataField<double>(name, nullable: true))];
        ParquetOptions options = new()
        {
            CompressionMethod = CompressionMethod.Zstd,
            // The smallest takes 25 times as long for a tenth of the bytes.
            CompressionLevel = System.IO.Compression.CompressionLevel.Fastest,
        };
        MemoryStream bytes = new();
        ParquetWriter writer = Wait(ParquetWriter.CreateAsync(new ParquetSchema([.. texts, seed, .. numbers]), bytes, options));
        using (ParquetRowGroupWriter group = writer.CreateRowGroup())
        {
            for (int column = 0; column < texts.Length; column++)
            {
                Wait(group.WriteAsync(texts[column], rows.Select(row => row.Texts[column]!).ToArray()));
            }

            Wait(group.WriteAsync<ulong>(seed, rows.Select(row => row.Seed).ToArray().AsMemory()));
            for (int column = 0; column < numbers.Length; column++)
            {
                Wait(group.WriteAsync<double>(numbers[column], rows.Select(row => row.Numbers[column]).ToArray().AsMemory()));
            }

            group.CompleteValidate();
        }

        Wait(writer.DisposeAsync());
        return bytes.ToArray();
    }

    // To and from memory and files: there is nothing to wait for that another thread does.
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Wait(Task task) => task.GetAwaiter().GetResult();

    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();
}
