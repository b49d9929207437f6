using Palimpsest.Vocabulary;

namespace Palimpsest.Traces;

/// <summary>Leaves out the allocations that are not meant, and with each all that happens to its pages until they are freed.</summary>
internal sealed class PagesLeftOut
{
    // As many as the recorded machine has pages, at most.
    private readonly HashSet<ulong> _pages = [];

    /// <param name="isMeant">By the task and the CPU of the event.</param>
    public bool Lets(in TraceEvent item, bool isMeant)
    {
        switch (item.Kind)
        {
            case TraceEventKind.Allocate:
                Allocated(item, isMeant);
                return isMeant;
            case TraceEventKind.AllocateFailed or TraceEventKind.CmaAllocate:
                return isMeant;
            case TraceEventKind.Free:
                return !Freed(item);
            default:
                return !_pages.Contains(item.Pfn.Value);
        }
    }

    private void Allocated(in TraceEvent item, bool isMeant)
    {
        for (ulong pfn = item.Pfn.Value; pfn < item.Pfn.Value + PagesOf(item); pfn++)
        {
            if (isMeant)
            {
                _pages.Remove(pfn);
            }
            else
            {
                _pages.Add(pfn);
            }
        }
    }

    private bool Freed(in TraceEvent item)
    {
        bool isLeftOut = _pages.Contains(item.Pfn.Value);
        for (ulong pfn = item.Pfn.Value; isLeftOut && pfn < item.Pfn.Value + PagesOf(item); pfn++)
        {
            _pages.Remove(pfn);
        }

        return isLeftOut;
    }

    private static ulong PagesOf(in TraceEvent item) => item.Order <= Order.Max ? 1UL << item.Order : 0;
}
