using System.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Traces;

/// <summary>Recordings that are known but not read: each is refused with its name and what to do instead.</summary>
internal static class ForeignFormat
{
    private const string Instead = "give the text of /sys/kernel/tracing/trace instead";

    /// <summary>Throws unless the first bytes may belong to a text.</summary>
    public static void Refuse(string name, ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
        {
            throw new InputException($"{name}: the file is empty; give a recording");
        }

        if (BinaryFormat(head) is { } format)
        {
            throw new InputException($"{name}: byte 0: {format}; {Instead}");
        }
    }

    /// <summary>What a line that is no ftrace text belongs to, and what to do; null if unknown.</summary>
    public static string? OfLine(ReadOnlySpan<byte> line)
    {
        if (IsRawOrHex(line))
        {
            return "the file was recorded with trace option raw or hex, which drops what the events say; record again without it";
        }

        if (line.StartsWith("cpus="u8) || line.StartsWith("version = "u8) || line.IndexOf("BUFFER:"u8) >= 0 || line.IndexOf("[FAILED TO PARSE]"u8) >= 0)
        {
            return $"this is text of trace-cmd report, which is not read yet; {Instead}";
        }

        return IsPerfScript(line) ? $"this is text of perf script, which is not read yet; {Instead}" : null;
    }

    private static string? BinaryFormat(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("PERFILE2"u8) || head.StartsWith("2ELIFREP"u8))
        {
            return "this is a perf.data, which is not read yet";
        }

        if (!head.Contains((byte)0))
        {
            return null;
        }

        if (head[0] == 0x0a && head.Length > 1 && head[1] != '\n')
        {
            return "this looks like a Perfetto trace, which is not read yet";
        }

        return "this is a binary file of an unknown format";
    }

    // 24395 1 1047803795234 type: 653
    private static bool IsRawOrHex(ReadOnlySpan<byte> line)
    {
        int type = line.IndexOf(" type: "u8);
        return type > 0 && line[..type].IndexOfAnyExcept("0123456789abcdef "u8) < 0;
    }

    //    rsync  3716 [000]  1950.095416:        kmem:mm_page_alloc: page=...
    private static bool IsPerfScript(ReadOnlySpan<byte> line)
    {
        if (line.Length > 512)
        {
            return false;
        }

        string[] words = Encoding.Latin1.GetString(line).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int time = Array.FindIndex(words, word => word.Length > 1 && word[^1] == ':' && char.IsAsciiDigit(word[0]));
        return time > 0 && time + 1 < words.Length && words[time + 1].TrimEnd(':').Contains(':', StringComparison.Ordinal);
    }
}
