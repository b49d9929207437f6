using System.Numerics;

namespace Palimpsest.Vocabulary;

/// <summary>Base page size of a machine and what Linux derives from it.</summary>
/// <param name="PageBytes">4,096, 16,384 or 65,536.</param>
/// <param name="PageBlockOrder">Order of a pageblock: the huge page order, at most <see cref="LargestOrder"/>.</param>
public sealed record PageGeometry(int PageBytes, int PageBlockOrder)
{
    /// <summary>Pages of 4 KiB with pageblocks as arm64 has them.</summary>
    public static readonly PageGeometry Page4K = For(4096);

    /// <summary>Logarithm of the bytes of a page.</summary>
    public int PageShift => BitOperations.Log2((uint)PageBytes);

    /// <summary>pageblock_nr_pages.</summary>
    public int PageBlockFrames => 1 << PageBlockOrder;

    /// <summary>
    /// Largest order of the buddy allocator, inclusive: ARCH_FORCE_MAX_ORDER of arm64 (6.1: one more, exclusive; 6.12). With pages of
    /// 16 and 64 KiB it is the huge page's.
    /// </summary>
    public int LargestOrder => PageBytes switch
    {
        16384 => 11,
        65536 => Order.Max,
        _ => 10,
    };

    /// <summary>
    /// arm64 (6.1): a PMD maps page size / 8 pages; the pageblock is that huge page: 2, 32 or 512 MiB.
    /// </summary>
    public static PageGeometry For(int pageBytes) => pageBytes switch
    {
        4096 => new PageGeometry(pageBytes, 9),
        16384 => new PageGeometry(pageBytes, 11),
        65536 => new PageGeometry(pageBytes, 13),
        _ => throw new ArgumentOutOfRangeException(nameof(pageBytes), pageBytes, "page size must be 4096, 16384 or 65536"),
    };

    /// <summary>The page size whose kernels have chunks up to an order; null for an order that none ends with.</summary>
    public static PageGeometry? OfLargestOrder(int order) => order switch
    {
        10 => Page4K,
        11 => For(16384),
        Order.Max => For(65536),
        _ => null,
    };

    /// <summary>Of the page that an address lies in.</summary>
    public Pfn PfnOf(PhysicalAddress address) => new(address.Value >> PageShift);

    /// <summary>Of its first byte.</summary>
    public PhysicalAddress AddressOf(Pfn pfn) => new(pfn.Value << PageShift);

    /// <summary>Bytes of so many frames.</summary>
    public ulong BytesOf(ulong frames) => frames << PageShift;
}
