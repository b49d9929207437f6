using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.FtraceText;

/// <summary>
/// Reads the payloads of today's kernels by position. Each says no to anything it does not expect to the byte, and
/// <see cref="PayloadFields"/> then has the last word.
/// </summary>
internal static class PayloadShortcut
{
    private const int HashedPage = 5 + 16;
    private const int MostHexDigits = 10;

    private static ReadOnlySpan<byte> HexDigits =>
    [
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 10, 11, 12, 13, 14, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    ];

    /// <summary>page=000000003005120d pfn=0x3ae8c6 order=0 migratetype=0 gfp_flags=...; the flags are left to a table.</summary>
    public static bool TryReadAllocate(ReadOnlySpan<byte> payload, ref TraceEvent item, out ReadOnlySpan<byte> gfp)
    {
        gfp = default;
        const int Type = 8;
        const int Gfp = Type + 14;
        const int End = Gfp + 11;
        if (!TryReadPage(payload, ref item, out ReadOnlySpan<byte> rest) || rest.Length <= End || !TryReadOrder(rest, ref item)
            || !TryReadType(rest[Type..], ref item) || !rest[Gfp..].StartsWith(" gfp_flags="u8))
        {
            return false;
        }

        gfp = rest[End..];
        return true;
    }

    /// <summary>page=000000007e13c42b pfn=0x2fbe48 order=0</summary>
    public static bool TryReadFree(ReadOnlySpan<byte> payload, ref TraceEvent item) =>
        TryReadPage(payload, ref item, out ReadOnlySpan<byte> rest) && rest.Length == 8 && TryReadOrder(rest, ref item);

    /// <summary>page=00000000f5ad4384 pfn=0x46724 order=0 migratetype=0</summary>
    public static bool TryReadDrain(ReadOnlySpan<byte> payload, ref TraceEvent item) =>
        TryReadPage(payload, ref item, out ReadOnlySpan<byte> rest) && rest.Length == 22 && TryReadOrder(rest, ref item)
            && TryReadType(rest[8..], ref item);

    // Says no to pfn 0, which may be a failed allocation.
    private static bool TryReadPage(ReadOnlySpan<byte> payload, ref TraceEvent item, out ReadOnlySpan<byte> rest)
    {
        rest = default;
        if (payload.Length < HashedPage + 8 || !payload.StartsWith("page="u8) || !payload[HashedPage..].StartsWith(" pfn=0x"u8))
        {
            return false;
        }

        ReadOnlySpan<byte> text = payload[(HashedPage + 7)..];
        ulong pfn = 0;
        int digits = 0;
        for (; digits < text.Length && text[digits] < 128; digits++)
        {
            uint digit = HexDigits[text[digits]];
            if (digit > 15)
            {
                break;
            }

            pfn = (pfn << 4) | digit;
        }

        item.Pfn = new Pfn(pfn);
        rest = text[digits..];
        return pfn != 0 && digits <= MostHexDigits;
    }

    private static bool TryReadOrder(ReadOnlySpan<byte> text, ref TraceEvent item)
    {
        item.Order = (byte)(text[7] - '0');
        return item.Order <= 9 && text.StartsWith(" order="u8);
    }

    private static bool TryReadType(ReadOnlySpan<byte> text, ref TraceEvent item)
    {
        item.MigrateType = (byte)(text[13] - '0');
        return item.MigrateType <= 9 && text.StartsWith(" migratetype="u8);
    }
}
