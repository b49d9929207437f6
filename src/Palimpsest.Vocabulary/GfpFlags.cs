namespace Palimpsest.Vocabulary;

/// <summary>
/// What an allocation may do, as the bits of Linux 6.1 (include/linux/gfp_types.h). Readers turn names, and
/// numbers of other releases, into these.
/// </summary>
[Flags]
public enum GfpFlags : uint
{
    /// <summary>GFP_NOWAIT without waking anybody: no flag.</summary>
    None = 0,

    /// <summary>Below the limit of ZONE_DMA.</summary>
    Dma = 0x1,

    /// <summary>May be memory that the kernel does not map; there is none on arm64, so that ZONE_NORMAL serves.</summary>
    HighMem = 0x2,

    /// <summary>Below the limit of ZONE_DMA32.</summary>
    Dma32 = 0x4,

    /// <summary>May be migrated or reclaimed later.</summary>
    Movable = 0x8,

    /// <summary>Slab that a shrinker can give back.</summary>
    Reclaimable = 0x10,

    /// <summary>May take from the reserves below the min watermark.</summary>
    High = 0x20,

    /// <summary>May begin I/O.</summary>
    Io = 0x40,

    /// <summary>May call into file systems.</summary>
    Fs = 0x80,

    /// <summary>Bytes are zeroed.</summary>
    Zero = 0x100,

    /// <summary>The caller cannot sleep.</summary>
    Atomic = 0x200,

    /// <summary>May reclaim by itself.</summary>
    DirectReclaim = 0x400,

    /// <summary>May wake kswapd.</summary>
    KswapdReclaim = 0x800,

    /// <summary>The page is about to be written to.</summary>
    Write = 0x1000,

    /// <summary>Failing is no warning.</summary>
    NoWarn = 0x2000,

    /// <summary>Tries longer, and may fail.</summary>
    RetryMayFail = 0x4000,

    /// <summary>Never fails.</summary>
    NoFail = 0x8000,

    /// <summary>Gives up early.</summary>
    NoRetry = 0x10000,

    /// <summary>May use all reserves.</summary>
    MemAlloc = 0x20000,

    /// <summary>The folio is compound.</summary>
    Comp = 0x40000,

    /// <summary>May use no reserve, whoever asks.</summary>
    NoMemAlloc = 0x80000,

    /// <summary>Within the cpuset.</summary>
    HardWall = 0x100000,

    /// <summary>On this NUMA node or not at all.</summary>
    ThisNode = 0x200000,

    /// <summary>Charged to a memory cgroup.</summary>
    Account = 0x400000,

    /// <summary>Zero the tags too: the page will be mapped PROT_MTE. The proposal renames it __GFP_TAGGED.</summary>
    ZeroTags = 0x800000,

    /// <summary>Bytes need not be zeroed, as the tags' instruction does it too.</summary>
    SkipZero = 0x1000000,

    /// <summary>KASAN does not unpoison at allocation.</summary>
    SkipKasanUnpoison = 0x2000000,

    /// <summary>KASAN does not poison at free.</summary>
    SkipKasanPoison = 0x4000000,

    /// <summary>Lockdep looks away.</summary>
    NoLockdep = 0x8000000,

    /// <summary>__GFP_RECLAIM.</summary>
    Reclaim = DirectReclaim | KswapdReclaim,

    /// <summary>GFP_KERNEL.</summary>
    KernelDefault = Reclaim | Io | Fs,

    /// <summary>GFP_USER.</summary>
    User = KernelDefault | HardWall,

    /// <summary>GFP_HIGHUSER.</summary>
    HighUser = User | HighMem,

    /// <summary>GFP_HIGHUSER_MOVABLE: memory of programs.</summary>
    HighUserMovable = HighUser | Movable | SkipKasanPoison | SkipKasanUnpoison,

    /// <summary>GFP_ATOMIC.</summary>
    AtomicDefault = High | Atomic | KswapdReclaim,

    /// <summary>GFP_TRANSHUGE_LIGHT: a huge page if one is at hand.</summary>
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
