using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Vocabulary;

namespace Palimpsest.Sweeps.Results;

/// <summary>
/// Cells that are done and not yet in a file of results: a line each, written at once, so that a process that is killed loses none.
/// </summary>
// A line is the start of a SHA-256 of the rest, the key, and the outcome. One that was cut off, or does not fit its hash, counts for
// nothing: its cell is computed again.
internal sealed class Journal : IDisposable
{
    public const string Name = "journal";

    private const long MostBytes = 1L << 30;
    private const int HashDigits = 8;
    private const int KeyDigits = 32;

    private readonly string _path;
    private FileStream _stream;

    private Journal(string path, FileStream stream) => (_path, _stream) = (path, stream);

    public static Journal Open(string path) => new(path, Append(path));

    /// <summary>Whole lines of a journal, in the order written; none where there is no file. A sweep may be writing it.</summary>
    /// <exception cref="InputException">It is larger than any.</exception>
    public static IEnumerable<(CellKey Key, CellOutcome Outcome)> Read(string path)
    {
        byte[] bytes = BytesOf(path);
        for (int start = 0, end; start < bytes.Length; start = end + 1)
        {
            int length = bytes.AsSpan(start).IndexOf((byte)'\n');
            end = length < 0 ? bytes.Length : start + length;
            if (length >= 0 && TryParse(bytes.AsSpan(start, length), out CellKey key, out CellOutcome outcome))
            {
                yield return (key, outcome);
            }
        }
    }

    public void Add(CellKey key, CellOutcome outcome) => _stream.Write(Line(key, outcome));

    /// <summary>Puts other lines in place of all that there are, whole or not at all.</summary>
    public void Replace(IEnumerable<(CellKey Key, CellOutcome Outcome)> lines)
    {
        string unfinished = _path + ".part";
        using (FileStream whole = new(unfinished, FileMode.Create, FileAccess.Write))
        {
            foreach ((CellKey key, CellOutcome outcome) in lines)
            {
                whole.Write(Line(key, outcome));
            }

            whole.Flush(flushToDisk: true);
        }

        _stream.Dispose();
        File.Move(unfinished, _path, overwrite: true);
        _stream = Append(_path);
    }

    public void Dispose() => _stream.Dispose();

    // Without a buffer of its own: what is written has left the process.
    private static FileStream Append(string path)
    {
        FileStream stream = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        stream.Seek(0, SeekOrigin.End);
        if (stream.Length > 0)
        {
            stream.Seek(-1, SeekOrigin.End);
            if (stream.ReadByte() != '\n')
            {
                // A line that was cut off: the next begins on one of its own.
                stream.WriteByte((byte)'\n');
            }
        }

        return stream;
    }

    private static byte[] BytesOf(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > MostBytes)
            {
                throw new InputException($"{path}: more than 1 GiB, which no sweep writes; take it away, and its cells are computed again");
            }

            byte[] bytes = new byte[file.Length];
            return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }

    private static byte[] Line(CellKey key, CellOutcome outcome)
    {
        byte[] rest = [.. Encoding.ASCII.GetBytes($"{key} "), .. outcome.ToBytes()];
        return [.. Encoding.ASCII.GetBytes(HashOf(rest) + " "), .. rest, (byte)'\n'];
    }

    private static bool TryParse(ReadOnlySpan<byte> line, out CellKey key, out CellOutcome outcome)
    {
        (key, outcome) = (default, CellOutcome.Failed(""));
        if (line.Length < HashDigits + KeyDigits + 2)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = line[(HashDigits + 1)..];
        return HashOf(rest) == Encoding.ASCII.GetString(line[..HashDigits])
            && CellKey.TryParse(Encoding.ASCII.GetString(rest[..KeyDigits]), out key)
            && CellOutcome.TryParse(rest[(KeyDigits + 1)..], out outcome);
    }

    private static string HashOf(ReadOnlySpan<byte> rest)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(rest, hash);
        return Convert.ToHexStringLower(hash).ToString(CultureInfo.InvariantCulture)[..HashDigits];
    }
}
