using System.Globalization;

namespace Palimpsest.Machine.Memory.Reading;

/// <summary>What cma= asks for: Documentation/admin-guide/kernel-parameters.txt; kernel/dma/contiguous.c, 6.1.</summary>
/// <param name="Limit">First address above; 0 for none.</param>
internal sealed record CmaRequest(ulong Bytes, ulong Base, ulong Limit)
{
    public bool IsFixed => Limit > 0 && Base + Bytes == Limit;
}

/// <summary>What a kernel's command line says of memory; where a word comes twice, the last counts, as in Linux.</summary>
internal sealed record CommandLine
{
    private const int LongestWord = 60;

    // What else moves memory about, and is not followed.
    private static readonly string[] Others =
    [
        "memmap=", "crashkernel=", "hugepages=", "hugepagesz=", "default_hugepagesz=", "hugetlb_cma=", "cma_pernuma=", "numa_cma=",
        "kernelcore=", "movablecore=", "movable_node", "numa=", "swiotlb=", "reserve_mem=", "memtest=", "arm64.nomte", "kasan=",
    ];

    /// <summary>mem=: RAM from the lowest address on; null without.</summary>
    public ulong? RamBytes { get; private set; }

    public CmaRequest? Cma { get; private set; }

    /// <summary>transparent_hugepage=never: fewer pages are kept free.</summary>
    public bool NoHugePages { get; private set; }

    /// <summary>Words that say something of memory and are not followed.</summary>
    public List<string> NotFollowed { get; } = [];

    public static CommandLine Parse(string text)
    {
        CommandLine line = new();
        foreach (string word in Words(text))
        {
            if (word.StartsWith("mem=", StringComparison.Ordinal))
            {
                line.RamBytes = Size(word, 4, out _);
            }
            else if (word.StartsWith("cma=", StringComparison.Ordinal))
            {
                line.Cma = Request(word);
            }
            else if (word.StartsWith("transparent_hugepage=", StringComparison.Ordinal))
            {
                line.NoHugePages = word.EndsWith("=never", StringComparison.Ordinal);
            }
            else if (Others.Any(other => word.StartsWith(other, StringComparison.Ordinal)) && line.NotFollowed.Count < Others.Length)
            {
                line.NotFollowed.Add(word.Length <= LongestWord ? word : word[..LongestWord]);
            }
        }

        return line;
    }

    // Quotes keep spaces together; what follows "--" is for init (lib/cmdline.c, kernel/params.c).
    private static IEnumerable<string> Words(string text)
    {
        int start = 0;
        bool isQuoted = false;
        for (int at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && (isQuoted || !char.IsWhiteSpace(text[at])))
            {
                isQuoted ^= text[at] == '"';
                continue;
            }

            string word = text[start..at].Replace("\"", "", StringComparison.Ordinal);
            start = at + 1;
            if (word == "--")
            {
                yield break;
            }

            if (word.Length > 0)
            {
                yield return word;
            }
        }
    }

    // SIZE, SIZE@ADDRESS, or SIZE@FROM-TO.
    private static CmaRequest Request(string word)
    {
        ulong bytes = Size(word, 4, out int end);
        if (end >= word.Length || word[end] != '@')
        {
            return new CmaRequest(bytes, Base: 0, Limit: 0);
        }

        ulong from = Size(word, end + 1, out end);
        return end < word.Length && word[end] == '-'
            ? new CmaRequest(bytes, from, Size(word, end + 1, out _))
            : new CmaRequest(bytes, from, from + bytes);
    }

    // memparse: 0x for hexadecimal, 0 for octal, and a unit. What does not fit 64 bits is more than any machine has.
    private static ulong Size(string word, int start, out int end)
    {
        bool isHex = word.AsSpan(start).StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        uint radix = isHex ? 16u : start + 1 < word.Length && word[start] == '0' ? 8u : 10u;
        end = isHex ? start + 2 : start;
        UInt128 number = 0;
        while (end < word.Length && Digit(word[end]) is { } digit && digit < radix && number <= ulong.MaxValue)
        {
            number = (number * radix) + digit;
            end++;
        }

        int unit = end < word.Length ? "KMGTPE".IndexOf(char.ToUpperInvariant(word[end])) : -1;
        end += unit >= 0 ? 1 : 0;
        number <<= 10 * (unit + 1);
        return number > ulong.MaxValue ? ulong.MaxValue : (ulong)number;
    }

    private static uint? Digit(char letter) =>
        uint.TryParse([letter], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint digit) ? digit : null;
}
