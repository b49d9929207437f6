namespace Palimpsest.Vocabulary;

/// <summary>
/// What an allocation may do, as the bits of Linux 6.1 (include/linux/gfp_types.h). Readers turn names, and
/// numbers of other releases, into these.
/// </summary>
[Flags]
public enum GfpFlags : uint
{
    None = 0,
    Dma = 0x1,
    HighMem = 0x2,
    Dma32 = 0x4,
    Movable = 0x8,
    Reclaimable = 0x10,
    High = 0x20,
    Io = 0x40,
    Fs = 0x80,
    Zero = 0x100,
    Atomic = 0x200,
    DirectReclaim = 0x400,
    KswapdReclaim = 0x800,
    Write = 0x1000,
    NoWarn = 0x2000,
    RetryMayFail = 0x4000,
    NoFail = 0x8000,
    NoRetry = 0x10000,
    MemAlloc = 0x20000,
    Comp = 0x40000,
    NoMemAlloc = 0x80000,
    HardWall = 0x100000,
    ThisNode = 0x200000,
    Account = 0x400000,

    /// <summary>Zero the tags too: the page will be mapped PROT_MTE. The proposal renames it __GFP_TAGGED.</summary>
    ZeroTags = 0x800000,
    SkipZero = 0x1000000,
    SkipKasanUnpoison = 0x2000000,
    SkipKasanPoison = 0x4000000,
    NoLockdep = 0x8000000,

    Reclaim = DirectReclaim | KswapdReclaim,
    KernelDefault = Reclaim | Io | Fs,
    User = KernelDefault | HardWall,
    HighUser = User | HighMem,
    HighUserMovable = HighUser | Movable | SkipKasanPoison | SkipKasanUnpoison,
    AtomicDefault = High | Atomic | KswapdReclaim,
    TransHugeLight = (HighUserMovable | Comp | NoMemAlloc | NoWarn) & ~Reclaim,

    /// <summary>A page of a file that is read ahead (readahead_gfp_mask of include/linux/pagemap.h, 6.1).</summary>
    ReadAhead = HighUserMovable | NoRetry | NoWarn,
}

/// <summary>What the flags of a request tell about its page.</summary>
public static class GfpMeaning
{
    private const GfpFlags OfReadAhead = GfpFlags.HighMem | GfpFlags.Movable | GfpFlags.HardWall | GfpFlags.NoRetry | GfpFlags.NoWarn;

    /// <summary>
    /// The page is filled from a file, ahead of whoever reads it, and clean: of all movable pages of users, readahead's alone need not be
    /// had at any price (__GFP_NORETRY, __GFP_NOWARN). Anonymous ones, those about to be written and those that migration asks for are not.
    /// </summary>
    public static bool IsReadAhead(this GfpFlags gfp) =>
        (gfp & OfReadAhead) == OfReadAhead && (gfp & (GfpFlags.Write | GfpFlags.Zero | GfpFlags.ZeroTags | GfpFlags.ThisNode)) == 0;
}
