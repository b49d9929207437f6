using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Frames;

/// <summary>Counts the frames of tag storage that hold data.</summary>
internal sealed class LentFrames(FrameTable frames)
{
    private readonly int _pageBlockOrder = frames.PageBlockOrder;

    public int InUse { get; private set; }

    /// <summary>A folio comes into use (1), or is freed (-1).</summary>
    // Storage is made of whole pageblocks or of parts of one, so only a larger folio can hold some of each.
    public void Count(Frame frame, in PageFrame head, int sign)
    {
        if (head.Order > _pageBlockOrder)
        {
            CountBlocks(frame, sign);
        }
        else if (head.Has(FrameFlags.TagStorage))
        {
            InUse += sign << head.Order;
        }
    }

    private void CountBlocks(Frame frame, int sign)
    {
        for (Frame block = frame; block < frame + (1 << frames[frame].Order); block += frames.PageBlockFrames)
        {
            InUse += frames[block].Has(FrameFlags.TagStorage) ? sign * frames.PageBlockFrames : 0;
        }
    }
}
