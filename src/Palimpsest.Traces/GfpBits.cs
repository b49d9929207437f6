using System.Text;
using Palimpsest.Traces.Records;
using Palimpsest.Vocabulary;
using static Palimpsest.Vocabulary.GfpFlags;

namespace Palimpsest.Traces;

/// <summary>
/// What the numbers of gfp_flags mean: bits move from release to release. The table in the recording's own print format
/// is best; without one, or where only the kernel can evaluate it, the bits of the kernel's release (include/linux/gfp.h,
/// gfp_types.h since 6.0).
/// </summary>
internal sealed class GfpBits
{
    // In the kernel's order: it prints the first that fits, and goes on with the bits left over.
    private static readonly string[] _sets =
    [
        "GFP_TRANSHUGE", "GFP_TRANSHUGE_LIGHT", "GFP_HIGHUSER_MOVABLE", "GFP_HIGHUSER", "GFP_USER", "GFP_KERNEL_ACCOUNT",
        "GFP_KERNEL", "GFP_NOFS", "GFP_ATOMIC", "GFP_NOIO", "GFP_NOWAIT",
    ];

    private readonly (ulong Mask, GfpFlags Flags)[] _entries;

    private GfpBits((ulong Mask, GfpFlags Flags)[] entries, string? note)
    {
        _entries = entries;
        Note = note;
    }

    /// <summary>What was taken for the meaning, a sentence for the report; null if the file itself told.</summary>
    public string? Note { get; }

    /// <summary>For recordings that do not tell their kernel.</summary>
    public static GfpBits Assumed { get; } = OfRelease(KernelRelease.Linux61,
        " (right for 5.18 to 6.3; later kernels moved bits 9 and above 23)");

    /// <param name="release">As uname -r prints it; null if the recording does not tell.</param>
    /// <param name="table">Numbers and names of the recording's own print format, in its order.</param>
    public static GfpBits Of(string? release, IReadOnlyList<(ulong Value, string Name)> table)
    {
        GfpBits bits = KernelRelease.Of(release) is { } known ? OfRelease(known, "") : Assumed;
        var own = new List<(ulong, GfpFlags)>();
        foreach ((ulong value, string name) in table)
        {
            if (value != 0 && GfpNames.TryRead(Encoding.UTF8.GetBytes(name), out GfpFlags flags, out GfpWord kind) && kind == GfpWord.Known)
            {
                own.Add((value, flags));
            }
        }

        return own.Count == 0 ? bits : new GfpBits([.. own, .. bits._entries.Where(entry => ulong.IsPow2(entry.Mask))], note: null);
    }

    /// <summary>The flags of a number; bits without a meaning are left out.</summary>
    public GfpFlags Translate(ulong number)
    {
        GfpFlags flags = None;
        foreach ((ulong mask, GfpFlags meaning) in _entries)
        {
            if ((number & mask) == mask)
            {
                flags |= meaning;
                number &= ~mask;
            }
        }

        return flags;
    }

    private static GfpBits OfRelease(KernelRelease release, string proviso)
    {
        (int Bit, GfpFlags Flag)[] bits = release switch
        {
            _ when release >= new KernelRelease(5, 1) => SinceRenumbering(release),
            _ when release >= new KernelRelease(4, 4) => BeforeRenumbering(release),
            _ => Oldest(),
        };
        var entries = new List<(ulong, GfpFlags)>();
        foreach (string name in _sets)
        {
            GfpNames.TryRead(Encoding.UTF8.GetBytes(name), out GfpFlags flags, out _);
            ulong mask = bits.Where(bit => flags.HasFlag(bit.Flag)).Aggregate(0UL, (all, bit) => all | (1UL << bit.Bit));

            // Since 6.7 GFP_NOWAIT has __GFP_NOWARN.
            mask |= name == "GFP_NOWAIT" && release >= new KernelRelease(6, 7) ? 1UL << 13 : 0;
            entries.Add((mask & ~KasanBits(bits), flags));
        }

        entries.AddRange(bits.Select(bit => (1UL << bit.Bit, bit.Flag)));
        return new GfpBits([.. entries], $"gfp_flags given as numbers were decoded with the table of Linux {release}{proviso}.");
    }

    // Only in GFP_HIGHUSER_MOVABLE of kernels with hardware KASAN, and harmless to add.
    private static ulong KasanBits((int Bit, GfpFlags Flag)[] bits) =>
        bits.Where(bit => (bit.Flag & (SkipKasanPoison | SkipKasanUnpoison)) != 0).Aggregate(0UL, (all, bit) => all | (1UL << bit.Bit));

    private static (int, GfpFlags)[] SinceRenumbering(KernelRelease release) =>
    [
        .. Everywhere(), (4, Reclaimable), (8, Zero), (10, DirectReclaim), (11, KswapdReclaim), (12, Write), (13, NoWarn),
            (14, RetryMayFail),
        (15, NoFail), (16, NoRetry), (17, MemAlloc), (18, Comp), (19, NoMemAlloc), (20, HardWall), (21, ThisNode), (22, Account),
        .. release < new KernelRelease(6, 4) ? [(9, Atomic)] : Array.Empty<(int, GfpFlags)>(),
        .. release < new KernelRelease(5, 14) ? Array.Empty<(int, GfpFlags)>() : [(23, ZeroTags)],
        .. release < new KernelRelease(5, 14) || release >= new KernelRelease(6, 10) ? Array.Empty<(int, GfpFlags)>()
            : release < new KernelRelease(5, 18) ? [(24, SkipKasanPoison), (25, NoLockdep)]
            : release < new KernelRelease(6, 4) ? [(24, SkipZero), (25, SkipKasanUnpoison), (26, SkipKasanPoison), (27, NoLockdep)]
            : [(24, SkipZero), (25, SkipKasanPoison | SkipKasanUnpoison), (26, NoLockdep)],
    ];

    private static (int, GfpFlags)[] BeforeRenumbering(KernelRelease release) =>
    [
        .. Everywhere(), (4, Reclaimable), (9, NoWarn), (10, RetryMayFail), (11, NoFail), (12, NoRetry), (13, MemAlloc), (14, Comp),
            (15, Zero),
        (16, NoMemAlloc), (17, HardWall), (18, ThisNode), (19, Atomic), (20, Account),
        .. release >= new KernelRelease(4, 15) ? [(21, DirectReclaim), (22, KswapdReclaim)]
            : release >= new KernelRelease(4, 14) ? [(22, DirectReclaim), (23, Write), (24, KswapdReclaim)]
            : ((int, GfpFlags)[])[(22, DirectReclaim), (24, Write), (25, KswapdReclaim)],
    ];

    private static (int, GfpFlags)[] Oldest() =>
    [
        .. Everywhere(), (4, Reclaim), (9, NoWarn), (10, RetryMayFail), (11, NoFail), (12, NoRetry), (13, MemAlloc), (14, Comp), (15, Zero),
        (16, NoMemAlloc), (17, HardWall), (18, ThisNode), (19, Reclaimable), (20, Account), (24, Write),
    ];

    private static (int, GfpFlags)[] Everywhere() => [(0, Dma), (1, HighMem), (2, Dma32), (3, Movable), (5, High), (6, Io), (7, Fs)];
}
