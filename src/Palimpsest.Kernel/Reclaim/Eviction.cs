using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.PageCache;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Swap;
using Palimpsest.Kernel.Tables;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Reclaim;

/// <summary>Sends one page where it can be had again: to swap, to its file, or nowhere when it is clean (shrink_folio_list, 6.1).</summary>
internal sealed class Eviction(
    PhysicalMemory memory, FolioOwners owners, SpaceTables tables, FileMappings mappings, SwapDevice swap, FileCache files)
{
    private readonly KernelRuntime _runtime = memory.Runtime;

    /// <returns>True when the page was freed.</returns>
    public async ValueTask<bool> TryEvict(Frame folio, CpuId cpu)
    {
        if (!owners.Locks.TryLock(folio))
        {
            return false;
        }

        owners.Lru.Remove(folio);
        memory.Frames[folio].Set(FrameFlags.Isolated);
        owners.Folios.Get(folio);
        PageFrame frame = memory.Frames[folio];
        bool evicted = frame.Has(FrameFlags.FileCached) ? await EvictCached(folio, cpu)
            : frame.Has(FrameFlags.SwapBacked) ? await EvictAnonymous(folio)
            : await DropLazilyFreed(folio);
        owners.Locks.Unlock(folio);
        memory.Frames[folio].Clear(FrameFlags.Isolated);
        if (!evicted)
        {
            owners.Lru.Add(folio);
        }

        owners.Folios.Put(folio, cpu);
        return evicted;
    }

    private async ValueTask<bool> EvictAnonymous(Frame folio)
    {
        if (!memory.Frames[folio].Has(FrameFlags.SwapCached) && !swap.TryEnterCache(folio))
        {
            return false;
        }

        int slot = owners.Folios[folio].Object;
        await _runtime.Point(StepKind.Unmap, folio);
        if (memory.Frames[folio].Has(FrameFlags.Pinned))
        {
            // Whoever holds it writes to this page and no other (page_try_share_anon_rmap, mm/rmap.c): it stays mapped.
            return false;
        }

        UnmapToSwap(folio, slot);
        if (owners.Folios[folio].References != 2)
        {
            // Somebody took a reference meanwhile; the page stays in the swap cache, where faults find it.
            return false;
        }

        await _runtime.Point(StepKind.SwapInOut, folio);
        if (!swap.Write(folio, slot))
        {
            return false;
        }

        owners.WorkingSet.NoteCost(isFile: false, pages: 1);
        if (owners.Folios[folio].References != 2)
        {
            return false;
        }

        swap.Remember(slot, owners.WorkingSet.Leave(folio));
        swap.LeaveCache(folio);
        memory.Statistics.SwapOuts++;
        return true;
    }

    /// <summary>A page of MADV_FREE that was not written since is gone, and one of MAP_DROPPABLE anyway; another is anonymous memory
    /// again.</summary>
    private async ValueTask<bool> DropLazilyFreed(Frame folio)
    {
        await _runtime.Point(StepKind.Unmap, folio);
        Mapping mapping = owners.ReverseMap[owners.Folios[folio].Mappings];
        AddressSpace space = tables.Spaces.Of(mapping.Space);
        bool isClean = !space.Tables.Get(mapping.Page).Has(Pte.DirtyBit) || space.Areas.Find(mapping.Page)!.Has(AreaTraits.Droppable);
        if (isClean && owners.Folios[folio].References == 2)
        {
            mappings.Unmap(folio);
            memory.Statistics.LazyPagesDropped++;
            return true;
        }

        memory.Frames[folio].Set(FrameFlags.SwapBacked | FrameFlags.Dirty);
        return false;
    }

    private async ValueTask<bool> EvictCached(Frame folio, CpuId cpu)
    {
        FileObject file = files.FileOf(owners.Folios[folio].Object);
        int index = owners.Folios[folio].Index;
        await _runtime.Point(StepKind.Unmap, folio);
        mappings.Unmap(folio);
        if (owners.Folios[folio].References != 2)
        {
            return false;
        }

        if (file.IsShared)
        {
            if (swap.TryTake() is not { } slot)
            {
                return false;
            }

            if (!swap.Write(folio, slot))
            {
                swap.Put(slot, cpu);
                return false;
            }

            owners.WorkingSet.NoteCost(isFile: false, pages: 1);
            swap.Remember(slot, owners.WorkingSet.Leave(folio));
            file.SwapSlots[index] = slot;
            memory.Statistics.SwapOuts++;
        }
        else
        {
            if (memory.Frames[folio].Has(FrameFlags.Dirty))
            {
                files.WriteBack(file, index, folio);
                owners.WorkingSet.NoteCost(isFile: true, pages: 1);
            }

            file.Evicted[index] = owners.WorkingSet.Leave(folio);
            memory.Statistics.FilePagesDropped++;
        }

        files.Drop(file, index, folio, cpu);
        return true;
    }

    private void UnmapToSwap(Frame folio, int slot)
    {
        for (int node = owners.Folios[folio].Mappings; node != 0; node = owners.Folios[folio].Mappings)
        {
            Mapping mapping = owners.ReverseMap[node];
            AddressSpace space = tables.Spaces.Of(mapping.Space);
            ulong told = space.Tables.Get(mapping.Page).Bits & Pte.WriteToldBit;
            tables.Entries.Write(space, mapping.Page, Pte.Swap(slot).With(told));
            swap.Get(slot);
            space.SwapEntries++;
            mappings.Forget(space, mapping.Page, folio);
        }
    }
}
