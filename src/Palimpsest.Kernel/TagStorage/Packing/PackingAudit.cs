using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Ports;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage.Packing;

/// <summary>Laws PACK-1 to PACK-4, from the frames themselves.</summary>
internal sealed class PackingAudit(FrameTable frames, TagBlocks blocks, ActiveBlocks active, PackRule rule, List<LawViolation> broken)
{
    private const string MaskLaw = "PACK-1";
    private const string GivesBackLaw = "PACK-2";
    private const string PlaceLaw = "PACK-3";
    private const string GuestLaw = "PACK-4";

    /// <param name="keepsBlocks">Somebody took all storage for ever.</param>
    public void Run(bool keepsBlocks)
    {
        int largest = 0;
        int waiting = 0;
        for (BlockId block = new(0); block.Index < blocks.Count; block++)
        {
            CheckFrames(block);
            bool isWaiting = blocks.ReferencesOf(block) == 0 && active.UseOf(block) != BlockUse.Lent && !blocks.IsKept(block);
            waiting += isWaiting && !active.KeepsFree(block, freed: 0) ? active.Masks.FreeOf(block) : 0;
            largest = Math.Max(largest, blocks.CoverOf(block).Count);
            if (isWaiting && !keepsBlocks && active.UseOf(block) == BlockUse.Emptying)
            {
                Report(GivesBackLaw, $"block {block} has no tagged page and is not given back");
            }
        }

        if (waiting >= rule.Ready + largest && waiting > 0)
        {
            Report(GivesBackLaw, $"{waiting} pages wait in active blocks without a tagged page, {rule.Ready} are to be ready");
        }
    }

    private void CheckFrames(BlockId block)
    {
        (Frame first, int count) = blocks.CoverOf(block);
        BlockUse use = active.UseOf(block);
        int unmovable = 0;
        for (Frame at = first; at < first + count; at++)
        {
            ref PageFrame page = ref frames[at];
            bool isMasked = use == BlockUse.Masked;
            bool isReady = page.State == FrameState.Ready;
            if (isReady != active.Masks.Has(block, at) || (isReady && !isMasked))
            {
                Report(MaskLaw, $"frame {at} is {page.State}, and its bit is {(active.Masks.Has(block, at) ? 1 : 0)} in a {use} block");
            }

            if (isMasked && (page.State is FrameState.Free or FrameState.PerCpu || page.AreaSet != StorageSets.Tagged))
            {
                Report(MaskLaw, $"frame {at} of the active block {block} is {page.State} in set {page.AreaSet}");
            }

            if (use == BlockUse.Lent && page.State == FrameState.Allocated && page.Has(FrameFlags.StorageReserved))
            {
                Report(PlaceLaw, $"frame {at} is tagged in block {block}, whose storage is lent");
            }

            unmovable += MaskedFrames.IsUnmovable(page) ? 1 : 0;
        }

        if (use == BlockUse.Masked && !rule.LendsToAll && unmovable > active.UnmovableOf(block))
        {
            Report(GuestLaw, $"block {block} has {unmovable} unmovable folios, {active.UnmovableOf(block)} when it was made active");
        }
    }

    private void Report(string law, string message) => broken.Add(new LawViolation(law, message));
}
