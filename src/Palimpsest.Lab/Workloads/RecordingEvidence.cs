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
    }

    public RangeReturns Returns { get; }

    public RangeMoves Moves { get; }

    public PageBlockEvidence Blocks { get; }

    public static RecordingEvidence Find(Trace trace, MemoryLayout layout)
    {
        RecordingEvidence evidence = new(trace, layout);
        long index = 0;
        foreach (ref readonly TraceEvent at in trace.Events)
        {
            Frame frame = new(layout.FrameOf(at.Pfn));
            evidence.Returns.Look(at, frame, index);
            evidence.Moves.Look(at, frame, index);
            evidence.Blocks.Look(at, frame);
            index++;
        }

        evidence.Returns.End();
        return evidence;
    }
}
