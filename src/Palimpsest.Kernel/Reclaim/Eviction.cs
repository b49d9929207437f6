using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Folios;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageCache;
using Palimpsest.Kernel.Steps;

namespace Palimpsest.Kernel.Reclaim;

/// <summary>Sends one page where it can be had again: to swap, to its file, or nowhere when it is clean (shrink_folio_list, 6.1).</summary>
internal sealed class Eviction(RunningKernel kernel)
{
    private readonly KernelRuntime _runtime = kernel.Runtime;

    /// <returns>True when the page was freed.</returns>
    public async ValueTask<bool> TryEvict(int folio, int cpu)
    {
        if (!kernel.FolioLocks.TryLock(folio))
        {
            return false;
        }

        kernel.Lru.Remove(folio);
        kernel.Memory.Frames[folio].Set(FrameFlags.Isolated);
        kernel.Folios.Get(folio);
        PageFrame frame = kernel.Memory.Frames[folio];
        bool evicted = frame.Has(FrameFlags.FileCached) ? await EvictCached(folio, cpu)
            : frame.Has(FrameFlags.SwapBacked) ? await EvictAnonymous(folio)
            : await DropLazilyFreed(folio);
        kernel.FolioLocks.Unlock(folio);
        kernel.Memory.Frames[folio].Clear(FrameFlags.Isolated);
        if (!evicted)
        {
            kernel.Lru.Add(folio);
        }

        kernel.Folios.Put(folio, cpu);
        return evicted;
    }

    private async ValueTask<bool> EvictAnonymous(int folio)
    {
        if (!kernel.Memory.Frames[folio].Has(FrameFlags.SwapCached) && !kernel.Swap.TryEnterCache(folio))
        {
            return false;
        }

        int slot = kernel.Folios[folio].Object;
        await _runtime.Point(StepKind.Unmap, folio);
        if (kernel.Memory.Frames[folio].Has(FrameFlags.Pinned))
        {
            // Whoever holds it writes to this page and no other (page_try_share_anon_rmap, mm/rmap.c): it stays mapped.
            return false;
        }

        UnmapToSwap(folio, slot);
        if (kernel.Folios[folio].References != 2)
        {
            // Somebody took a reference meanwhile; the page stays in the swap cache, where faults find it.
            return false;
        }

        await _runtime.Point(StepKind.SwapInOut, folio);
        if (!kernel.Swap.Write(folio, slot))
        {
            return false;
        }

        if (kernel.Folios[folio].References != 2)
        {
            return false;
        }

        kernel.Swap.LeaveCache(folio);
        kernel.Events.SwapOuts++;
        return true;
    }

    /// <summary>A page of MADV_FREE that was not written since is gone; one that was is anonymous memory again.</summary>
    private async ValueTask<bool> DropLazilyFreed(int folio)
    {
        await _runtime.Point(StepKind.Unmap, folio);
        Mapping mapping = kernel.ReverseMap[kernel.Folios[folio].Mappings];
        bool isClean = !kernel.SpaceOf(mapping.Space).Tables.Get(mapping.Page).Has(Pte.DirtyBit);
        if (isClean && kernel.Folios[folio].References == 2)
        {
            UnmapFile(folio);
            kernel.Events.LazyPagesDropped++;
            return true;
        }

        kernel.Memory.Frames[folio].Set(FrameFlags.SwapBacked | FrameFlags.Dirty);
        return false;
    }

    private async ValueTask<bool> EvictCached(int folio, int cpu)
    {
        FileObject file = kernel.FileMapping.FileOf(kernel.Folios[folio].Object);
        int index = kernel.Folios[folio].Index;
        await _runtime.Point(StepKind.Unmap, folio);
        UnmapFile(folio);
        if (kernel.Folios[folio].References != 2)
        {
            return false;
        }

        if (file.IsShared)
        {
            int slot = kernel.Swap.TryTake();
            if (slot < 0 || !kernel.Swap.Write(folio, slot))
            {
                if (slot >= 0)
                {
                    kernel.Swap.Put(slot, cpu);
                }

                return false;
            }

            file.SwapSlots[index] = slot;
            kernel.Events.SwapOuts++;
        }
        else
        {
            if (kernel.Memory.Frames[folio].Has(FrameFlags.Dirty))
            {
                kernel.FileMapping.WriteBack(file, index, folio);
            }

            file.Evicted.Add(index);
            kernel.Events.FilePagesDropped++;
        }

        kernel.FileMapping.Drop(file, index, folio, cpu);
        return true;
    }

    private void UnmapToSwap(int folio, int slot)
    {
        for (int node = kernel.Folios[folio].Mappings; node != 0; node = kernel.Folios[folio].Mappings)
        {
            Mapping mapping = kernel.ReverseMap[node];
            AddressSpace space = kernel.SpaceOf(mapping.Space);
            kernel.WritePte(space, mapping.Page, Pte.Swap(slot));
            kernel.Swap.Get(slot);
            space.SwapEntries++;
            Forget(space, mapping.Page, folio);
        }
    }

    private void UnmapFile(int folio)
    {
        for (int node = kernel.Folios[folio].Mappings; node != 0; node = kernel.Folios[folio].Mappings)
        {
            Mapping mapping = kernel.ReverseMap[node];
            AddressSpace space = kernel.SpaceOf(mapping.Space);
            Pte entry = space.Tables.Get(mapping.Page);
            kernel.Memory.Frames[folio].Set(entry.Has(Pte.DirtyBit) ? FrameFlags.Dirty : FrameFlags.None);
            kernel.WritePte(space, mapping.Page, Pte.None);
            Forget(space, mapping.Page, folio);
        }
    }

    private void Forget(AddressSpace space, ulong page, int folio)
    {
        space.ResidentPages--;
        kernel.ReverseMap.Remove(ref kernel.Folios[folio].Mappings, space.Id, page);
        kernel.Folios[folio].References--;
    }
}
