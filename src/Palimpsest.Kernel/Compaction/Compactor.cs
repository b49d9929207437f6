using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.Supply;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Compaction;

/// <summary>
/// Makes large free chunks by moving pages (mm/compaction.c, 6.1): a scanner from below looks for movable folios in
/// movable pageblocks until the block is empty. Destinations come from the allocator, not from a free scanner, so the
/// proposal's question which free pages may be destinations (R17, R33) is answered by the design's allocation verdict.
/// </summary>
internal sealed class Compactor(PhysicalMemory memory, FolioTable folios)
{
    /// <summary>Pageblocks looked at in one run.</summary>
    private const int MostBlocks = 64;

    /// <summary>Blocks with fewer movable pages in use than this share (of 8) are worth emptying.</summary>
    private const int MostUsedOfEight = 4;

    private int _nextBlock;

    /// <returns>True when a chunk of the order may be free now.</returns>
    public async ValueTask<bool> Run(Order order, CpuId cpu)
    {
        FrameTable frames = memory.Frames;
        int blocks = frames.PageBlocks;
        for (int looked = 0; looked < Math.Min(MostBlocks, blocks); looked++)
        {
            int block = _nextBlock;
            _nextBlock = (_nextBlock + 1) % blocks;
            Frame first = new(block << frames.PageBlockOrder);
            if (IsSuitable(first) && await Empty(first, order, cpu))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Moves one page to where the free scanner of Linux would, tag storage included.</summary>
    public ValueTask<MigrationOutcome> MoveToTop(Frame frame, CpuId cpu) =>
        memory.System.Migration.Move(
            frame, memory.Frames[frame].Has(FrameFlags.Tagged), cpu, new FreeScanner(memory.System, folios, memory.Runtime));

    private bool IsSuitable(Frame first)
    {
        FrameTable frames = memory.Frames;
        if (frames.BlockType(first) is not (MigrateType.Movable or MigrateType.Cma))
        {
            return false;
        }

        int used = 0;
        for (Frame frame = first; frame < first + frames.PageBlockFrames; frame++)
        {
            ref PageFrame at = ref frames[frame];
            if (at.State is FrameState.Kept or FrameState.Held or FrameState.Absent
                || (at.State == FrameState.Allocated && (!at.Has(FrameFlags.Movable) || at.Has(FrameFlags.Pinned) || at.Order > 0)))
            {
                return false;
            }

            used += at.State == FrameState.Allocated ? 1 : 0;
        }

        return used > 0 && used <= frames.PageBlockFrames * MostUsedOfEight / 8;
    }

    private async ValueTask<bool> Empty(Frame first, Order order, CpuId cpu)
    {
        FrameTable frames = memory.Frames;
        for (Frame frame = first; frame < first + frames.PageBlockFrames; frame++)
        {
            if (frames[frame].State != FrameState.Allocated)
            {
                continue;
            }

            if (await memory.System.Migration.Move(frame, cpu) != MigrationOutcome.Done)
            {
                return false;
            }

            memory.Statistics.CompactedPages++;
        }

        memory.System.DrainAll();
        return !memory.System.Buddy.FindChunk(first, order.Value).IsNone;
    }
}
