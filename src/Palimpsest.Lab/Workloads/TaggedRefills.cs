using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Workloads;

/// <summary>
/// Finds pages that the buddy lists gave straight to requests whose storage is reserved next: RFC v3 keeps those off the per-CPU lists,
/// though the event says that they were refilled.
/// </summary>
internal sealed class TaggedRefills(MemoryLayout layout)
{
    // 1 + the event that refilled a page which no other event has named since.
    private readonly int[] _refilled = new int[layout.Frames];
    private readonly HashSet<long> _refills = [];

    /// <summary>Those of a whole recording.</summary>
    public static TaggedRefills Find(Trace trace, MemoryLayout layout)
    {
        TaggedRefills found = new(layout);
        long index = 0;
        foreach (ref readonly TraceEvent at in trace.Events)
        {
            found.Look(at, new Frame(layout.FrameOf(at.Pfn)), index++);
        }

        return found;
    }

    public bool Has(long index) => _refills.Contains(index);

    /// <summary>Looks at the next event.</summary>
    /// <param name="frame">The board's frame of its page, or -1.</param>
    public void Look(in TraceEvent at, Frame frame, long index)
    {
        switch (at.Kind)
        {
            case TraceEventKind.Refill when !frame.IsNone:
                _refilled[frame.Index] = checked((int)(index + 1));
                break;
            case TraceEventKind.Allocate or TraceEventKind.Free or TraceEventKind.Drain when !frame.IsNone:
                _refilled[frame.Index] = 0;
                break;
            case TraceEventKind.StorageReserveBegin when !frame.IsNone && _refilled[frame.Index] > 0
                && TagStorageEvents.WhereOf(at) == TagStorageEvents.InAllocation:
                _refills.Add(_refilled[frame.Index] - 1);
                break;
        }
    }
}
