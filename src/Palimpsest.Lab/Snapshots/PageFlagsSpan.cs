using System.Globalization;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Snapshots;

/// <summary>
/// Where a copy of /proc/kpageflags begins: the kernel's at pfn 0 and up to the end of the last section (fs/proc/page.c, 6.1), cut
/// ones at the first bank. Its size tells, and what fits neither is no whole copy.
/// </summary>
internal static class PageFlagsSpan
{
    // The largest section of arm64: 1 GiB of 4 KiB pages (SECTION_SIZE_BITS 30, up to 5.11).
    private const ulong LargestSection = 1UL << 18;

    /// <param name="isHole">Does the first entry say that there is no page?</param>
    /// <exception cref="InputException">The copy breaks off, or is of another machine.</exception>
    public static Pfn First(ulong entries, bool isHole, MemoryLayout layout, string name)
    {
        (ulong first, ulong end) = Recorded(layout);
        ulong mostFromZero = RoundUp(end);
        if (entries >= end && entries <= mostFromZero)
        {
            return new Pfn(0);
        }

        if (entries >= end - first && entries < end && entries <= mostFromZero - first && !isHole)
        {
            return new Pfn(first);
        }

        string counts = string.Create(
            CultureInfo.InvariantCulture,
                $"{entries:N0} pages; a whole copy has {end:N0} or a few more from pfn 0 on, {end - first:N0} from RAM on");
        throw new InputException(entries < end
            ? $"{name}: {counts}: it ends in the middle of RAM; copy /proc/kpageflags again, whole (cat /proc/kpageflags > FILE)"
            : $"{name}: {counts}: it is of a larger machine; give that machine's --board or --ram");
    }

    /// <summary>First frame and the one past the last, as the recorded kernel saw them: without an assumed carve-out.</summary>
    private static (ulong First, ulong End) Recorded(MemoryLayout layout)
    {
        IEnumerable<PhysicalRange> assumed = layout.Board.TagStorage.Where(span => span.IsAssumed).Select(span => span.Covered);
        PhysicalRange[] ram = [.. assumed.DefaultIfEmpty(layout.Board.Banks[0].Range)];
        ulong end = layout.Board.TagStorage.Any(span => span.IsAssumed) ? ram.Max(range => range.End) : layout.Board.Banks[^1].Range.End;
        return (ram.Min(range => range.Start.Value) >> layout.Geometry.PageShift, end >> layout.Geometry.PageShift);
    }

    private static ulong RoundUp(ulong pfn) => (pfn + LargestSection - 1) / LargestSection * LargestSection;
}
