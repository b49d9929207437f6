using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Workloads;

/// <summary>A range given back page by page.</summary>
/// <param name="FirstEvent">Index of the first of its frees.</param>
internal readonly record struct RangeReturn(long FirstEvent, int Name, int Count);

/// <summary>
/// Finds ranges from alloc_contig_pages and the like, which leave no event when they are taken: free_contig_range frees
/// neighbouring pages in rising order, one task with hardly a break, none of them batched. Processes do not free so.
/// </summary>
internal sealed class RangeReturns(int tasks)
{
    /// <summary>Fewer neighbours than this may be chance: a vmalloc area, a file's pages.</summary>
    private const int LeastPages = 512;

    /// <summary>A run this long survives as many events of other pages: interrupts allocate and free in its midst.</summary>
    private const int Patience = 64;

    private readonly Dictionary<long, RangeReturn> _byFirstEvent = [];
    private readonly Run[] _runs = new Run[tasks];

    public bool IsEmpty => _byFirstEvent.Count == 0;

    public RangeReturn? At(long index) => _byFirstEvent.TryGetValue(index, out RangeReturn range) ? range : null;

    /// <summary>Looks at the next event.</summary>
    /// <param name="frame">The board's frame of its page; none where the board has no memory.</param>
    public void Look(in TraceEvent at, Frame frame, long index)
    {
        if (at.Kind is not (TraceEventKind.Free or TraceEventKind.FreeBatched or TraceEventKind.Allocate))
        {
            return;
        }

        ref Run run = ref _runs[at.Task];
        int name = at.Kind == TraceEventKind.Free && at.Order == 0 ? frame.Index : -1;
        if (name >= 0 && name == run.Next && run.Next > run.Name)
        {
            run = run with { Next = name + 1, Strangers = 0 };
            return;
        }

        if (run.Next - run.Name >= Patience && run.Strangers < Patience)
        {
            run = run with { Strangers = run.Strangers + 1 };
            return;
        }

        Keep(run);
        run = name < 0 ? default : new Run(index, name, name + 1, Strangers: 0);
    }

    /// <summary>No event is left.</summary>
    public void End()
    {
        foreach (Run run in _runs)
        {
            Keep(run);
        }
    }

    private void Keep(in Run run)
    {
        if (run.Next - run.Name >= LeastPages)
        {
            _byFirstEvent[run.First] = new RangeReturn(run.First, run.Name, run.Next - run.Name);
        }
    }

    /// <summary>Neighbouring pages that a task has freed one after the other; empty where Next is not above Name.</summary>
    private readonly record struct Run(long First, int Name, int Next, int Strangers);
}
