using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Snapshots;

/// <summary>
/// Places the free chunks that a pagetypeinfo counts, the largest first: each where the events show most frames free and
/// none in use. Where they show none, a chunk as large as a pageblock goes to the highest place, since boot fills memory
/// from below.
/// </summary>
/// <param name="isInUse">Frames that cannot have been free.</param>
internal sealed class StartChunks(StartEvidence evidence, bool[] isInUse)
{
    private readonly MigrateType[] _types = TypesOf(evidence);

    /// <summary>Frames of the chunks placed.</summary>
    public bool[] IsFree { get; } = new bool[isInUse.Length];

    /// <summary>Of those, frames of chunks that no event speaks for.</summary>
    public bool[] IsGuess { get; } = new bool[isInUse.Length];

    public void Place(FreeChunkCounts kernel)
    {
        for (int order = Math.Min(kernel.Orders - 1, evidence.Layout.Geometry.LargestOrder); order >= 0; order--)
        {
            ILookup<MigrateType, (Frame Frame, int Known)> places = Places(order)
                .ToLookup(place => _types[place.Frame.Index >> evidence.Layout.Geometry.PageBlockOrder]);
            for (int type = 0; type < MigrateTypes.Count; type++)
            {
                int count = (int)Math.Min(isInUse.Length, kernel.Chunks[type][order]);
                foreach ((Frame frame, int known) in places[(MigrateType)type].OrderByDescending(place => place.Known)
                    .ThenByDescending(place => place.Frame).Take(count))
                {
                    IsFree.AsSpan(frame.Index, 1 << order).Fill(true);
                    IsGuess.AsSpan(frame.Index, 1 << order).Fill(known == 0);
                }
            }
        }
    }

    /// <summary>Where a chunk of an order may lie, and how many of its frames the events show to have been free.</summary>
    private IEnumerable<(Frame Frame, int Known)> Places(int order)
    {
        for (Frame frame = new(0); frame.Index + (1 << order) <= isInUse.Length; frame += 1 << order)
        {
            int known = 0;
            Frame end = frame + (1 << order);
            Frame at = frame;
            for (; at < end && !isInUse[at.Index] && !IsFree[at.Index]; at++)
            {
                known += evidence.IsSeen(at.Index) ? 1 : 0;
            }

            if (at == end && (known > 0 || order >= evidence.Layout.Geometry.PageBlockOrder))
            {
                yield return (frame, known);
            }
        }
    }

    private static MigrateType[] TypesOf(StartEvidence evidence)
    {
        int blockOrder = evidence.Layout.Geometry.PageBlockOrder;
        MigrateType[] types = new MigrateType[(evidence.Layout.Frames >> blockOrder) + 1];
        Array.Fill(types, MigrateType.Movable);
        foreach (PageBlockType block in evidence.BlockTypes)
        {
            types[block.Frame.Index >> blockOrder] = block.Type;
        }

        foreach ((int first, int count) in evidence.Layout.Board.CmaPools.SelectMany(pool => evidence.Layout.FramesOf(pool.Range)))
        {
            types.AsSpan(first >> blockOrder, count >> blockOrder).Fill(MigrateType.Cma);
        }

        return types;
    }
}
