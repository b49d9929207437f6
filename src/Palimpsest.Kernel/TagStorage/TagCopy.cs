using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;

namespace Palimpsest.Kernel.TagStorage;

/// <summary>
/// Tags on their way from page to page: copy_highpage, mte_sync_tags and the stores of saved tags, in all combinations of
/// source and destination with storage and without (arch/arm64/mm/copypage.c and kernel/mte.c with RFC v3).
/// </summary>
internal sealed class TagCopy(RunningKernel kernel)
{
    private readonly KernelRuntime _runtime = kernel.Runtime;

    /// <summary>Does a folio have tags, in hardware or saved? RFC v1 knew of those in hardware alone (R20).</summary>
    public bool HasTags(int folio) =>
        kernel.Memory.Frames[folio].Has(FrameFlags.Tagged)
        || (kernel.SavedTags.Count > 0 && _runtime.Has(Safeguards.MoveSavedTags) && kernel.SavedTags.HasAny(folio, 1 << kernel.Memory.Frames[folio].Order));

    /// <summary>Copies the tags of a folio to another of its order; nothing when it has none.</summary>
    public async ValueTask Copy(int source, int destination)
    {
        if (!HasTags(source))
        {
            return;
        }

        await _runtime.Point(StepKind.CopyTags, source);
        int count = 1 << Math.Min(kernel.Memory.Frames[source].Order, kernel.Memory.Frames[destination].Order);
        for (int part = 0; part < count; part++)
        {
            await Put(destination, destination + part, TagsOf(source, source + part));
        }
    }

    /// <summary>Copies the tags of one page of a folio to one page of another.</summary>
    public async ValueTask CopyPage(int sourceFolio, int source, int destinationFolio, int destination)
    {
        if (HasTags(sourceFolio))
        {
            await _runtime.Point(StepKind.CopyTags, source);
            await Put(destinationFolio, destination, TagsOf(sourceFolio, source));
        }
    }

    /// <summary>Gives a page its tags: into its storage where it has some, else into the store by pfn (R1, R3).</summary>
    public async ValueTask Put(int folio, int frame, byte[] tags)
    {
        if (kernel.Memory.Tagged.HasStorage(folio) || !_runtime.Has(Safeguards.SaveTagsByPfn))
        {
            Write(folio, frame, tags);
            return;
        }

        if (!_runtime.Has(Safeguards.AtomicTagBuffers))
        {
            _runtime.Interleaving.MightSleep("kmalloc of a buffer for tags");
        }

        await _runtime.Point(StepKind.SaveTags, frame);
        await _runtime.Take(_runtime.Locks.SavedTags);
        await _runtime.Point(StepKind.Locked, frame);
        if (_runtime.Has(Safeguards.RecheckBeforeSave) && kernel.Memory.Frames[folio].Has(FrameFlags.StorageReserved))
        {
            // Somebody reserved meanwhile and found nothing to restore (R5).
            Write(folio, frame, tags);
        }
        else
        {
            kernel.SavedTags.Put(frame, tags);
        }

        _runtime.Locks.SavedTags.Release();
    }

    /// <summary>Packed tags of a page, wherever they are; zeros when it has none.</summary>
    public byte[] TagsOf(int folio, int frame)
    {
        byte[] tags = new byte[kernel.Memory.Layout.Geometry.PageBytes / 32];
        if (kernel.Memory.Frames[folio].Has(FrameFlags.Tagged))
        {
            kernel.Bytes.ReadTags(frame, tags);
        }
        else if (kernel.SavedTags.Find(frame) is { } saved)
        {
            saved.CopyTo(tags, 0);
        }

        return tags;
    }

    private void Write(int folio, int frame, byte[] tags)
    {
        kernel.Bytes.WriteTags(frame, tags);
        if (!kernel.Memory.Frames[folio].Has(FrameFlags.Tagged))
        {
            kernel.Memory.MarkTagged(folio);
        }
    }
}
