using System.Text;

namespace Palimpsest.Traces;

/// <summary>Text of two bytes a letter, as PowerShell writes what a program prints.</summary>
internal static class Utf16
{
    // So many letters in a row are no accident.
    private const int FewestLetters = 16;

    /// <summary>How the text is written; null for any other content.</summary>
    public static Encoding? Of(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]) || IsAscii(head, low: 0) ? Encoding.Unicode
        : head.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff]) || IsAscii(head, low: 1) ? Encoding.BigEndianUnicode : null;

    /// <summary>The same text as UTF-8, without its mark.</summary>
    public static Stream AsUtf8(ReadOnlySpan<byte> taken, Stream rest, Encoding encoding)
    {
        bool hasMark = taken.StartsWith(encoding.GetPreamble());
        Prefixed text = new(taken[(hasMark ? 2 : 0)..], rest);
        return Encoding.CreateTranscodingStream(text, encoding, new UTF8Encoding(false), leaveOpen: true);
    }

    // Without a mark: letters of ASCII, each with a zero byte.
    private static bool IsAscii(ReadOnlySpan<byte> head, int low)
    {
        if (head.Length < FewestLetters * 2)
        {
            return false;
        }

        for (int at = 0; at < FewestLetters * 2; at += 2)
        {
            byte letter = head[at + low];
            if (head[at + 1 - low] != 0 || letter is not ((>= (byte)' ' and <= (byte)'~') or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                return false;
            }
        }

        return true;
    }
}
