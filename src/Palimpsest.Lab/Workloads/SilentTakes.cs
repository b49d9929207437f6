using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Workloads;

/// <summary>
/// Finds pages that the bulk allocator took, which has no event: a per-CPU list is refilled when it is empty, so what an earlier
/// refill put there, and nobody drained, allocated or freed since, has been taken (rmqueue_pcplist, mm/page_alloc.c, 6.1 and 6.12).
/// </summary>
/// <param name="direct">Refills that went past the lists.</param>
internal sealed class SilentTakes(MemoryLayout layout, TaggedRefills direct)
{
    private const int Orders = Order.Max + 1;

    // 1 + the list that a refill put the page on; 0 where it has left, by an event.
    private readonly int[] _listOf = new int[layout.Frames];
    private readonly Dictionary<int, List<Frame>> _lists = [];
    private readonly List<Frame> _taken = [];
    private readonly Dictionary<int, int> _refilling = [];

    /// <summary>Looks at the next event.</summary>
    /// <param name="frame">The board's frame of its page, or -1.</param>
    /// <returns>Pages that were taken before it, none of them with an event, until the next call.</returns>
    public IReadOnlyList<Frame> Look(in TraceEvent at, Frame frame, long index)
    {
        _taken.Clear();
        if (frame.IsNone || at.Order > Order.Costly || direct.Has(index))
        {
            _refilling.Remove(at.Cpu);
            return _taken;
        }

        switch (at.Kind)
        {
            case TraceEventKind.Refill:
                Refill(at, frame);
                break;
            case TraceEventKind.Allocate or TraceEventKind.Free or TraceEventKind.Drain or TraceEventKind.MigrationTarget:
                _listOf[frame.Index] = 0;
                _refilling.Remove(at.Cpu);
                break;
        }

        return _taken;
    }

    private void Refill(in TraceEvent at, Frame frame)
    {
        int type = at.MigrateType < MigrateTypes.PerCpuCount ? at.MigrateType : (int)MigrateType.Movable;
        int list = 1 + at.Order + (Orders * (type + (MigrateTypes.PerCpuCount * at.Cpu)));
        if (!_lists.TryGetValue(list, out List<Frame>? pages))
        {
            _lists[list] = pages = [];
        }

        if (!_refilling.TryGetValue(at.Cpu, out int refilling) || refilling != list)
        {
            _taken.AddRange(pages.Where(page => _listOf[page.Index] == list));
            pages.Clear();
        }

        _refilling[at.Cpu] = list;
        _listOf[frame.Index] = list;
        pages.Add(frame);
    }
}
