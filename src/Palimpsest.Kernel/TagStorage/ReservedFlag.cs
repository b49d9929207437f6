using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage;

/// <summary>
/// Restores what was saved while a folio had no storage, and flags it as reserved, so that nobody can come between
/// (PG_tag_storage_reserved; R4, R5b).
/// </summary>
internal sealed class ReservedFlag(FrameTable frames, BlockRecall recall, KernelRuntime runtime)
{
    /// <summary>Flags a folio whose blocks are referred to; saved tags come first, unless that is left out.</summary>
    public ValueTask Set(Frame frame)
    {
        // Both in one step: nobody can save tags in between.
        bool nothingToRestore = recall.Contents.HasNoSavedTags && runtime.Has(Safeguards.RestoreWithFlag);
        if (nothingToRestore || !runtime.Has(Safeguards.RestoreBeforeFlag))
        {
            frames[frame].Set(FrameFlags.StorageReserved);
            return default;
        }

        return RestoreThenSet(frame);
    }

    /// <summary>Restores after the folio is flagged and the mutex is given back, as RFC v2 did (R4).</summary>
    public async ValueTask RestoreLate(Frame frame)
    {
        await runtime.Point(StepKind.RestoreTags, frame);
        if (Restore(frame))
        {
            recall.Contents.MarkRestored(frame);
        }
    }

    private async ValueTask RestoreThenSet(Frame frame)
    {
        await runtime.Take(runtime.Locks.SavedTags);
        await runtime.Point(StepKind.Locked, frame);
        bool isRestored = Restore(frame);
        if (isRestored && !runtime.Has(Safeguards.MarkAfterFlag))
        {
            // RFC v3 restores by what marks the page too, and warns of a page that is marked before it is flagged (V2).
            recall.Contents.MarkRestored(frame);
        }

        if (!runtime.Has(Safeguards.RestoreWithFlag))
        {
            runtime.Locks.SavedTags.Release();
            await runtime.Point(StepKind.SetReserved, frame);
            SetAndMark(frame, isRestored);
            return;
        }

        SetAndMark(frame, isRestored);
        runtime.Locks.SavedTags.Release();
    }

    private bool Restore(Frame frame) => recall.Contents.RestoreSavedTags(frame, 1 << frames[frame].Order);

    private void SetAndMark(Frame frame, bool isRestored)
    {
        frames[frame].Set(FrameFlags.StorageReserved);
        if (isRestored && runtime.Has(Safeguards.MarkAfterFlag))
        {
            recall.Contents.MarkRestored(frame);
        }
    }
}
