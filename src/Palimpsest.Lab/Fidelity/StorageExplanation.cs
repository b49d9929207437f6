using Palimpsest.Kernel.Following;
using Palimpsest.Kernel.Frames;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>A page's storage as it stood before a miss, what the recording said of it last, and why model and kernel differ.</summary>
public static class StorageExplanation
{
    private const int EventsShown = 6;

    /// <param name="run">A run that stopped before the miss's event.</param>
    /// <param name="number">Number of the miss, for the heading.</param>
    public static IEnumerable<string> Lines(GuidedRun run, Trace trace, StorageMiss miss, int number)
    {
        GuidedTagStorage storage = run.System.GuidedStorage;
        yield return InvariantText.Of($"miss {number}: event {miss.Event + 1:N0} at {miss.TimeNs / 1e9:N6} s, tag storage, "
            + $"{QuestionName(miss.Question)}, page {Pfn(run, miss.Page)}");
        yield return $"  the model says {miss.Model}, the kernel {miss.Kernel}";
        yield return "  " + miss.Cause;
        yield return $"  the page {(storage.IsStorage(miss.Page) ? "lies in tag storage" : storage.HasStorage(miss.Page) ? "has storage"
            : "has no storage")}; it is {State(run, miss.Page)}";
        int order = trace.Events[miss.Event].Order;
        foreach (Frame first in storage.BlocksOf(miss.Page, order))
        {
            yield return $"  block {Pfn(run, first)}: {string.Join(", ", Enumerable.Range(0, storage.BlockFrames(first))
                .Select(frame => State(run, first + frame)))}";
            foreach (long index in LastEvents(trace, run, first, storage.BlockFrames(first), miss.AskedAt))
            {
                ref readonly TraceEvent at = ref trace.Events[index];
                yield return InvariantText.Of($"    {at.TimeNs / 1e9:N6} s  {EventKinds.NameOf(at.Kind)} {at.Pfn.Value:x} "
                    + $"order {at.Order}, {trace.Tasks[at.Task].Comm}");
            }
        }
    }

    /// <summary>What is asked, in words.</summary>
    public static string QuestionName(StorageQuestion question) => question switch
    {
        StorageQuestion.Path => "how a page gets its storage",
        StorageQuestion.Block => "which block of tag storage",
        StorageQuestion.Moves => "pages to leave a block",
        StorageQuestion.Release => "blocks released by a free",
        StorageQuestion.Mark => "pages mapped fault-on-access",
        StorageQuestion.Fault => "how a fault on access ends",
        _ => "pages that come to lie in tag storage",
    };

    private static List<long> LastEvents(Trace trace, GuidedRun run, Frame first, int count, long before)
    {
        List<long> found = [];
        for (long index = before - 1; index >= 0 && found.Count < EventsShown; index--)
        {
            int frame = run.System.Layout.FrameOf(trace.Events[index].Pfn);
            if (frame >= first.Index && frame < first.Index + count)
            {
                found.Insert(0, index);
            }
        }

        return found;
    }

    private static string State(GuidedRun run, Frame frame)
    {
        (Frame chunk, int order) = run.System.Guided.ChunkOf(frame);
        if (!chunk.IsNone)
        {
            return $"free, in a chunk of order {order} ({run.System.Frames.BlockType(frame)})";
        }

        PageFrame page = run.System.Frames[frame];
        return page.State switch
        {
            FrameState.Held => "reserved",
            FrameState.PerCpu => $"on the lists of CPU {page.Owner}",
            FrameState.Covered => "part of a larger folio",
            _ => page.Has(FrameFlags.Pinned) ? "in use, and could not be moved" : "in use",
        };
    }

    private static string Pfn(GuidedRun run, Frame frame) => InvariantText.Of($"{run.System.Layout.PfnOf(frame.Index).Value:x}");
}
