using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Swap;
using Palimpsest.Kernel.Tables;

namespace Palimpsest.Kernel.AddressSpaces;

/// <summary>Takes pages out of an address space: munmap, MADV_DONTNEED, exit (zap_pte_range, 6.1).</summary>
internal sealed class Unmapping(PhysicalMemory memory, FolioOwners owners, SpaceTables tables, SwapDevice swap, HugePages hugePages)
{
    private readonly KernelRuntime _runtime = memory.Runtime;

    /// <summary>Removes all entries of [start, end), which lies in one area; areas stay.</summary>
    /// <returns>False: a huge page at an end could not be split.</returns>
    public async ValueTask<bool> Zap(AddressSpace space, VmArea area, ulong start, ulong end, int cpu)
    {
        if (!await SplitAt(space, area, start, cpu) || !await SplitAt(space, area, end, cpu))
        {
            return false;
        }

        ulong page = space.Tables.NextMapped(start, end);
        while (page < end)
        {
            Pte entry = space.Tables.Get(page);
            int pages = entry.Has(Pte.HugeBit) ? space.Tables.PagesPerTable : 1;
            await _runtime.Point(StepKind.WritePte, (int)page);
            Remove(space, page, space.Tables.Get(page), cpu);
            page = space.Tables.NextMapped(page + (ulong)pages, end);
        }

        return true;
    }

    /// <summary>Gives back tables of [start, end) that have no entries left.</summary>
    public void FreeTables(AddressSpace space, ulong start, ulong end, int cpu)
    {
        foreach (int table in space.Tables.TakeEmptyTables(start, end))
        {
            memory.System.Free(table, cpu);
        }
    }

    /// <summary>A huge entry that reaches over a page is split there.</summary>
    public async ValueTask<bool> SplitAt(AddressSpace space, VmArea area, ulong page, int cpu)
    {
        bool reachesOver = (page & (ulong)(space.Tables.PagesPerTable - 1)) != 0 && space.Tables.Huge(page).Has(Pte.HugeBit);
        if (!reachesOver)
        {
            return true;
        }

        Pte huge = space.Tables.Huge(page);
        if (!await hugePages.SplitMapping(space, area, page, cpu))
        {
            return false;
        }

        if (!huge.Has(Pte.SpecialBit))
        {
            await hugePages.TrySplit(huge.Value, cpu);
        }

        return true;
    }

    private void Remove(AddressSpace space, ulong page, Pte entry, int cpu)
    {
        if (entry.IsNone)
        {
            return;
        }

        tables.Entries.Write(space, page, Pte.None);
        if (entry.IsSwap)
        {
            space.SwapEntries--;
            swap.Put(entry.Value, cpu);
        }
        else if (entry.IsMigration)
        {
            // Its reference went when the migration began; only the place is left.
            space.ResidentPages--;
            owners.ReverseMap.Remove(ref owners.Folios[entry.Value].Mappings, space.Id, page);
        }
        else if (!entry.Has(Pte.SpecialBit))
        {
            RemovePresent(space, page, entry, cpu);
        }
    }

    private void RemovePresent(AddressSpace space, ulong page, Pte entry, int cpu)
    {
        int folio = owners.Folios.HeadOf(entry.Value);
        if (entry.Has(Pte.DirtyBit))
        {
            memory.Frames[folio].Set(FrameFlags.Dirty);
        }

        space.ResidentPages -= entry.Has(Pte.HugeBit) ? space.Tables.PagesPerTable : 1;
        owners.Folios.Unmap(entry.Value, folio, space.Id, page, cpu);
    }
}
