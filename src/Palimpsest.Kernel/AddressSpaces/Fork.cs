using Palimpsest.Kernel.Folios;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.AddressSpaces;

/// <summary>Duplicates an address space; private pages are shared until somebody writes (copy_page_range, 6.1).</summary>
internal sealed class Fork(RunningKernel kernel)
{
    private readonly KernelRuntime _runtime = kernel.Runtime;

    /// <returns>False: no memory; the child is to be ended.</returns>
    public async ValueTask<bool> Copy(AddressSpace parent, AddressSpace child, int cpu)
    {
        await _runtime.Take(parent.MmapLock);
        bool done = true;
        foreach (VmArea area in parent.Areas.All)
        {
            child.Areas.Add(area.Copy());
            if (area.Backing is { } file)
            {
                file.Users++;
            }

            // Pages of files are found again by faults.
            done = done && (area.Backing is not null && area.IsShared || await CopyPages(parent, child, area, cpu));
        }

        parent.MmapLock.Release();
        return done;
    }

    private async ValueTask<bool> CopyPages(AddressSpace parent, AddressSpace child, VmArea area, int cpu)
    {
        ulong page = parent.Tables.NextMapped(area.Start, area.End);
        while (page < area.End)
        {
            Pte entry = parent.Tables.Get(page);
            if (entry.Has(Pte.HugeBit) && entry.IsMigration)
            {
                await _runtime.Point(StepKind.Wait, entry.Value);
                continue;
            }

            if (entry.Has(Pte.HugeBit) && IsPinned(entry))
            {
                if (!await kernel.HugePages.SplitMapping(parent, area, page, cpu))
                {
                    return false;
                }

                continue;
            }

            if (!entry.Has(Pte.HugeBit) && child.Tables.NeedsTable(page))
            {
                if (!await kernel.AddTable(child, page, cpu))
                {
                    return false;
                }

                // The entry may be another one by now.
                continue;
            }

            if (!await CopyEntry(parent, child, area, page, entry, cpu))
            {
                return false;
            }

            page = parent.Tables.NextMapped(page + (ulong)(entry.Has(Pte.HugeBit) ? parent.Tables.PagesPerTable : 1), area.End);
        }

        return true;
    }

    private async ValueTask<bool> CopyEntry(AddressSpace parent, AddressSpace child, VmArea area, ulong page, Pte entry, int cpu)
    {
        if (entry.IsSwap)
        {
            kernel.Swap.Get(entry.Value);
            child.SwapEntries++;
            child.Tables.Set(page, entry);
            return true;
        }

        if (!entry.IsMigration && !entry.Has(Pte.SpecialBit | Pte.HugeBit) && IsPinned(entry))
        {
            return await CopyNow(child, area, page, entry, cpu);
        }

        Share(parent, child, page, entry);
        return true;
    }

    /// <summary>What a device writes to must stay the parent's page, so the child gets its copy now, under the table's lock.</summary>
    private async ValueTask<bool> CopyNow(AddressSpace child, VmArea area, ulong page, Pte entry, int cpu)
    {
        AllocationResult got = await kernel.Supply.Allocate(GfpFlags.HighUserMovable, Order.Zero, area.IsTagged, cpu);
        if (got.Frame < 0)
        {
            return false;
        }

        kernel.Folios.Begin(got.Frame);
        int folio = kernel.Folios.HeadOf(entry.Value);
        _runtime.Interleaving.Current.EnterAtomic();
        kernel.Bytes.CopyPage(entry.Value, got.Frame);
        await kernel.TagCopy.CopyPage(folio, entry.Value, got.Frame, got.Frame);
        _runtime.Interleaving.Current.LeaveAtomic();
        kernel.MapAnonymous(child, area, page, got.Frame, dirty: true);
        return true;
    }

    private void Share(AddressSpace parent, AddressSpace child, ulong page, Pte entry)
    {
        Pte shared = entry.Without(Pte.WritableBit);
        kernel.WritePte(parent, page, shared);
        child.Tables.Replace(page, shared);
        int pages = entry.Has(Pte.HugeBit) ? child.Tables.PagesPerTable : 1;
        if (entry.Has(Pte.SpecialBit))
        {
            return;
        }

        child.ResidentPages += pages;
        kernel.ReverseMap.Add(ref kernel.Folios[entry.Value].Mappings, new Mapping(child.Id, page, entry.Has(Pte.HugeBit)));
        if (!entry.IsMigration)
        {
            kernel.Folios.Get(kernel.Folios.HeadOf(entry.Value));
        }
    }

    private bool IsPinned(Pte entry) =>
        entry.IsPresent && !entry.Has(Pte.SpecialBit) && kernel.Memory.Frames[kernel.Folios.HeadOf(entry.Value)].Has(FrameFlags.Pinned);
}
