using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Inspection;

/// <summary>Which pages are in use, as the events tell, without a board: two bits a page, of the pages that events name.</summary>
internal sealed class LivePages
{
    private const int ChunkShift = 12;

    /// <summary>Pages beyond 4 TiB of RAM are not followed: a damaged file must not fill the memory.</summary>
    private const ulong MostPages = 1UL << 30;

    private readonly ulong[]?[] _live = new ulong[]?[MostPages >> ChunkShift];
    private readonly ulong[]?[] _seen = new ulong[]?[MostPages >> ChunkShift];

    /// <summary>Pages freed that were in use before the recording.</summary>
    public long InUseBefore { get; private set; }

    /// <summary>Pages freed twice: something allocated them in between without an event.</summary>
    public long Hidden { get; private set; }

    /// <summary>Allocations of pages in use.</summary>
    public long LiveReallocations { get; private set; }

    /// <summary>Pages seen first as the target of a migration.</summary>
    public long MigrationTargets { get; private set; }

    public void Allocate(Pfn first, int count)
    {
        bool wasLive = false;
        for (ulong page = first.Value; page < first.Value + (ulong)count && page < MostPages; page++)
        {
            wasLive |= Set(_live, page, isOn: true);
            Set(_seen, page, isOn: true);
        }

        LiveReallocations += wasLive ? 1 : 0;
    }

    public void Free(Pfn first, int count)
    {
        for (ulong page = first.Value; page < first.Value + (ulong)count && page < MostPages; page++)
        {
            bool wasSeen = Set(_seen, page, isOn: true);
            if (!Set(_live, page, isOn: false))
            {
                InUseBefore += wasSeen ? 0 : 1;
                Hidden += wasSeen ? 1 : 0;
            }
        }
    }

    public void MigrateTo(Pfn page)
    {
        if (page.Value < MostPages && !Set(_live, page.Value, isOn: true))
        {
            MigrationTargets++;
            Set(_seen, page.Value, isOn: true);
        }
    }

    // Sets or clears a page's bit; what it was.
    private static bool Set(ulong[]?[] bits, ulong page, bool isOn)
    {
        ulong[] chunk = bits[page >> ChunkShift] ??= new ulong[(1 << ChunkShift) / 64];
        ref ulong word = ref chunk[(page & ((1 << ChunkShift) - 1)) / 64];
        ulong bit = 1UL << (int)(page % 64);
        bool was = (word & bit) != 0;
        word = isOn ? word | bit : word & ~bit;
        return was;
    }
}
