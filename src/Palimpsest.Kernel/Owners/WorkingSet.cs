using Palimpsest.Kernel.Frames;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Owners;

/// <summary>
/// What is remembered of pages that have left memory: how long ago, in pages that left or were activated since, so that one that comes
/// back soon is active at once; and what reclaim of either kind has cost (mm/workingset.c; lru_note_cost of mm/swap.c; 6.1).
/// </summary>
internal sealed class WorkingSet(LruLists lru, FrameTable frames)
{
    private readonly long[] _cost = new long[2];
    private readonly long[] _activations = new long[2];
    private long _age;

    /// <summary>A folio leaves memory; what to keep in its place.</summary>
    public Shadow Leave(Frame folio)
    {
        Shadow shadow = new(_age, frames[folio].Has(FrameFlags.WorkingSet));
        _age += 1 << frames[folio].Order;
        return shadow;
    }

    /// <summary>It is read again, into a folio that may be on a list already (workingset_refault).</summary>
    /// <param name="hasSwap">Anonymous pages could make room.</param>
    public void Return(Frame folio, Shadow shadow, bool hasSwap)
    {
        bool isFile = IsFile(frames[folio]);
        long room = lru.Pages(LruList.ActiveFile) + (isFile ? 0 : lru.Pages(LruList.InactiveFile))
            + (hasSwap ? lru.Pages(LruList.ActiveAnonymous) + (isFile ? lru.Pages(LruList.InactiveAnonymous) : 0) : 0);
        if (_age - shadow.Age > room)
        {
            return;
        }

        _age += 1 << frames[folio].Order;
        _activations[isFile ? 1 : 0]++;
        if (frames[folio].Has(FrameFlags.Lru))
        {
            lru.Move(folio, active: true);
        }
        else
        {
            frames[folio].Set(FrameFlags.Active);
        }

        if (shadow.WasActive)
        {
            frames[folio].Set(FrameFlags.WorkingSet);
            NoteCost(isFile, 1 << frames[folio].Order);
        }
    }

    /// <summary>Pages of a kind were written out, or came back that had been in use.</summary>
    public void NoteCost(bool isFile, int pages)
    {
        _cost[isFile ? 1 : 0] += pages;
        if (_cost[0] + _cost[1] > lru.TotalPages / 4)
        {
            // A floating average: what happened of late weighs more.
            _cost[0] /= 2;
            _cost[1] /= 2;
        }
    }

    public long CostOf(bool isFile) => _cost[isFile ? 1 : 0];

    /// <summary>Pages that came back and were active at once, so far.</summary>
    public long ActivationsOf(bool isFile) => _activations[isFile ? 1 : 0];

    /// <summary>Its list is one of files (folio_is_file_lru).</summary>
    public static bool IsFile(in PageFrame folio) => !folio.Has(FrameFlags.SwapBacked);
}

/// <summary>What stands in the place of a page that has left memory.</summary>
/// <param name="Age">Pages that had left or been activated before it.</param>
/// <param name="WasActive">It had been on an active list.</param>
internal readonly record struct Shadow(long Age, bool WasActive);
