namespace Palimpsest.Traces.FtraceText;

/// <summary>What Android's atrace writes before the text: "capturing trace... done", if it went to the terminal, and "TRACE:".</summary>
internal static class AtraceHeader
{
    public static bool IsLine(ReadOnlySpan<byte> line) => line.SequenceEqual("TRACE:"u8) || line.StartsWith("capturing trace..."u8);

    /// <summary>Length of the header if a zlib stream follows (atrace -z: a .ctrace file); 0 if not.</summary>
    public static int LengthBeforeZlib(ReadOnlySpan<byte> head)
    {
        int start = head.StartsWith("TRACE:"u8) ? 0 : head.IndexOf("\nTRACE:"u8) + 1;
        if ((start == 0 && !head.StartsWith("TRACE:"u8)) || (start > 0 && !IsLine(head)))
        {
            return 0;
        }

        int end = start + "TRACE:".Length;
        end += head[end..].StartsWith("\r\n"u8) ? 2 : head[end..].StartsWith("\n"u8) ? 1 : 0;
        return head.Length >= end + 2 && head[end - 1] == '\n' && IsZlib(head[end], head[end + 1]) ? end : 0;
    }

    // RFC 1950: method 8, and a check of the two bytes.
    private static bool IsZlib(byte method, byte flags) => (method & 0xf) == 8 && ((method << 8) | flags) % 31 == 0;
}
