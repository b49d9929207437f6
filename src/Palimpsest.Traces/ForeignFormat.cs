using Palimpsest.Vocabulary;

namespace Palimpsest.Traces;

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

        if (head.Contains((byte)0))
        {
            throw new InputException($"{name}: byte 0: this is a binary file of an unknown format; {Instead}");
        }
    }

    /// <summary>What a line that is no ftrace text belongs to, and what to do; null if unknown.</summary>
    public static string? OfLine(ReadOnlySpan<byte> line)
    {
        return IsRawOrHex(line)
            ? "the file was recorded with trace option raw or hex, which drops what the events say; record again without it"
            : null;
    }

    // 24395 1 1047803795234 type: 653
    private static bool IsRawOrHex(ReadOnlySpan<byte> line)
    {
        int type = line.IndexOf(" type: "u8);
        return type > 0 && line[..type].IndexOfAnyExcept("0123456789abcdef "u8) < 0;
    }
}
