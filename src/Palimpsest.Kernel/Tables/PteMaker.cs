using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tables;

/// <summary>
/// Makes entries for pages of an area, as set_pte_at does on arm64: the first tagged mapping of a page clears its tags,
/// and one of a page without storage becomes fault-on-access (mte_sync_tags with RFC v3; law TAG-5).
/// </summary>
internal sealed class PteMaker(PhysicalMemory memory, ZeroPage zero)
{
    /// <param name="frame">The page, or the first of a huge page.</param>
    /// <param name="folio">First frame of its folio.</param>
    public Pte For(VmArea area, Frame frame, Frame folio, bool writable, bool dirty)
    {
        ulong bits = Pte.YoungBit | (writable ? Pte.WritableBit : 0) | (dirty ? Pte.DirtyBit : 0) | AccessBits(area);
        return Pte.Present(frame, bits | (area.IsTagged ? SyncTags(folio) : 0));
    }

    /// <summary>The zero page, read-only; none in an area with tags when it has no storage for its own, which are zeros for ever.</summary>
    public Pte Zero(VmArea area) => area.IsTagged && !zero.IsTagged ? Pte.None : Pte.Present(
        zero.Frame, Pte.YoungBit | Pte.SpecialBit | AccessBits(area) | (area.IsTagged ? Pte.TaggedBit : 0));

    /// <summary>
    /// The same entry with the rights of an area that has changed (pte_modify). A page of zeros without tags goes from an area
    /// that has some: the next access finds it anew.
    /// </summary>
    public Pte Modify(VmArea area, Pte old, Frame folio)
    {
        if (area.IsTagged && old.Has(Pte.SpecialBit) && (old.Has(Pte.HugeBit) || !zero.IsTagged))
        {
            return Pte.None;
        }

        Pte entry = old.Without(Pte.NoAccessBit | Pte.FaultOnAccessBit | Pte.TaggedBit | Pte.ExecutableBit).With(AccessBits(area));
        if (area.IsTagged)
        {
            entry = entry.With(entry.Has(Pte.SpecialBit) ? Pte.TaggedBit : SyncTags(folio));
        }

        return area.IsWritable ? entry : entry.Without(Pte.WritableBit);
    }

    private static ulong AccessBits(VmArea area) =>
        (area.Protection & ~Protection.Mte) == Protection.None ? Pte.NoAccessBit
        : (area.Protection & Protection.Execute) != 0 ? Pte.ExecutableBit : 0;

    private ulong SyncTags(Frame folio)
    {
        PageFrame frame = memory.Frames[folio];
        if (frame.Has(FrameFlags.Tagged))
        {
            return Pte.TaggedBit;
        }

        if (!memory.System.Tagged.HasStorage(folio) && memory.Runtime.Has(Safeguards.FaultOnAccess))
        {
            return Pte.TaggedBit | Pte.FaultOnAccessBit;
        }

        for (Frame at = folio; at < folio + (1 << frame.Order); at++)
        {
            memory.Bytes.ClearTags(at.Index);
        }

        memory.System.Tagged.MarkTagged(folio);
        return Pte.TaggedBit;
    }
}
