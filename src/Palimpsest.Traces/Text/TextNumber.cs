using System.Buffers.Text;

namespace Palimpsest.Traces.Text;

/// <summary>Numbers as the kernel prints them.</summary>
internal static class TextNumber
{
    /// <summary>Reads digits at the start of a text; false if there are none or the number does not fit.</summary>
    public static bool TryDecimal(ReadOnlySpan<byte> text, out ulong value, out int length)
    {
        length = 0;
        value = 0;
        return StartsWithDigit(text) && Utf8Parser.TryParse(text, out value, out length);
    }

    public static bool TryHex(ReadOnlySpan<byte> text, out ulong value, out int length) =>
        Utf8Parser.TryParse(text, out value, out length, 'x');

    /// <summary>Reads 0x and hexadecimal, or decimal; hexadecimal in any case if <paramref name="isHex"/>.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, bool isHex, out ulong value, out int length)
    {
        if (text.StartsWith("0x"u8))
        {
            bool isNumber = TryHex(text[2..], out value, out length);
            length += 2;
            return isNumber;
        }

        return isHex ? TryHex(text, out value, out length) : TryDecimal(text, out value, out length);
    }

    public static bool StartsWithDigit(ReadOnlySpan<byte> text) => !text.IsEmpty && char.IsAsciiDigit((char)text[0]);

    /// <summary>Number of digits at the start of a text.</summary>
    public static int DigitsAt(ReadOnlySpan<byte> text)
    {
        int other = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return other < 0 ? text.Length : other;
    }
}
