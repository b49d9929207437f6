using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Tables;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.AddressSpaces;

/// <summary>
/// Small pages become one huge page (collapse_huge_page, mm/khugepaged.c, 6.1): a huge page is found while no lock is held,
/// tagged if the area is (RFC v1); then, while nobody faults, the small ones are copied with their tags, and freed. Tags that
/// came in between find no storage there, and are saved by pfn (RFC v2; v3 refuses areas with PROT_MTE). Holes and pages of
/// zeros may be among them (max_ptes_none), pages that are shared or on the swap device may not (max_ptes_shared and
/// max_ptes_swap of 0).
/// </summary>
internal sealed class Collapse(PhysicalMemory memory, FolioOwners owners, SpaceTables tables, NewPages pages, HugePages hugePages)
{
    private readonly KernelRuntime _runtime = memory.Runtime;
    private readonly Order _order = new(memory.Frames.PageBlockOrder);

    /// <returns>False: there is no huge page to be had, or nothing that can be made one; all is as it was.</returns>
    public async ValueTask<bool> Run(AddressSpace space, ulong page, CpuId cpu)
    {
        ulong start = page & ~(ulong)(_order.Frames - 1);
        await _runtime.Take(space.MmapLock, shared: true);
        VmArea? seen = AreaOf(space, start);
        space.MmapLock.ReleaseShared(_runtime.Interleaving.Current);
        Frame huge = seen is null ? Frame.None : await pages.Zeroed(seen, _order, cpu);
        if (huge.IsNone)
        {
            return false;
        }

        await _runtime.Take(space.MmapLock);
        // The area may have changed while memory was looked for (hugepage_vma_revalidate).
        bool done = AreaOf(space, start) is { } area && await Join(space, area, start, huge, cpu);
        space.MmapLock.Release();
        if (!done)
        {
            owners.Folios.Put(huge, cpu);
        }

        return done;
    }

    private VmArea? AreaOf(AddressSpace space, ulong start) =>
        space.Areas.Find(start) is { Backing: null } area && hugePages.Allows(space, area, start) && !space.Tables.NeedsTable(start)
            ? area : null;

    private async ValueTask<bool> Join(AddressSpace space, VmArea area, ulong start, Frame huge, CpuId cpu)
    {
        StepLock held = space.Tables.LockOf(start);
        await _runtime.Take(held);
        bool taken = CanTake(space, start);
        if (taken)
        {
            Take(space, start);
        }

        held.Release();
        if (taken)
        {
            await Copy(space, start, huge);
            await _runtime.Point(StepKind.WritePte, huge);
            Drop(space, start, cpu);
            hugePages.Install(space, area, start, huge, dirty: true);
            memory.Statistics.Collapses++;
        }

        return taken;
    }

    /// <summary>Every page is this process's alone, and one at least is there that it may write.</summary>
    private bool CanTake(AddressSpace space, ulong start)
    {
        bool isWritable = false;
        for (ulong page = start; page < start + (ulong)_order.Frames; page++)
        {
            Pte entry = space.Tables.Get(page);
            bool isHole = entry.IsNone || entry.Has(Pte.SpecialBit);
            if (!isHole && !(entry.IsPresent && IsAlone(owners.Folios.HeadOf(entry.Frame))))
            {
                return false;
            }

            isWritable |= !isHole && entry.Has(Pte.WritableBit);
        }

        return isWritable;
    }

    private bool IsAlone(Frame folio)
    {
        PageFrame frame = memory.Frames[folio];
        return frame.Order == 0 && frame.Has(FrameFlags.Lru) && !frame.Has(FrameFlags.Locked) && owners.Folios[folio].References == 1;
    }

    /// <summary>Off the LRU and locked, so that neither reclaim nor migration meets them; accesses fault, and wait.</summary>
    private void Take(AddressSpace space, ulong start)
    {
        ulong end = start + (ulong)_order.Frames;
        for (ulong page = space.Tables.NextMapped(start, end); page < end; page = space.Tables.NextMapped(page + 1, end))
        {
            Pte entry = space.Tables.Get(page);
            if (!entry.Has(Pte.SpecialBit))
            {
                owners.Lru.Remove(entry.Frame);
                owners.Locks.TryLock(entry.Frame);
                memory.Frames[entry.Frame].Set(FrameFlags.Isolated);
                owners.Folios.Get(entry.Frame);
                tables.Entries.Write(space, page, Pte.Migration(entry));
            }
        }
    }

    private async ValueTask Copy(AddressSpace space, ulong start, Frame huge)
    {
        ulong end = start + (ulong)_order.Frames;
        for (ulong page = space.Tables.NextMapped(start, end); page < end; page = space.Tables.NextMapped(page + 1, end))
        {
            Pte entry = space.Tables.Get(page);
            if (entry.IsMigration)
            {
                Frame part = huge + (int)(page - start);
                await _runtime.Point(StepKind.CopyData, entry.Frame);
                memory.Bytes.CopyPage(entry.Frame.Index, part.Index);
                await memory.Tags.CopyPage(entry.Frame, entry.Frame, huge, part);
            }
        }
    }

    /// <summary>The small pages and their table are nobody's any more.</summary>
    private void Drop(AddressSpace space, ulong start, CpuId cpu)
    {
        ulong end = start + (ulong)_order.Frames;
        for (ulong page = space.Tables.NextMapped(start, end); page < end; page = space.Tables.NextMapped(page + 1, end))
        {
            Pte entry = space.Tables.Get(page);
            tables.Entries.Write(space, page, Pte.None);
            if (entry.IsMigration)
            {
                space.ResidentPages--;
                owners.Locks.Unlock(entry.Frame);
                memory.Frames[entry.Frame].Clear(FrameFlags.Isolated);
                owners.Folios.Unmap(entry.Frame, entry.Frame, space.Id, page, cpu);
                owners.Folios.Put(entry.Frame, cpu);
            }
        }

        tables.Pages.FreeEmpty(space, start, end, cpu);
    }
}
