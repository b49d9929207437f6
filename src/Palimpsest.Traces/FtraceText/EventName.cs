using System.Buffers;

namespace Palimpsest.Traces.FtraceText;

/// <summary>Tells the name of an event from the text after the time stamp.</summary>
internal static class EventName
{
    private static readonly SearchValues<byte> _letters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"u8);

    public static bool IsName(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && !char.IsAsciiDigit((char)text[0]) && text.IndexOfAnyExcept(_letters) < 0;

    /// <summary>
    /// Splits <c>name: payload</c>. System calls (<c>sys_mmap(addr: 0)</c>, <c>sys_mmap -> 0x7f</c>) have no colon and no payload here;
    /// entries of the function tracer (<c>kfree &lt;-seq_release</c>) all go by the name "function".
    /// </summary>
    public static bool TrySplit(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> payload)
    {
        text = text.TrimStart((byte)' ');
        int length = text.IndexOfAnyExcept(_letters);
        name = length < 0 ? text : text[..length];
        ReadOnlySpan<byte> rest = text[name.Length..];
        payload = rest.StartsWith(":"u8) ? rest[1..].TrimStart((byte)' ') : default;
        if (rest.IndexOf(" <-"u8) >= 0 && !rest.StartsWith(":"u8))
        {
            name = "function"u8;
            return true;
        }

        return IsName(name) && (rest.StartsWith(":"u8) || rest.StartsWith("("u8) || rest.StartsWith(" -> "u8));
    }
}
