using Palimpsest.Kernel.Frames;
using Palimpsest.Machine.Caches;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage;

/// <summary>Bytes and tags of a running machine, for the rooms that a replay uses without any.</summary>
internal sealed class DramContents(TaggedMemory memory, FrameTable frames, TaggedAllocation tagged, SavedTags saved) : PageContents
{
    public override void BeginTags(Frame firstStorage, int count, bool invalidate)
    {
        for (Frame frame = firstStorage; frame < firstStorage + count; frame++)
        {
            if (invalidate)
            {
                memory.InvalidateData(frame.Index);
            }

            memory.SetContent(frame.Index, StorageContent.Tags);
        }
    }

    public override void BeginData(Frame firstStorage, int count)
    {
        for (Frame frame = firstStorage; frame < firstStorage + count; frame++)
        {
            memory.SetContent(frame.Index, StorageContent.Data);
        }
    }

    /// <summary>What is lent at boot holds data.</summary>
    public void DeclareLent(TagBlocks blocks)
    {
        for (BlockId block = new(0); block.Index < blocks.Count; block++)
        {
            if (blocks.StateOf(block) == TagBlockState.Lent)
            {
                (Frame first, int count) = blocks.StorageOf(block);
                BeginData(first, count);
            }
        }
    }

    public override void InvalidateTags(Frame frame, int count)
    {
        for (Frame at = frame; at < frame + count; at++)
        {
            memory.InvalidateTags(at.Index);
        }
    }

    public override bool HasNoSavedTags => saved.Count == 0;

    public override bool RestoreSavedTags(Frame frame, int count)
    {
        if (!saved.HasAny(frame, count))
        {
            return false;
        }

        for (Frame at = frame; at < frame + count; at++)
        {
            if (saved.TryTake(at, out byte[] tags))
            {
                memory.WriteTags(at.Index, tags);
            }
            else
            {
                // A page of a huge page that had no tags to save.
                memory.ClearTags(at.Index);
            }
        }

        return true;
    }

    public override void MarkRestored(Frame frame)
    {
        if (!frames[frame].Has(FrameFlags.Tagged))
        {
            tagged.MarkTagged(frame);
        }
    }

    public override void ForgetSavedTags(Frame frame, int count)
    {
        for (Frame at = frame; at < frame + count && saved.Count > 0; at++)
        {
            saved.Forget(at);
        }
    }
}
