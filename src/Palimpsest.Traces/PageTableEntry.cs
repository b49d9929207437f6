namespace Palimpsest.Traces;

/// <summary>
/// Entries of arm64's page tables with 4 KiB pages: a page's address in bits 47:12, the memory attribute in bits 4:2, 1
/// being Normal Tagged (6.1: MT_NORMAL_TAGGED); a swap entry's offset in bits 57:8 (6.1: __SWP_OFFSET_SHIFT).
/// </summary>
internal static class PageTableEntry
{
    private const ulong SwapMask = 0xfffffff;
    private const ulong AddressMask = 0xfffffffff;

    /// <summary>The page that an entry maps.</summary>
    public static ulong PfnOf(ulong entry) => (entry >> 12) & AddressMask;

    /// <summary>The page that a migration entry waits for.</summary>
    public static ulong SwapPfnOf(ulong entry) => (entry >> 8) & SwapMask;

    /// <summary>Pages that a block entry, of a huge page, maps: 2 MiB.</summary>
    public const ulong PagesOfBlock = 512;

    /// <summary>Does the entry map a huge page: bits 1:0 are 01, of a page 11.</summary>
    public static bool IsBlock(ulong entry) => (entry & 3) == 1;

    public static bool IsTagged(ulong entry) => ((entry >> 2) & 7) == 1;
}
