using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.PageAllocator.Rules;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Following;

/// <summary>The per-CPU lists of a model that follows a recording: moved by recorded events, judged by the rules of its release.</summary>
public sealed class GuidedPerCpu
{
    private readonly FrameTable _frames;
    private readonly Buddy _buddy;
    private readonly AllocatorRules _rules;

    internal GuidedPerCpu(FrameTable frames, Buddy buddy, AllocatorRules rules)
    {
        _frames = frames;
        _buddy = buddy;
        _rules = rules;
    }

    /// <summary>Puts a folio in use at the tail of a list, as a refill does.</summary>
    public void Refilled(Frame frame, int order, MigrateType listType, CpuId cpu)
    {
        PerCpuPages pages = Of(frame, cpu);
        _frames[frame].Become(FrameState.PerCpu, order);
        _frames[frame].Owner = cpu.Index;
        _frames.AddLast(_frames.ListHead(pages.ListOf(PerCpuPages.Index(listType, order))), frame);
        pages.State.Count += 1 << order;
    }

    /// <summary>Puts a folio in use at the head of a list, as a free does, without draining.</summary>
    public void Freed(Frame frame, int order, CpuId cpu)
    {
        PerCpuPages pages = Of(frame, cpu);
        _frames[frame].BecomeListed(FrameState.PerCpu, order, _frames.BlockType(frame));
        _frames[frame].Owner = cpu.Index;
        _frames.AddFirst(_frames.ListHead(pages.ListOf(IndexOf(frame))), frame);
        pages.State.Count += 1 << order;
    }

    /// <summary>Takes a folio off whatever list it is on; it is in use then.</summary>
    // A folio on a list has no owner, so the field says whose list it is.
    public void Remove(Frame frame)
    {
        int order = _frames[frame].Order;
        _frames.Remove(frame);
        _frames[frame].Become(FrameState.Allocated, order);
        Of(frame, new CpuId(_frames[frame].Owner)).State.Count -= 1 << order;
    }

    /// <summary>First folio of a list, or none.</summary>
    /// <param name="near">A frame of the zone.</param>
    public Frame First(Frame near, int order, MigrateType type, CpuId cpu)
    {
        Frame head = HeadOf(near, order, type, cpu);
        return _frames.IsEmpty(head) ? Frame.None : _frames.First(head);
    }

    /// <summary>Position of a folio on its list, 0 for the first; null when it is not on that list.</summary>
    public int? Position(Frame frame, int order, MigrateType type, CpuId cpu)
    {
        Frame head = HeadOf(frame, order, type, cpu);
        int position = 0;
        for (Frame at = _frames.First(head); at != head; at = _frames.After(at), position++)
        {
            if (at == frame)
            {
                return position;
            }
        }

        return null;
    }

    /// <summary>The first folios of a list, at most <paramref name="most"/>.</summary>
    public IReadOnlyList<Frame> List(Frame near, int order, MigrateType type, CpuId cpu, int most) =>
        _frames.FirstOf(HeadOf(near, order, type, cpu), most);

    /// <summary>Folios that a refill of an empty list would ask for.</summary>
    public int RefillWanted(Frame near, int order, CpuId cpu) => _rules.RefillWanted(ref Of(near, cpu).State, order);

    /// <summary>Frames that the CPU gives back now that a folio of an order was put on its lists; repeated frees double it.</summary>
    public int DrainWanted(Frame near, int order, CpuId cpu) => _rules.DrainWanted(ref Of(near, cpu).State, order);

    /// <summary>The folios that a drain frees, in order; the caller takes each off before it asks for the next.</summary>
    /// <param name="freed">The folio just freed, whose list comes first; or none to begin with the first list.</param>
    public DrainPlan BeginDrain(Frame near, CpuId cpu, int count, Frame freed)
    {
        int index = freed.IsNone ? 0 : IndexOf(freed);
        return new DrainPlan(new DrainCursor(_frames, Of(near, cpu), count, index));
    }

    /// <summary>An allocation from a CPU's lists halves what its next drain gives back.</summary>
    public void CountAllocation(Frame near, CpuId cpu) => Of(near, cpu).State.FreeFactor >>= 1;

    /// <summary>Frames on a CPU's lists, and the limits they have.</summary>
    public PerCpuLimits LimitsOf(Frame near, CpuId cpu)
    {
        PerCpuState state = Of(near, cpu).State;
        return new PerCpuLimits(state.Count, state.Batch, state.High);
    }

    public void SetLimits(Frame near, CpuId cpu, int batch, int high)
    {
        ref PerCpuState state = ref Of(near, cpu).State;
        state.Batch = batch;
        state.High = high;
    }

    public int OrderOf(Frame frame) => _frames[frame].Order;

    private PerCpuPages Of(Frame near, CpuId cpu) => _buddy.ZoneOf(near).PerCpu[cpu.Index];

    private Frame HeadOf(Frame near, int order, MigrateType type, CpuId cpu) =>
        _frames.ListHead(Of(near, cpu).ListOf(PerCpuPages.Index(type, order)));

    private int IndexOf(Frame frame)
    {
        MigrateType type = _frames[frame].PerCpuType;
        return PerCpuPages.Index((int)type < MigrateTypes.PerCpuCount ? type : MigrateType.Movable, _frames[frame].Order);
    }
}

/// <summary>Frames on a CPU's lists in one zone, and the batch and high limits.</summary>
public readonly record struct PerCpuLimits(int Count, int Batch, int High);

/// <summary>The folios that a drain frees, one after the other.</summary>
public sealed class DrainPlan
{
    private DrainCursor _cursor;

    internal DrainPlan(DrainCursor cursor) => _cursor = cursor;

    /// <summary>Frames still to be given back.</summary>
    public int Left => _cursor.Left;

    /// <summary>The next folio, or none when the drain ends.</summary>
    public Frame Next() => _cursor.Next();
}
