using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Palimpsest.Vocabulary;
using static Palimpsest.Vocabulary.GfpFlags;

namespace Palimpsest.Traces;

/// <summary>
/// What the kernel's names of allocation flags mean, from 3.4 to 6.18 (include/trace/events/mmflags.h, gfpflags.h before 4.8).
/// </summary>
public static class GfpNames
{
    // Names of compound sets; the kernel prints the most specific one that fits and then the bits left over.
    // GFP_NOWAIT was 0 up to 4.4, but those kernels woke kswapd all the same; since 6.7 it also has __GFP_NOWARN.
    private static readonly FrozenDictionary<string, GfpFlags> _sets = new Dictionary<string, GfpFlags>
    {
        ["GFP_TRANSHUGE"] = TransHugeLight | DirectReclaim,
        ["GFP_TRANSHUGE_LIGHT"] = TransHugeLight,
        ["GFP_HIGHUSER_MOVABLE"] = HighUserMovable,
        ["GFP_HIGHUSER"] = HighUser,
        ["GFP_USER"] = User,
        ["GFP_KERNEL_ACCOUNT"] = KernelDefault | Account,
        ["GFP_KERNEL"] = KernelDefault,
        ["GFP_TEMPORARY"] = KernelDefault | Reclaimable,
        ["GFP_NOFS"] = Reclaim | Io,
        ["GFP_ATOMIC"] = AtomicDefault,
        ["GFP_NOIO"] = Reclaim,
        ["GFP_NOWAIT"] = KswapdReclaim,
        ["none"] = None,
        ["0"] = None,
    }.ToFrozenDictionary();

    // Single bits, as __GFP_NAME or, up to 4.4, GFP_NAME. Bits that 6.1 no longer has mean nothing here.
    private static readonly FrozenDictionary<string, GfpFlags> _bits = new Dictionary<string, GfpFlags>
    {
        ["DMA"] = Dma,
        ["HIGHMEM"] = HighMem,
        ["DMA32"] = Dma32,
        ["MOVABLE"] = Movable,
        ["RECLAIMABLE"] = Reclaimable,
        ["HIGH"] = High,
        ["IO"] = Io,
        ["FS"] = Fs,
        ["ZERO"] = Zero,
        ["ATOMIC"] = Atomic,
        ["DIRECT_RECLAIM"] = DirectReclaim,
        ["KSWAPD_RECLAIM"] = KswapdReclaim,
        ["RECLAIM"] = Reclaim,
        ["WAIT"] = Reclaim,
        ["WRITE"] = Write,
        ["NOWARN"] = NoWarn,
        ["RETRY_MAYFAIL"] = RetryMayFail,
        ["REPEAT"] = RetryMayFail,
        ["NOFAIL"] = NoFail,
        ["NORETRY"] = NoRetry,
        ["MEMALLOC"] = MemAlloc,
        ["COMP"] = Comp,
        ["NOMEMALLOC"] = NoMemAlloc,
        ["HARDWALL"] = HardWall,
        ["THISNODE"] = ThisNode,
        ["ACCOUNT"] = Account,
        ["KMEMCG"] = Account,
        ["ZEROTAGS"] = ZeroTags,
        ["TAGGED"] = ZeroTags,
        ["SKIP_ZERO"] = SkipZero,
        ["SKIP_KASAN_UNPOISON"] = SkipKasanUnpoison,
        ["SKIP_KASAN_POISON"] = SkipKasanPoison,
        ["SKIP_KASAN"] = SkipKasanPoison | SkipKasanUnpoison,
        ["NOLOCKDEP"] = NoLockdep,
        ["NO_KSWAPD"] = None,
        ["COLD"] = None,
        ["NOTRACK"] = None,
        ["OTHER_NODE"] = None,
        ["NO_OBJ_EXT"] = None,
    }.ToFrozenDictionary();

    /// <summary>The names of a set, as the kernel prints them: the largest compound that fits, then the bits left over.</summary>
    public static string TextOf(GfpFlags flags)
    {
        List<string> names = [];
        foreach ((string name, GfpFlags set) in _sets.OrderByDescending(set => uint.PopCount((uint)set.Value))
            .ThenBy(set => set.Key, StringComparer.Ordinal))
        {
            if (set != None && (flags & set) == set)
            {
                names.Add(name);
                flags &= ~set;
            }
        }

        foreach ((string name, GfpFlags bit) in _bits.OrderBy(bit => bit.Value).ThenBy(bit => bit.Key, StringComparer.Ordinal))
        {
            if (bit != None && (flags & bit) == bit)
            {
                names.Add("__GFP_" + name);
                flags &= ~bit;
            }
        }

        return names.Count == 0 ? "none" : string.Join('|', names);
    }

    /// <summary>Reads one word between bars: a name of any release, or a number.</summary>
    public static bool TryRead(ReadOnlySpan<byte> word, out GfpFlags flags, out GfpWord kind) => TryRead(word, out flags, out kind, out _);

    /// <summary>Reads one name or number; false if it is neither.</summary>
    public static bool TryRead(ReadOnlySpan<byte> word, out GfpFlags flags, out GfpWord kind, out ulong number)
    {
        number = 0;
        kind = GfpWord.Known;
        string text = Encoding.Latin1.GetString(word);
        if (_sets.TryGetValue(text, out flags) || _bits.TryGetValue(WithoutPrefix(text), out flags))
        {
            return true;
        }

        if (text.StartsWith("0x", StringComparison.Ordinal))
        {
            kind = GfpWord.Number;
            return ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
        }

        // trace-cmd report up to 2.x, where it cannot parse the event, and -R.
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            kind = GfpWord.Number;
            return true;
        }

        kind = GfpWord.Unknown;
        return text.Contains("GFP_", StringComparison.Ordinal) && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
    }

    private static string WithoutPrefix(string text) =>
        text.StartsWith("__GFP_", StringComparison.Ordinal)
            ? text[6..]
            : text.StartsWith("GFP_", StringComparison.Ordinal)
            ? text[4..]
            : "";
}

/// <summary>How a word of a gfp_flags text was understood.</summary>
public enum GfpWord
{
    /// <summary>A flag or a set of them.</summary>
    Known,

    /// <summary>A flag of no kernel that we know; it sets nothing.</summary>
    Unknown,

    /// <summary>Bits without a name.</summary>
    Number,
}
