using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Workloads;

/// <summary>What must be known of a recording as a whole before its events are taken one by one, found in one pass.</summary>
internal sealed class RecordingEvidence
{
    private RecordingEvidence(Trace trace, MemoryLayout layout)
    {
        Returns = new RangeReturns(trace.Tasks.Count);
        Moves = new RangeMoves(trace.Tasks.Count);
        Blocks = new PageBlockEvidence(trace, layout);
        Storage = new StorageFrees(layout);
        TaggedRefills = new TaggedRefills(layout);
        Compaction = new CompactionMoves(trace.Tasks.Count, layout);
    }

    public RangeReturns Returns { get; }

    public RangeMoves Moves { get; }

    public PageBlockEvidence Blocks { get; }

    public StorageFrees Storage { get; }

    public CompactionMoves Compaction { get; }

    public TaggedRefills TaggedRefills { get; }

    public static RecordingEvidence Find(Trace trace, MemoryLayout layout)
    {
        RecordingEvidence evidence = new(trace, layout);
        // Where the recorded kernel also swaps, most of what compaction left behind is moved again without an event: then its moves
        // are not followed.
        bool lendsStorage = TagStorageEvents.AreIn(trace);
        long index = 0;
        foreach (ref readonly TraceEvent at in trace.Events)
        {
            Frame frame = new(layout.FrameOf(at.Pfn));
            evidence.Returns.Look(at, frame, index);
            evidence.Moves.Look(at, frame, index);
            evidence.Blocks.Look(at, frame);
            evidence.Storage.Look(at, frame, index);
            if (lendsStorage)
            {
                evidence.TaggedRefills.Look(at, frame, index);
                evidence.Compaction.Look(at, frame, index);
            }

            index++;
        }

        evidence.Returns.End();
        return evidence;
    }
}
