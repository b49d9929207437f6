using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Ports;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator;

/// <summary>
/// Takes a chunk from one zone in the order that Linux and the home of tag storage give: CMA balance, own type, tag
/// storage, CMA, stealing (__rmqueue, mm/page_alloc.c, 6.1 and 6.12).
/// </summary>
internal sealed class ZoneLists(FrameTable frames, Buddy buddy, IFallback fallback, StorageHome home, StoragePlace place,
    KernelCounters counters)
{
    private readonly bool _hasStorageLists = place.HasLists;
    private readonly int _storageSet = place.IsGrouped ? StorageSets.Tagged : place.HasOwnArea ? StorageSets.Storage : StorageSets.Data;

    /// <summary>The lists of groups, where storage is lent by the group.</summary>
    public IBlockLists? Groups { get; set; }

    /// <summary>Who says which page of storage data get; null where any will do.</summary>
    public IStorageClaims? Claims { get; set; }

    /// <summary>Returns a frame that is off the lists and not yet accounted, or none.</summary>
    public Frame Take(Zone zone, in TakeRequest request)
    {
        TakeMode mode = TakeMode.Normal;
        return Take(zone, request, ref mode);
    }

    /// <summary>The same, one of several in a row.</summary>
    /// <param name="mode">Where the one before was found, and this one.</param>
    public Frame Take(Zone zone, in TakeRequest request, ref TakeMode mode)
    {
        int set = request.Set;
        bool triesCmaFirst = request.Verdict.UseCma && zone.FreeCmaFrames > zone.FreeFrames / 2;
        if (TakePreferred(zone, request, triesCmaFirst) is { IsNone: false } preferred)
        {
            return preferred;
        }

        do
        {
            Frame frame = mode == TakeMode.Normal ? buddy.TakeSmallest(zone, set, request.Order, request.Type) : Frame.None;
            if (frame.IsNone && mode <= TakeMode.Cma)
            {
                frame = TakeBeforeStealing(zone, request, mayUseCma: request.Verdict.UseCma && !triesCmaFirst);
                mode = frame.IsNone || !fallback.RemembersMode ? mode : TakeMode.Cma;
            }

            if (frame.IsNone)
            {
                frame = fallback.Take(zone, request, ref mode);
            }

            if (!frame.IsNone)
            {
                return frame;
            }
        }
        while (fallback.TryMove(zone, request) || (Groups is not null && Groups.TryRefill(zone, set, request.Order)));

        return TakeStorage(zone, request, DrawMoment.Last);
    }

    /// <summary>Takes a high-order atomic chunk.</summary>
    public Frame TakeHighAtomic(Zone zone, int order) => buddy.TakeSmallest(zone, StorageSets.Data, order, MigrateType.HighAtomic);

    /// <summary>Takes from lists that storage of one migratetype has for itself, and accounts for it.</summary>
    public Frame TakeStorage(Zone zone, int order)
    {
        MigrateType type = place.BlockType!.Value;
        Frame frame = buddy.TakeSmallest(zone, _storageSet, order, type);
        zone.Account(type, _storageSet, frame.IsNone ? 0 : -(1 << order));
        return frame;
    }

    private Frame TakePreferred(Zone zone, in TakeRequest request, bool triesCmaFirst)
    {
        Frame frame = triesCmaFirst ? TakeCma(zone, request) : Frame.None;
        return !frame.IsNone ? frame : TakeStorage(zone, request, DrawMoment.BeforeOwnType);
    }

    private Frame TakeBeforeStealing(Zone zone, in TakeRequest request, bool mayUseCma)
    {
        Frame frame = TakeStorage(zone, request, DrawMoment.AfterOwnType);
        if (frame.IsNone && mayUseCma)
        {
            frame = TakeCma(zone, request);
        }

        return !frame.IsNone ? frame : TakeStorage(zone, request, DrawMoment.AfterCma);
    }

    /// <summary>Takes from lists that storage has for itself, if the home says so.</summary>
    private Frame TakeStorage(Zone zone, in TakeRequest request, DrawMoment moment) =>
        _hasStorageLists && request.Verdict.UseStorage && home.DrawsAt(moment, new DrawView(zone.FreeFrames, zone.FreeStorageFrames))
            ? Claims is null ? buddy.TakeSmallest(zone, _storageSet, request.Order, place.BlockType ?? request.Type)
                : request.Order == 0 ? Claims.Claim(zone) : Frame.None
            : Frame.None;

    /// <summary>
    /// Takes from the CMA lists. A tagged request cannot use tag storage: such a chunk goes to the tail of its list
    /// and the next is looked at, as often as the home allows.
    /// </summary>
    private Frame TakeCma(Zone zone, in TakeRequest request)
    {
        if (!request.IsTagged)
        {
            return buddy.TakeSmallest(zone, StorageSets.Data, request.Order, MigrateType.Cma);
        }

        int retries = home.Candidates;
        for (int order = request.Order; order <= frames.LargestOrder; order++)
        {
            Frame head = frames.ListHead(zone.List(StorageSets.Data, order, MigrateType.Cma));
            for (int left = zone.Chunks(StorageSets.Data, order); left > 0 && !frames.IsEmpty(head); left--)
            {
                Frame frame = frames.First(head);
                if (!frames[frame].Has(FrameFlags.Untaggable))
                {
                    buddy.Carve(zone, frame, order, request.Order, MigrateType.Cma);
                    return frame;
                }

                if (--retries < 0)
                {
                    return Frame.None;
                }

                counters.StorageCandidatesPutBack++;
                buddy.Rotate(zone, frame, MigrateType.Cma);
            }
        }

        return Frame.None;
    }
}

/// <summary>Where the last page of a refill was found: the next is looked for from there on (enum rmqueue_mode, 6.12).</summary>
internal enum TakeMode : byte
{
    Normal,
    Cma,
    Steal,
}

/// <summary>Taking from another migratetype when one's own lists, and those that it may share, are empty.</summary>
internal interface IFallback
{
    /// <summary>The rest of a refill begins where the last page was found.</summary>
    bool RemembersMode { get; }

    /// <summary>Takes a chunk of another type, off the lists and not yet accounted; none where there is none or it is moved.</summary>
    Frame Take(Zone zone, in TakeRequest request, ref TakeMode mode);

    /// <summary>Moves chunks of another type to the lists of the request's, which is then to be asked again.</summary>
    bool TryMove(Zone zone, in TakeRequest request);
}

/// <summary>A request as one zone sees it.</summary>
internal readonly record struct TakeRequest(int Order, MigrateType Type, int Set, bool IsTagged, bool NoFragment,
    AllocationVerdict Verdict);

/// <summary>The third list of tag blocks: whole groups, turned into tagged or untagged pages when a list runs dry.</summary>
internal interface IBlockLists
{
    /// <summary>Makes at least a chunk of 2^order frames available in a set of a zone; false when there is none.</summary>
    bool TryRefill(Zone zone, int set, int order);
}

