using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Steps;
using Palimpsest.Machine.Caches;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage;

/// <summary>
/// Tags on their way from page to page: copy_highpage, mte_sync_tags and the stores of saved tags, in all combinations of
/// source and destination with storage and without (arch/arm64/mm/copypage.c and kernel/mte.c with RFC v3).
/// </summary>
internal sealed class TagCopy(FrameTable frames, TaggedAllocation tagged, TaggedMemory bytes, SavedTags saved, int pageBytes,
    KernelRuntime runtime)
{
    /// <summary>Does a folio have tags, in hardware or saved? RFC v1 knew of those in hardware alone (R20).</summary>
    public bool HasTags(Frame folio) =>
        frames[folio].Has(FrameFlags.Tagged)
        || (saved.Count > 0 && runtime.Has(Safeguards.MoveSavedTags) && saved.HasAny(folio, 1 << frames[folio].Order));

    /// <summary>Does a folio have tags that swap-out writes? RFC v3 looked at the flag of those in hardware alone (V4).</summary>
    public bool HasTagsToSwap(Frame folio) =>
        runtime.Has(Safeguards.SwapSavedTags) ? HasTags(folio) : frames[folio].Has(FrameFlags.Tagged);

    /// <summary>Copies the tags of a folio to another of its order; nothing when it has none.</summary>
    public async ValueTask Copy(Frame source, Frame destination)
    {
        if (!HasTags(source))
        {
            return;
        }

        await runtime.Point(StepKind.CopyTags, source);
        int count = 1 << Math.Min(frames[source].Order, frames[destination].Order);
        for (int part = 0; part < count; part++)
        {
            await PutCopy(source, source + part, destination, destination + part);
        }
    }

    /// <summary>Copies the tags of one page of a folio to one page of another.</summary>
    public async ValueTask CopyPage(Frame sourceFolio, Frame source, Frame destinationFolio, Frame destination)
    {
        if (HasTags(sourceFolio))
        {
            await runtime.Point(StepKind.CopyTags, source);
            await PutCopy(sourceFolio, source, destinationFolio, destination);
        }
    }

    /// <summary>Gives a page its tags: into its storage where it has some, else into the store by pfn (R1, R3).</summary>
    public async ValueTask Put(Frame folio, Frame frame, byte[] tags)
    {
        if (tagged.HasStorage(folio) || !runtime.Has(Safeguards.SaveTagsByPfn))
        {
            Write(folio, frame, tags);
            return;
        }

        if (!runtime.Has(Safeguards.AtomicTagBuffers))
        {
            runtime.Interleaving.MightSleep("kmalloc of a buffer for tags");
        }

        await runtime.Point(StepKind.SaveTags, frame);
        await runtime.Take(runtime.Locks.SavedTags);
        await runtime.Point(StepKind.Locked, frame);
        if (runtime.Has(Safeguards.RecheckBeforeSave) && frames[folio].Has(FrameFlags.StorageReserved))
        {
            // Somebody reserved meanwhile and found nothing to restore (R5).
            Write(folio, frame, tags);
        }
        else
        {
            saved.Put(frame, tags);
        }

        runtime.Locks.SavedTags.Release();
    }

    /// <summary>Packed tags of a page, wherever they are; zeros when it has none.</summary>
    public byte[] TagsOf(Frame folio, Frame frame)
    {
        byte[] tags = new byte[pageBytes / 32];
        if (frames[folio].Has(FrameFlags.Tagged))
        {
            bytes.ReadTags(frame.Index, tags);
        }
        else if (saved.Find(frame) is { } kept)
        {
            kept.CopyTo(tags, 0);
        }

        return tags;
    }

    private ValueTask PutCopy(Frame sourceFolio, Frame source, Frame destinationFolio, Frame destination)
    {
        byte[] tags = TagsOf(sourceFolio, source);
        if (!runtime.Has(Safeguards.CopySavedTags))
        {
            // RFC v3 takes them out of the array by the old pfn and puts them in by the new one: right if the source goes (V5).
            saved.Forget(source);
        }

        return Put(destinationFolio, destination, tags);
    }

    private void Write(Frame folio, Frame frame, byte[] tags)
    {
        bytes.WriteTags(frame.Index, tags);
        if (!frames[folio].Has(FrameFlags.Tagged))
        {
            tagged.MarkTagged(folio);
        }
    }
}
