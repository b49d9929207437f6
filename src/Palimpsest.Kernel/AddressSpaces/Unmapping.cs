using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Swap;
using Palimpsest.Kernel.Tables;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.AddressSpaces;

/// <summary>Takes pages out of an address space: munmap, MADV_DONTNEED, exit (zap_pte_range, 6.1).</summary>
internal sealed class Unmapping(PhysicalMemory memory, FolioOwners owners, SpaceTables tables, SwapDevice swap, HugePages hugePages)
{
    private readonly KernelRuntime _runtime = memory.Runtime;

    /// <summary>Removes all entries of [start, end), which lies in one area; areas stay.</summary>
    /// <returns>False: a huge page at an end could not be split.</returns>
    public async ValueTask<bool> Zap(AddressSpace space, VmArea area, ulong start, ulong end, CpuId cpu)
    {
        if (!await SplitAt(space, area, start, cpu) || !await SplitAt(space, area, end, cpu))
        {
            return false;
        }

        ulong page = space.Tables.NextMapped(start, end);
        while (page < end)
        {
            await _runtime.Point(StepKind.WritePte, (int)page);
            Pte entry = space.Tables.Get(page);
            int pages = PagesOf(space, entry);
            await Remove(space, page, entry, cpu);
            page = space.Tables.NextMapped(page + (ulong)pages, end);
        }

        return true;
    }

    /// <summary>A huge entry that reaches over a page is split there.</summary>
    public async ValueTask<bool> SplitAt(AddressSpace space, VmArea area, ulong page, CpuId cpu)
    {
        bool reachesOver = (page & (ulong)(space.Tables.PagesPerTable - 1)) != 0 && space.Tables.Huge(page).Has(Pte.HugeBit);
        if (!reachesOver)
        {
            return true;
        }

        if (!await hugePages.SplitMapping(space, area, page, cpu))
        {
            return false;
        }

        // Whoever was killed on the way to the table has lost the page.
        Pte part = space.Tables.Get(page);
        if (part.IsPresent && !part.Has(Pte.SpecialBit))
        {
            Frame folio = owners.Folios.HeadOf(part.Frame);
            if (memory.Frames[folio].Order > 0)
            {
                await hugePages.TrySplit(folio, cpu);
            }
        }

        return true;
    }

    /// <summary>
    /// Areas of [start, end), cut at its ends; no huge entry reaches out of an area (vma_adjust_trans_huge). Null: no memory for that.
    /// </summary>
    public async ValueTask<List<VmArea>?> Cut(AddressSpace space, ulong start, ulong end, CpuId cpu)
    {
        foreach (ulong edge in (ulong[])[start, end])
        {
            if (space.Areas.Find(edge) is { } area && !await SplitAt(space, area, edge, cpu))
            {
                return null;
            }
        }

        return space.Areas.Cut(start, end);
    }

    /// <summary>The memory of a process that is being killed goes before the process does; shared memory goes with it
    /// (__oom_reap_task_mm, mm/oom_kill.c, 6.12).</summary>
    public async ValueTask Reap(AddressSpace space, CpuId cpu)
    {
        space.IsDying = true;
        foreach (VmArea area in space.Areas.All)
        {
            if (area.Backing is null || !area.IsShared)
            {
                await Zap(space, area, area.Start, area.End, cpu);
            }
        }
    }

    private ValueTask Remove(AddressSpace space, ulong page, Pte entry, CpuId cpu)
    {
        if (entry.IsNone)
        {
            return default;
        }

        tables.Entries.Write(space, page, Pte.None);
        if (entry.IsSwap)
        {
            space.SwapEntries--;
            swap.Put(entry.Slot, cpu);
        }
        else if (entry.IsMigration)
        {
            // Its reference went when the migration began; only the place is left.
            space.ResidentPages -= PagesOf(space, entry);
            owners.ReverseMap.Remove(ref owners.Folios[entry.Frame].Mappings, space.Id, page);
        }
        else if (!entry.Has(Pte.SpecialBit))
        {
            return RemovePresent(space, page, entry, cpu);
        }

        return default;
    }

    private ValueTask RemovePresent(AddressSpace space, ulong page, Pte entry, CpuId cpu)
    {
        Frame folio = owners.Folios.HeadOf(entry.Frame);
        if (entry.Has(Pte.DirtyBit))
        {
            memory.Frames[folio].Set(FrameFlags.Dirty);
        }

        space.ResidentPages -= PagesOf(space, entry);
        return owners.Folios.UnmapInSteps(entry.Frame, folio, space.Id, page, cpu);
    }

    private static int PagesOf(AddressSpace space, Pte entry) => entry.Has(Pte.HugeBit) ? space.Tables.PagesPerTable : 1;
}
