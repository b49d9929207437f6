using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Ports;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage;

/// <summary>Laws TAG-1, TAG-2, TAG-3 and PIN-1, from the frames themselves.</summary>
internal sealed class TagStorageAudit(FrameTable frames, TagBlocks blocks, StoragePlace place, List<LawViolation> broken)
{
    private readonly int[] _references = new int[blocks.Count];

    /// <param name="taggedFrames">Frames with valid tags, as counted while they came and went; and frames of storage in use.</param>
    public void Run(int taggedFrames, int lentFrames)
    {
        int tagged = 0;
        int lent = 0;
        for (Frame frame = new(0); frame.Index < frames.Count; frame++)
        {
            ref PageFrame at = ref frames[frame];
            if (at.State != FrameState.Allocated)
            {
                continue;
            }

            int count = 1 << at.Order;
            tagged += at.Has(FrameFlags.Tagged) ? count : 0;
            CheckFolio(frame, at, count);
            for (Frame part = frame; part < frame + count; part++)
            {
                lent += frames[part].Has(FrameFlags.TagStorage) ? 1 : 0;
            }
        }

        CheckBlocks();
        Compare("tagged frames", tagged, taggedFrames);
        Compare("lent frames in use", lent, lentFrames);
    }

    private void CheckFolio(Frame frame, in PageFrame at, int count)
    {
        if (at.Has(FrameFlags.Tagged) && !at.Has(FrameFlags.StorageReserved))
        {
            Report("TAG-1", $"frame {frame} is tagged without storage");
        }

        if (at.Has(FrameFlags.Tagged) && at.Has(FrameFlags.Untaggable))
        {
            Report("TAG-3", $"frame {frame} cannot have tags and is tagged");
        }

        if (at.Has(FrameFlags.TagStorage) && !at.Has(FrameFlags.Movable) && !place.MayHold(isMovable: false))
        {
            Report("PIN-1", $"frame {frame} of tag storage holds unmovable data");
        }

        for (Frame part = frame; part < frame + count && at.Has(FrameFlags.StorageReserved); part++)
        {
            BlockId block = blocks.BlockOf(part);
            if (block.IsNone || blocks.StateOf(block) != TagBlockState.Reserved)
            {
                Report("TAG-1", $"frame {part} counts on block {block}, which is not reserved");
            }
            else
            {
                _references[block.Index]++;
            }
        }
    }

    private void CheckBlocks()
    {
        int reservedFrames = 0;
        for (BlockId block = new(0); block.Index < blocks.Count; block++)
        {
            if (_references[block.Index] != blocks.ReferencesOf(block))
            {
                Report("TAG-2", $"block {block} has {_references[block.Index]} tagged frames and {blocks.ReferencesOf(block)} references");
            }

            if (blocks.StateOf(block) == TagBlockState.Reserved)
            {
                reservedFrames += CheckReserved(block);
            }
        }

        Compare("reserved frames", reservedFrames, blocks.ReservedFrames);
    }

    private int CheckReserved(BlockId block)
    {
        (Frame first, int count) = blocks.StorageOf(block);
        for (Frame frame = first; frame < first + count; frame++)
        {
            if (frames[frame].State != FrameState.Held)
            {
                Report("TAG-1", $"block {block} is reserved, but its frame {frame} is {frames[frame].State}");
            }
        }

        return count;
    }

    private void Compare(string what, int counted, int counter)
    {
        if (counted != counter)
        {
            Report("TAG-2", $"{counted} {what}, counter {counter}");
        }
    }

    private void Report(string law, string message) => broken.Add(new LawViolation(law, message));
}
