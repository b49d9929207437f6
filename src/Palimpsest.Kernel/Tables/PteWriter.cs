using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.Steps;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tables;

/// <summary>Writes entries, and makes every CPU forget what it knew of the old ones.</summary>
internal sealed class PteWriter(LoadedSpaces loaded, PteMaker ptes, FolioOwners owners, FrameTable frames, KernelRuntime runtime)
{
    /// <summary>Writes an entry and makes every CPU forget the old one, if it had any to remember (set_pte, flush_tlb_page).</summary>
    public void Write(AddressSpace space, ulong page, Pte entry)
    {
        Pte old = space.Tables.Replace(page, entry);
        if (old.IsAccessible)
        {
            loaded.Flush(space, page, old.Has(Pte.HugeBit) ? space.Tables.PagesPerTable : 1);
        }
    }

    /// <summary>Writes an entry under the lock of its table, unless it is no longer what a fault has seen (pte_same).</summary>
    public async ValueTask<bool> TryReplace(AddressSpace space, ulong page, Pte seen, Pte entry)
    {
        StepLock held = space.Tables.LockOf(page);
        await runtime.Take(held);
        bool unchanged = space.Tables.Get(page) == seen;
        if (unchanged)
        {
            Write(space, page, entry);
        }

        held.Release();
        return unchanged;
    }

    /// <summary>Maps a fresh anonymous folio of one page; the caller's reference becomes the mapping's.</summary>
    public void MapAnonymous(AddressSpace space, VmArea area, ulong page, Frame frame, bool dirty)
    {
        frames[frame].Set(area.Has(AreaTraits.Droppable) ? FrameFlags.None : FrameFlags.SwapBacked | FrameFlags.Dirty);
        Write(space, page, ptes.For(area, frame, frame, area.IsWritable, dirty));
        owners.ReverseMap.Add(ref owners.Folios[frame].Mappings, new Mapping(space.Id, page, IsHuge: false));
        space.ResidentPages++;
        owners.Lru.Add(frame);
    }

    /// <inheritdoc cref="LoadedSpaces.Flush"/>
    public void Flush(AddressSpace space, ulong page, int count) => loaded.Flush(space, page, count);
}
