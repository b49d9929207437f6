using Palimpsest.Kernel;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Workloads;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Replay;

/// <summary>
/// Brings the lists at the first step closer to a pagetypeinfo from then. Free frames and their blocks' types are deduced
/// from the recording, which does not say what was free in a block that is not Movable and not touched until later, nor
/// whether a page lay on the buddy lists or on a CPU's. For machines of one zone, since a CPU's pages are counted so.
/// </summary>
internal sealed class StartLists
{
    private readonly MemorySystem _system;
    private readonly Workload _workload;
    private readonly FreeChunkCounts _kernel;
    private readonly Frame _near;

    public StartLists(MemorySystem system, Workload workload, FreeChunkCounts kernel)
    {
        _system = system;
        _workload = workload;
        _kernel = kernel;
        _near = system.Zones.First(zone => !zone.IsTagStorage && zone.Start < zone.End).Start;
    }

    /// <summary>Types of blocks, free lists and per-CPU lists as a workload says that they were at the first step.</summary>
    public static void Apply(MemorySystem system, Workload workload)
    {
        HashSet<PageBlockType> typed = [.. workload.BlockTypes];
        foreach (PageBlockType block in workload.BlockTypes)
        {
            system.Guided.RetypeBlock(block.Frame, block.Type);
            if (typed.Contains(PairOf(system, block)))
            {
                RetypeFree(system, block);
            }
        }

        int[] perCpu = [.. workload.PerCpuAtStart.Take(system.Cpus)];
        if (workload.ChunksAtStart is { } chunks && CanApply(system))
        {
            StartLists lists = new(system, workload, chunks);
            lists.RetypeFreeBlocks();
            lists.FillPerCpuLists(perCpu);
        }

        for (CpuId cpu = CpuId.Boot; cpu.Index < perCpu.Length; cpu++)
        {
            system.Guided.Prefill(cpu, perCpu[cpu.Index]);
        }
    }

    public static bool CanApply(MemorySystem system) =>
        system.Place.HasPerCpuLists && system.Zones.Count(zone => !zone.IsTagStorage && zone.Start < zone.End) == 1;

    /// <summary>
    /// Blocks that are wholly free and were later found to be of a type that keeps to itself: they were so from the start
    /// as far as the kernel had whole blocks of that type.
    /// </summary>
    public void RetypeFreeBlocks()
    {
        int order = _system.Frames.PageBlockOrder;
        foreach (PageBlockType block in _workload.BlockTypes)
        {
            if (Excess(block.Type, order) < 0)
            {
                RetypeFree(_system, block);
            }
        }
    }

    /// <summary>Gives a Movable block that is wholly free its type.</summary>
    public static void RetypeFree(MemorySystem system, PageBlockType block)
    {
        int order = system.Frames.PageBlockOrder;
        if (system.Guided.ChunkOf(block.Frame) == (block.Frame, order) && system.Frames.BlockType(block.Frame) == MigrateType.Movable
            && system.Guided.TryTake(block.Frame, order))
        {
            system.Guided.SetBlockType(block.Frame, block.Type);
            system.Guided.FreeToBuddy(block.Frame, order, block.Type, toTail: true);
        }
    }

    /// <summary>
    /// The other block of a chunk of twice the size, if it had the same type: who claims such a chunk gets both, so that this one had
    /// its type even while all of it was free.
    /// </summary>
    public static PageBlockType PairOf(MemorySystem system, PageBlockType block) =>
        block with { Frame = block.Frame.BuddyAt(system.Frames.PageBlockOrder) };

    /// <summary>
    /// A page that is allocated without having been freed before, out of a chunk that the kernel's buddy lists did not have,
    /// lay on the per-CPU list of its CPU. Requests take from the head, so the first allocated comes first.
    /// </summary>
    /// <param name="left">Pages that each CPU had on its lists, less those put there.</param>
    public void FillPerCpuLists(Span<int> left)
    {
        Fill(left, type => type is MigrateType.Unmovable or MigrateType.Reclaimable);
        Fill(left, type => type == MigrateType.Movable);
    }

    private void Fill(Span<int> left, Func<MigrateType, bool> isWanted)
    {
        bool[] isSeen = new bool[_system.Frames.Count];
        foreach (WorkloadStep step in _workload.Steps.Span)
        {
            bool isFirst = !isSeen[step.Name];
            int count = step.Kind == WorkloadStepKind.TakeRange ? step.Count : 1 << step.Order;
            isSeen.AsSpan(step.Name, count).Fill(true);
            if (step.Kind == WorkloadStepKind.Allocate && isFirst && step.Order <= Order.Costly && step.Cpu < left.Length
                && left[step.Cpu] >= count)
            {
                AllocationRequest request = new(step.Gfp, new Order(step.Order), new CpuId(step.Cpu), IsTagged: false, Owner: 0);
                left[step.Cpu] -= isWanted(request.Type) && WasOnPerCpuList(step, request.Type) ? count : 0;
            }
        }
    }

    private bool WasOnPerCpuList(in WorkloadStep step, MigrateType type)
    {
        (Frame chunk, int order) = _system.Guided.ChunkOf(new Frame(step.Name));
        if (chunk.IsNone || order > Order.Costly || _system.Frames.BlockType(new Frame(step.Name)) != type || Excess(type, order) <= 0
            || !_system.Guided.TryTake(new Frame(step.Name), step.Order))
        {
            return false;
        }

        _system.Guided.PerCpu.Refilled(new Frame(step.Name), step.Order, type, new CpuId(step.Cpu));
        return true;
    }

    /// <summary>Chunks that the model has more than the kernel.</summary>
    private long Excess(MigrateType type, int order) =>
        _system.Guided.ListOf(_near, order, type, int.MaxValue).Count - _kernel.CountOf((int)type, order);
}
