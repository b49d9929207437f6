using Palimpsest.Kernel.Frames;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Metrics;

/// <summary>What one page is used for. Values are stable: reports and messages store them.</summary>
public enum PageUse : byte
{
    /// <summary>No page: a hole, or padding.</summary>
    Absent = 0,

    /// <summary>On a free list or a per-CPU list.</summary>
    Free = 1,

    /// <summary>Data.</summary>
    InUse = 2,

    /// <summary>Data with tags.</summary>
    Tagged = 3,

    /// <summary>Tag storage that is lent and free.</summary>
    StorageFree = 4,

    /// <summary>Tag storage that holds data.</summary>
    StorageLent = 5,

    /// <summary>Tag storage that holds tags.</summary>
    StorageReserved = 6,

    /// <summary>Never the allocator's.</summary>
    Kept = 7,
}

/// <summary>What the pages of [first, end) are used for, read off their frames: one step for each folio or chunk.</summary>
internal ref struct PageUses(FrameTable frames, int first, int end)
{
    /// <summary>Kinds of use.</summary>
    public const int Count = (int)PageUse.Kept + 1;

    // A chunk that reaches into these frames may begin before them, and begins at the latest where the largest could.
    private int _next = first & ~((1 << frames.LargestOrder) - 1);

    /// <summary>First page of the step, and the one behind its last; what both are used for.</summary>
    public (int From, int End, PageUse Use) Current { get; private set; }

    public readonly PageUses GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_next < end)
        {
            int at = _next;
            ref PageFrame head = ref frames[new Frame(at)];
            _next += head.State == FrameState.Covered ? 1 : 1 << head.Order;
            if (_next > first)
            {
                int from = Math.Max(at, first);
                Current = (from, Math.Min(_next, end), Of(head, frames[new Frame(from)].Has(FrameFlags.TagStorage)));
                return true;
            }
        }

        return false;
    }

    private static PageUse Of(in PageFrame head, bool isStorage) => (head.State, isStorage) switch
    {
        (FrameState.Absent, _) => PageUse.Absent,
        (FrameState.Held, true) => PageUse.StorageReserved,
        (FrameState.Free or FrameState.PerCpu, true) => PageUse.StorageFree,
        (FrameState.Allocated, true) => PageUse.StorageLent,
        (FrameState.Free or FrameState.PerCpu or FrameState.Ready, false) => PageUse.Free,
        (FrameState.Allocated, false) => head.Has(FrameFlags.Tagged) ? PageUse.Tagged : PageUse.InUse,
        (FrameState.Held, false) => PageUse.InUse,
        _ => PageUse.Kept,
    };
}
