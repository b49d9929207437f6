using Palimpsest.Kernel.Frames;
using Palimpsest.Machine.Caches;

namespace Palimpsest.Kernel.TagStorage;

/// <summary>Bytes and tags of a running machine, for the rooms that a replay uses without any.</summary>
internal sealed class DramContents(TaggedMemory memory, FrameTable frames, TaggedAllocation tagged, SavedTags saved) : PageContents
{
    public override void BeginTags(int firstStorage, int count, bool invalidate)
    {
        for (int frame = firstStorage; frame < firstStorage + count; frame++)
        {
            if (invalidate)
            {
                memory.InvalidateData(frame);
            }

            memory.SetContent(frame, StorageContent.Tags);
        }
    }

    public override void BeginData(int firstStorage, int count)
    {
        for (int frame = firstStorage; frame < firstStorage + count; frame++)
        {
            memory.SetContent(frame, StorageContent.Data);
        }
    }

    /// <summary>What is lent at boot holds data.</summary>
    public void DeclareLent(TagBlocks blocks)
    {
        for (int block = 0; block < blocks.Count; block++)
        {
            if (blocks.StateOf(block) == TagBlockState.Lent)
            {
                (int first, int count) = blocks.StorageOf(block);
                BeginData(first, count);
            }
        }
    }

    public override void InvalidateTags(int frame, int count)
    {
        for (int at = frame; at < frame + count; at++)
        {
            memory.InvalidateTags(at);
        }
    }

    public override bool HasNoSavedTags => saved.Count == 0;

    public override void RestoreSavedTags(int frame, int count)
    {
        if (!saved.HasAny(frame, count))
        {
            return;
        }

        for (int at = frame; at < frame + count; at++)
        {
            if (saved.TryTake(at, out byte[] tags))
            {
                memory.WriteTags(at, tags);
            }
            else
            {
                // A page of a huge page that had no tags to save.
                memory.ClearTags(at);
            }
        }

        if (!frames[frame].Has(FrameFlags.Tagged))
        {
            tagged.MarkTagged(frame);
        }
    }

    public override void ForgetSavedTags(int frame, int count)
    {
        for (int at = frame; at < frame + count && saved.Count > 0; at++)
        {
            saved.Forget(at);
        }
    }
}
