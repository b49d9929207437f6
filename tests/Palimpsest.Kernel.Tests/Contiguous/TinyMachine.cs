using Palimpsest.Kernel.Contiguous;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tests.PageAllocator;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.Contiguous;

/// <summary>A tiny zone with range allocation. Folios move to places that the test names, in order.</summary>
internal sealed class TinyMachine : IMigrationTarget, IOwnerMap
{
    public TinyMachine(int cpus = 1, int frames = 64)
    {
        Zone = new TinyZone(frames, pageBlockOrder: 3, cpus);
        Isolation = new PageIsolation(Zone.Frames, Zone.Buddy, Zone.Counters);
        KernelRuntime runtime = new();
        FolioMigration migration = new(Zone.Frames, [Zone.Zone], this, runtime, Zone.Counters, Zone.Trace) { Target = this };
        Ranges = new ContiguousAllocator(Zone.Frames, Zone.Buddy, Zone.PerCpu, migration, cpus, runtime, Zone.Counters);
        for (Frame frame = new(0); frame.Index < frames; frame++)
        {
            Zone.Frames[frame].Owner = frame.Index;
        }
    }

    public TinyZone Zone { get; }

    public PageIsolation Isolation { get; }

    public ContiguousAllocator Ranges { get; }

    /// <summary>Owner and new place of each folio that moved.</summary>
    public List<(int Owner, int Frame)> Moves { get; } = [];

    public bool HasRoom { get; set; } = true;

    /// <summary>What is on the lists of the types that tests use, and the counters.</summary>
    public string Picture() =>
        $"M[{Zone.Content(MigrateType.Movable)}] U[{Zone.Content(MigrateType.Unmovable)}] C[{Zone.Content(MigrateType.Cma)}] "
            + $"I[{Zone.Content(MigrateType.Isolate)}] free {Zone.Zone.FreeFrames} cma {Zone.Zone.FreeCmaFrames} isolated "
            + $"{Zone.Zone.IsolatedBlocks}";

    /// <summary>States of frames: '.' free, 'P' per CPU, 'm' movable, 'u' unmovable, 'p' pinned, 'H' held.</summary>
    public string States(int start, int count) =>
        string.Concat(Enumerable.Range(start, count).Select(frame => Letter(new Frame(frame))));

    ValueTask<Frame> IMigrationTarget.Allocate(Zone from, Order order, bool isTagged, CpuId cpu)
    {
        Frame frame = HasRoom ? Zone.Take(order.Value) : Frame.None;
        if (!frame.IsNone)
        {
            Zone.Frames[frame].Set(FrameFlags.Movable);
        }

        return new(frame);
    }

    void IMigrationTarget.FreeSource(Frame frame, CpuId cpu) =>
        Zone.Buddy.Free(frame, Zone.Frames[frame].Order, Zone.Frames.BlockType(frame));

    void IOwnerMap.Moved(int owner, Frame frame, Order order) => Moves.Add((owner, frame.Index));

    private char Letter(Frame frame)
    {
        PageFrame at = Zone.Frames[frame];
        if (!Zone.Buddy.FindChunk(frame, 0).IsNone)
        {
            return '.';
        }

        return at.State switch
        {
            FrameState.Held => 'H',
            FrameState.PerCpu => 'P',
            FrameState.Allocated when at.Has(FrameFlags.Pinned) => 'p',
            FrameState.Allocated when at.Has(FrameFlags.Movable) => 'm',
            FrameState.Allocated => 'u',
            _ => '-',
        };
    }
}
