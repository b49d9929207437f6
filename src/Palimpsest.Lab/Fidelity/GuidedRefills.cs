using Palimpsest.Kernel;
using Palimpsest.Kernel.Following;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>Follows what leaves the buddy lists: the pages of refills, and requests that go past the per-CPU lists.</summary>
internal sealed class GuidedRefills(Trace trace, MemorySystem system, RecordedFrames recorded, OwnDecisions own,
    Concessions concessions, Silence silent, GuidedTallies tallies, Judgement judgement)
{
    private readonly GuidedAllocator _guided = system.Guided;
    private readonly HashSet<Frame> _direct = [];
    private readonly Dictionary<CpuId, Frame> _last = [];

    /// <summary>Told where pages are placed; null where the recorded kernel lent no tag storage.</summary>
    public GuidedStorage? Storage { get; set; }

    /// <summary>Was the page of a request that is now reported taken past the per-CPU lists?</summary>
    public bool WasDirect(Frame frame) => _direct.Remove(frame);

    public void Follow(in TraceEvent at, Frame frame)
    {
        int order = at.Order;
        CpuId cpu = new(at.Cpu);
        MigrateType type = at.MigrateType < MigrateTypes.PerCpuCount ? (MigrateType)at.MigrateType : MigrateType.Movable;
        bool wasEmpty = _guided.PerCpu.Holds(order)
            && (own.IsRefilling(cpu, order) || silent.PassHeads(frame, order, type, cpu, judgement.Index).IsNone);
        bool isTagged = recorded.IsForTags(judgement.Index);
        bool isDirect = isTagged || !_guided.PerCpu.Holds(order) || GoesPast(at, frame, wasEmpty);
        DecisionPath path = isDirect ? DecisionPath.Buddy : DecisionPath.Refill;
        bool isPredicted = Judge(at, frame, type, path, useCma: type == MigrateType.Movable && !isTagged,
            continues: !isDirect && own.IsRefilling(cpu, order), out Frame proposed);
        judgement.Tally(at, path, type, isPredicted, own.Allocations.Total);
        if (at.MigrateType < MigrateTypes.PerCpuCount && at.Kind == TraceEventKind.Refill)
        {
            tallies.Retyped += _guided.Agree(frame, type) ? 1 : 0;
        }

        if (isDirect && !isTagged)
        {
            Storage?.Placed(at, proposed, frame, judgement.Index);
        }

        _last[cpu] = frame;
        if (isDirect)
        {
            _direct.Add(frame);
            own.AllocatedFromBuddy(cpu, isPredicted, judgement.IsTallied);
            return;
        }

        if (!wasEmpty && _guided.PerCpu.HighMoves)
        {
            // The kernel refills an empty list: what the model has there is in use.
            silent.PassAll(frame, order, type, cpu);
        }

        own.Refilled(cpu, frame, order, wasEmpty, isPredicted);
        _guided.PerCpu.Refilled(frame, order, type, cpu);
    }

    /// <summary>
    /// A page that was stolen, or claimed with a block of its own, is named by mm_page_alloc_extfrag alone (6.12); any other was
    /// named right before.
    /// </summary>
    public void FollowFallback(in TraceEvent at, Frame frame)
    {
        if (!_guided.PerCpu.HighMoves || _last.GetValueOrDefault(new CpuId(at.Cpu), Frame.None) == frame)
        {
            return;
        }

        (Frame chunk, int order) = _guided.ChunkOf(frame);
        Follow(at, frame);
        Frame end = order < system.Frames.PageBlockOrder ? chunk : chunk + (1 << order);
        for (Frame block = chunk; block < end; block += system.Frames.PageBlockFrames)
        {
            // Of a chunk that large, every block changes its type.
            tallies.Retyped += _guided.Agree(block, (MigrateType)at.MigrateType) ? 1 : 0;
        }
    }

    /// <summary>Another event of this CPU: what comes next is not the echo of its last page.</summary>
    public void Forget(CpuId cpu) => _last.Remove(cpu);

    /// <summary>
    /// A request of an order that the per-CPU lists have goes past them where their lock is held. Then its page is the only one, and
    /// reported next; at boot, so is each refill.
    /// </summary>
    private bool GoesPast(in TraceEvent at, Frame frame, bool wasEmpty)
    {
        CpuId cpu = new(at.Cpu);
        return !wasEmpty && _guided.PerCpu.LimitsOf(frame, cpu).Batch > 1
            && recorded.NextIndex(frame, judgement.Index) is { } next && trace.Events[next].Kind == TraceEventKind.Allocate
            && NextOn(cpu) == next;
    }

    /// <summary>Index of the next event of a CPU that moves a page.</summary>
    private long NextOn(CpuId cpu)
    {
        long index = judgement.Index + 1;
        while (index < trace.Events.Count
            && (trace.Events[index].Cpu != cpu.Index || !RecordedFrames.MovesAPage(trace.Events[index].Kind)))
        {
            index++;
        }

        return index;
    }

    private bool Judge(in TraceEvent at, Frame frame, MigrateType type, DecisionPath path, bool useCma, bool continues,
        out Frame proposed)
    {
        int order = at.Order;
        bool isFree = _guided.IsFree(frame, order);
        if (!isFree)
        {
            concessions.GiveBack(frame, judgement.Index);
        }

        (Frame chunk, int chunkOrder) = _guided.ChunkOf(frame);
        proposed = _guided.Propose(frame, order, type, useCma, continues);
        if (isFree && proposed == frame)
        {
            return true;
        }

        string cause = !isFree ? "the model has the kernel's frame in use"
            : $"the kernel's chunk of order {chunkOrder} at {system.Layout.PfnOf(chunk.Index)} is further back in the model, "
                + "or on another list";
        judgement.Record(at, path, type, proposed, frame, cause);
        if (!proposed.IsNone)
        {
            _guided.FreeToBuddy(proposed, order, system.Frames.BlockType(proposed), toTail: false);
            if (proposed != frame)
            {
                concessions.Concede(frame, proposed, order, type, chunk.IsNone ? -1 : chunkOrder, judgement.Index);
            }
        }

        if (!_guided.TryTake(frame, order))
        {
            tallies.Contradictions++;
            _guided.ForceTake(frame, order);
        }

        return false;
    }
}
