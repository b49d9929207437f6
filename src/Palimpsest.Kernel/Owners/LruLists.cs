using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Owners;

/// <summary>
/// The four lists that reclaim works on: inactive and active, of anonymous (swap-backed) memory and of files
/// (struct lruvec, 6.1). Folios are threaded through their frames, as free chunks are. Per-CPU batches of the kernel are
/// not modelled: a folio is on its list at once.
/// </summary>
internal sealed class LruLists(FrameTable frames)
{
    private readonly int[] _pages = new int[FrameTable.LruLists * PageFrame.MostZones];

    /// <summary>Pages on a list.</summary>
    public int Pages(LruList list) => Pages(list, ZoneMask.All);

    /// <summary>Of these, pages in some zones (lruvec_lru_size).</summary>
    public int Pages(LruList list, ZoneMask zones)
    {
        int pages = 0;
        for (int zone = 0; zone < PageFrame.MostZones; zone++)
        {
            pages += zones.Has(zone) ? _pages[Index(list, zone)] : 0;
        }

        return pages;
    }

    public int TotalPages => Pages(LruList.InactiveAnonymous) + Pages(LruList.ActiveAnonymous)
        + Pages(LruList.InactiveFile) + Pages(LruList.ActiveFile);

    public Frame Head(LruList list) => frames.ListHead(frames.FirstLruList + (int)list);

    /// <summary>The folio that has been on a list longest, or none.</summary>
    public Frame Oldest(LruList list) => frames.IsEmpty(Head(list)) ? Frame.None : frames.Last(Head(list));

    public void Add(Frame folio)
    {
        ref PageFrame frame = ref frames[folio];
        LruList list = ListOf(frame);
        frames.AddFirst(Head(list), folio);
        frame.Set(FrameFlags.Lru);
        Count(list, frame, 1 << frame.Order);
    }

    /// <summary>Takes a folio off its list; nothing happens when it is on none.</summary>
    public bool Remove(Frame folio)
    {
        ref PageFrame frame = ref frames[folio];
        if (!frame.Has(FrameFlags.Lru))
        {
            return false;
        }

        frames.Remove(folio);
        frame.Clear(FrameFlags.Lru);
        Count(ListOf(frame), frame, -(1 << frame.Order));
        return true;
    }

    /// <summary>Moves a folio to the head of the active or inactive list of its kind.</summary>
    public void Move(Frame folio, bool active)
    {
        if (!Remove(folio))
        {
            return;
        }

        if (active)
        {
            frames[folio].Set(FrameFlags.Active);
        }
        else
        {
            frames[folio].Clear(FrameFlags.Active);
        }

        Add(folio);
    }

    private void Count(LruList list, in PageFrame folio, int pages) => _pages[Index(list, folio.Zone)] += pages;

    private static int Index(LruList list, int zone) => ((int)list * PageFrame.MostZones) + zone;

    private static LruList ListOf(in PageFrame frame) =>
        (LruList)((frame.Has(FrameFlags.Active) ? 1 : 0) + (frame.Has(FrameFlags.SwapBacked) ? 0 : 2));
}

/// <summary>Lists of the LRU.</summary>
internal enum LruList
{
    InactiveAnonymous,
    ActiveAnonymous,
    InactiveFile,
    ActiveFile,
}
