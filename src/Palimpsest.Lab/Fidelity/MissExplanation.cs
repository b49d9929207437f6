using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>The lists as they stood before a miss, and the rule that separates the model from the kernel.</summary>
public static class MissExplanation
{
    private const int ChunksShown = 6;

    /// <param name="run">A run that stopped before the miss's event.</param>
    /// <param name="number">Number of the miss, for the heading.</param>
    public static IEnumerable<string> Lines(GuidedRun run, Miss miss, int number, CpuId cpu)
    {
        string Name(Frame frame) => frame.IsNone ? "none" : $"{run.System.Layout.PfnOf(frame.Index).Value:x}";
        yield return InvariantText.Of($"miss {number}: event {miss.Event + 1:N0} at {miss.TimeNs / 1e9:N6} s, {PathName(miss.Path)}, order "
            + $"{miss.Order}, {miss.Type}");
        yield return InvariantText.Of($"  the model would take {Name(miss.Model)}, the kernel took {Name(miss.Kernel)}");
        yield return "  " + miss.Cause;
        if (miss.Path == DecisionPath.PerCpu)
        {
            yield return InvariantText.Of($"  list of CPU {cpu}, order {miss.Order}, {miss.Type}, from its head:");
            yield return "    " + string.Join(' ', run.System.Guided.PerCpu.List(miss.Kernel, miss.Order, miss.Type, cpu, 16).Select(Name));
            PageFrame kernel = run.System.Frames[miss.Kernel];
            yield return InvariantText.Of(
                $"  the kernel's frame is {kernel.State} in the model; its pageblock is {run.System.Frames.BlockType(miss.Kernel)}");
            yield break;
        }

        (Frame chunk, int order) = run.System.Guided.ChunkOf(miss.Kernel);
        yield return chunk.IsNone
            ? "  the kernel's frame is not free in the model"
            : InvariantText.Of($"  the kernel's frame lies in the free chunk {Name(chunk)} of order {order}; its pageblock is "
                + $"{run.System.Frames.BlockType(miss.Kernel)}");
        foreach (MigrateType type in new[] { miss.Type, MigrateType.Unmovable, MigrateType.Movable, MigrateType.Reclaimable,
            MigrateType.Cma }.Distinct())
        {
            for (int current = miss.Order; current <= run.System.Frames.LargestOrder; current++)
            {
                IReadOnlyList<Frame> chunks = run.System.Guided.ListOf(miss.Kernel, current, type, ChunksShown);
                if (chunks.Count > 0)
                {
                    yield return InvariantText.Of($"    {type,-11} order {current,2}: {string.Join(' ', chunks.Select(Name))}");
                }
            }
        }
    }

    /// <summary>As tables and JSON have it.</summary>
    public static string PathName(DecisionPath path) => path switch
    {
        DecisionPath.Refill => "refill",
        DecisionPath.PerCpu => "per-CPU list",
        DecisionPath.Buddy => "buddy request",
        _ => "drain",
    };
}
