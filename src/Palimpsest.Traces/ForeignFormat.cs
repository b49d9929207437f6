using Palimpsest.Vocabulary;

namespace Palimpsest.Traces;

/// <summary>Files that are no recording: each is refused with its name and what to do instead.</summary>
internal static class ForeignFormat
{
    private const string Formats = "ftrace text, trace.dat, perf.data, Perfetto, systrace; plain, in gzip, zstd or a zip of one file";

    /// <summary>Throws unless the first bytes may belong to a text.</summary>
    public static void Refuse(string name, ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
        {
            throw new InputException($"{name}: the file is empty; give a recording");
        }

        if (ForeignFile.Of(head) is { } what)
        {
            throw new InputException($"{name}: this is {what}");
        }

        if (IsJson(head))
        {
            throw new InputException(
                $"{name}: this is JSON, as Chrome's tracing keeps it; give the recording that it was made of, or the text of "
                + "/sys/kernel/tracing/trace");
        }

        if (head.Contains((byte)0))
        {
            throw new InputException(
                $"{name}: byte 0: a binary file that begins with {ForeignFile.FirstBytes(head)}, which is no format that is read; "
                + $"give a recording ({Formats})");
        }
    }

    // An object, or a list of objects, which is one long line as often as not.
    private static bool IsJson(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> text = head.TrimStart("\xEF\xBB\xBF \t\r\n"u8);
        text = text.StartsWith("["u8) ? text[1..].TrimStart(" \t\r\n"u8) : text;
        return text.StartsWith("{"u8) && text[1..].TrimStart(" \t\r\n"u8).StartsWith("\""u8);
    }

    /// <summary>What a folder is, where a recording was wanted, and what to do.</summary>
    public static string OfFolder(string path) =>
        File.Exists(Path.Combine(path, "data")) && Directory.EnumerateFiles(path, "data.*").Any()
            ? $"this is a folder of perf record --threads; print it: perf script -F +cpu -i {path} > trace.txt"
        : File.Exists(Path.Combine(path, "trace.dat")) ? $"this is a folder; the recording in it is {Path.Combine(path, "trace.dat")}"
        : File.Exists(Path.Combine(path, "metadata"))
            ? "this is a folder of an LTTng trace (CTF), which is not read; record with ftrace, trace-cmd or perf"
        : File.Exists(Path.Combine(path, "zoneinfo"))
            ? "this is a folder with a snapshot, which goes with --snapshot; give the path of a recording"
        : "this is a directory; give the path of a recording";
}
