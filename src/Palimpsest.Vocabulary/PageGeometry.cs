using System.Numerics;

namespace Palimpsest.Vocabulary;

/// <summary>Base page size of a machine and what Linux derives from it.</summary>
/// <param name="PageBytes">4,096, 16,384 or 65,536.</param>
/// <param name="PageBlockOrder">Order of a pageblock: the huge page order, at most <see cref="Order.Max"/>.</param>
public sealed record PageGeometry(int PageBytes, int PageBlockOrder)
{
    public static readonly PageGeometry Page4K = For(4096);

    public int PageShift => BitOperations.Log2((uint)PageBytes);

    public int PageBlockFrames => 1 << PageBlockOrder;

    /// <summary>
    /// arm64 (6.1): a PMD maps page size / 8 pages; the pageblock is that huge page, capped at the largest buddy order.
    /// </summary>
    public static PageGeometry For(int pageBytes) => pageBytes switch
    {
        4096 => new PageGeometry(pageBytes, 9),
        16384 => new PageGeometry(pageBytes, 10),
        65536 => new PageGeometry(pageBytes, 10),
        _ => throw new ArgumentOutOfRangeException(nameof(pageBytes), pageBytes, "page size must be 4096, 16384 or 65536"),
    };

    public Pfn PfnOf(PhysicalAddress address) => new(address.Value >> PageShift);

    public PhysicalAddress AddressOf(Pfn pfn) => new(pfn.Value << PageShift);

    public ulong BytesOf(ulong frames) => frames << PageShift;
}
