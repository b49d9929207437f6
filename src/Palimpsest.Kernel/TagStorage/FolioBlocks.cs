using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage;

/// <summary>Which blocks of tag storage a folio refers to, and by how much it counts on each.</summary>
/// <param name="loopsToLast">False: as RFC v3 was mailed, whatever the safeguards (X1).</param>
internal sealed class FolioBlocks(FrameTable frames, TagBlocks blocks, KernelRuntime runtime, bool loopsToLast)
{
    /// <summary>
    /// End of the frames whose blocks a folio refers to: its own end. RFC v2 took a block for each 32 pages whatever the
    /// size of blocks, and with it those of its neighbours (R25).
    /// </summary>
    public Frame EndOf(Frame frame) => EndOf(frame, 1 << frames[frame].Order);

    /// <summary>The same of a folio of so many frames.</summary>
    public Frame EndOf(Frame frame, int count)
    {
        BlockId block = blocks.BlockOf(frame);
        if (runtime.Has(Safeguards.ExactBlockCount) && ((loopsToLast && runtime.Has(Safeguards.ScaledLoopBound)) || block.IsNone))
        {
            return frame + count;
        }

        int wanted = Math.Max(count >> TagGeometry.DataFramesPerStorageFrameLog2, 1);
        (Frame first, int covered) = blocks.CoverOf(block);
        if (runtime.Has(Safeguards.ExactBlockCount))
        {
            return Frame.Min(frame + count, first + (covered * UnscaledBlocks(wanted, blocks.StorageOf(block).Count)));
        }

        int last = Math.Min(block.Index + wanted, blocks.Count) - 1;
        return wanted == 1 ? frame + count : first + (covered * (last - block.Index + 1));
    }

    /// <summary>
    /// RFC v3 added a number of blocks to a frame number, and went on by the frames of a block: blocks that it reaches
    /// (X1).
    /// </summary>
    private static int UnscaledBlocks(int wanted, int blockFrames)
    {
        int number = (wanted + blockFrames - 1) / blockFrames;
        return (number + blockFrames - 1) / blockFrames;
    }

    /// <summary>Counted by page; by allocation, as before RFC v1, the first part freed of a split folio lends the block (R26).</summary>
    public int References(int covered) => runtime.Has(Safeguards.CountByPage) ? covered : 1;

    /// <summary>Frames from <paramref name="from"/> on, before <paramref name="end"/>, that a block covers.</summary>
    public int Covered(BlockId block, Frame from, Frame end)
    {
        (Frame first, int count) = blocks.CoverOf(block);
        return Math.Min(end - from, first + count - from);
    }
}
