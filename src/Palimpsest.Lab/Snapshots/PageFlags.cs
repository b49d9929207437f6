namespace Palimpsest.Lab.Snapshots;

/// <summary>
/// Bits of an entry of /proc/kpageflags (include/uapi/linux/kernel-page-flags.h, include/linux/kernel-page-flags.h, 6.1 and 6.12), eight
/// bytes a frame, little-endian.
/// </summary>
internal static class PageFlags
{
    public const int EntryBytes = sizeof(ulong);

    public const ulong Lru = 1UL << 5;
    public const ulong Slab = 1UL << 7;
    public const ulong Buddy = 1UL << 10;
    public const ulong Mapped = 1UL << 11;
    public const ulong Anonymous = 1UL << 12;
    public const ulong SwapBacked = 1UL << 14;
    public const ulong HugeTlb = 1UL << 17;
    public const ulong Poisoned = 1UL << 19;
    public const ulong NoPage = 1UL << 20;
    public const ulong Ksm = 1UL << 21;

    /// <summary>Of a large folio of any size, not only of a PMD's.</summary>
    public const ulong Huge = 1UL << 22;
    public const ulong Offline = 1UL << 23;
    public const ulong ZeroPage = 1UL << 24;
    public const ulong PageTable = 1UL << 26;
    public const ulong Reserved = 1UL << 32;

    // KPF_ARCH_2, which is PG_mte_tagged on arm64.
    public const ulong Tagged = 1UL << 41;

    /// <summary>No release has a flag here: 0 to 26 and 32 to 42 are used, and the places up to 47 may be some day.</summary>
    public const ulong Never = ~((1UL << 48) - 1);

    /// <summary>Flags of the second byte on: an entry without any is a small number.</summary>
    public const ulong AboveCounts = ~((1UL << 10) - 1);
}
