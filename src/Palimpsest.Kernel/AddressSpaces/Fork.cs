using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Swap;
using Palimpsest.Kernel.Tables;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.AddressSpaces;

/// <summary>Duplicates an address space; private pages are shared until somebody writes (copy_page_range, 6.1).</summary>
internal sealed class Fork(PhysicalMemory memory, FolioOwners owners, SpaceTables tables, SwapDevice swap, HugePages huge)
{
    private readonly KernelRuntime _runtime = memory.Runtime;

    /// <returns>False: no memory; the child is to be ended.</returns>
    public async ValueTask<bool> Copy(AddressSpace parent, AddressSpace child, CpuId cpu)
    {
        await _runtime.Take(parent.MmapLock);
        bool done = true;
        foreach (VmArea area in parent.Areas.All)
        {
            if (area.Has(AreaTraits.NotForked))
            {
                continue;
            }

            child.Areas.Add(Inherited(area));
            if (area.Backing is { } file)
            {
                file.Users++;
            }

            // Pages of files are found again by faults.
            bool isEmpty = (area.Backing is not null && area.IsShared) || area.Has(AreaTraits.WipedOnFork);
            done = done && (isEmpty || await CopyPages(parent, child, area, cpu));
        }

        parent.MmapLock.Release();
        return done;
    }

    /// <summary>Neither locks nor watchers are inherited (dup_mmap, dup_userfaultfd).</summary>
    private static VmArea Inherited(VmArea area)
    {
        VmArea copy = area.Copy();
        (copy.Traits, copy.Watcher) = (copy.Traits & ~(AreaTraits.Locks | AreaTraits.Told), null);
        return copy;
    }

    private async ValueTask<bool> CopyPages(AddressSpace parent, AddressSpace child, VmArea area, CpuId cpu)
    {
        // Looked for anew after each wait: who is killed for want of memory loses pages without mmap_lock (oom_reap_task_mm).
        ulong page = area.Start;
        Frame spare = Frame.None;
        bool done = true;
        while (done && (page = parent.Tables.NextMapped(page, area.End)) < area.End)
        {
            Pte entry = parent.Tables.Get(page);
            if (entry.Has(Pte.HugeBit) && entry.IsMigration)
            {
                await _runtime.Point(StepKind.Wait, entry.Frame);
            }
            else if (entry.Has(Pte.HugeBit) && IsPinned(entry))
            {
                done = await huge.SplitMapping(parent, area, page, cpu);
            }
            else if (!entry.Has(Pte.HugeBit) && child.Tables.NeedsTable(page))
            {
                done = await tables.Pages.Add(child, page, cpu);
            }
            else if (MustCopy(entry) && spare.IsNone)
            {
                spare = await Spare(area, cpu);
                done = !spare.IsNone;
            }
            else
            {
                spare = await CopyEntry(parent, child, area, page, entry, spare);
                page += (ulong)(entry.Has(Pte.HugeBit) ? parent.Tables.PagesPerTable : 1);
            }
        }

        if (!spare.IsNone)
        {
            owners.Folios.Put(spare, cpu);
        }

        return done;
    }

    /// <summary>A page to copy into, had before the entry is looked at for good (page_copy_prealloc).</summary>
    private async ValueTask<Frame> Spare(VmArea area, CpuId cpu)
    {
        AllocationResult got = await memory.Supply.Allocate(GfpFlags.HighUserMovable, Order.Zero, area.IsTagged, cpu);
        if (!got.Frame.IsNone)
        {
            owners.Folios.Begin(got.Frame);
        }

        return got.Frame;
    }

    /// <returns>The spare page, if it is not the child's now.</returns>
    private async ValueTask<Frame> CopyEntry(AddressSpace parent, AddressSpace child, VmArea area, ulong page, Pte entry, Frame spare)
    {
        if (entry.IsSwap)
        {
            swap.Get(entry.Slot);
            child.SwapEntries++;
            child.Tables.Set(page, entry.Without(Pte.WriteToldBit));
            return spare;
        }

        if (MustCopy(entry))
        {
            await CopyNow(child, area, page, entry, spare);
            return Frame.None;
        }

        Share(parent, child, page, entry);
        return spare;
    }

    /// <summary>What a device writes to must stay the parent's page, so the child gets its copy now, under the table's lock.</summary>
    private async ValueTask CopyNow(AddressSpace child, VmArea area, ulong page, Pte entry, Frame copy)
    {
        Frame folio = owners.Folios.HeadOf(entry.Frame);
        _runtime.Interleaving.Current.EnterAtomic();
        memory.Bytes.CopyPage(entry.Frame.Index, copy.Index);
        await memory.Tags.CopyPage(folio, entry.Frame, copy, copy);
        _runtime.Interleaving.Current.LeaveAtomic();
        tables.Entries.MapAnonymous(child, area, page, copy, dirty: true);
    }

    private void Share(AddressSpace parent, AddressSpace child, ulong page, Pte entry)
    {
        Pte shared = entry.Without(Pte.WritableBit);
        tables.Entries.Write(parent, page, shared);
        child.Tables.Replace(page, shared.Without(Pte.WriteToldBit | Pte.MergedBit));
        int pages = entry.Has(Pte.HugeBit) ? child.Tables.PagesPerTable : 1;
        if (entry.Has(Pte.SpecialBit))
        {
            return;
        }

        child.ResidentPages += pages;
        owners.ReverseMap.Add(ref owners.Folios[entry.Frame].Mappings, new Mapping(child.Id, page, entry.Has(Pte.HugeBit)));
        if (!entry.IsMigration)
        {
            owners.Folios.Get(owners.Folios.HeadOf(entry.Frame));
        }
    }

    private bool MustCopy(Pte entry) => !entry.IsMigration && !entry.Has(Pte.SpecialBit | Pte.HugeBit) && IsPinned(entry);

    private bool IsPinned(Pte entry) =>
        entry.IsPresent && !entry.Has(Pte.SpecialBit) && memory.Frames[owners.Folios.HeadOf(entry.Frame)].Has(FrameFlags.Pinned);
}
