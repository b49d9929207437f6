using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Supply;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tables;

/// <summary>Memory of page tables (pte_alloc_one, pte_free).</summary>
internal sealed class TablePages(PhysicalMemory memory)
{
    /// <summary>Adds the table that an entry of a page needs. False: no memory.</summary>
    public async ValueTask<bool> Add(AddressSpace space, ulong page, CpuId cpu)
    {
        if (space.Tables.Huge(page).Has(Pte.HugeBit))
        {
            // A huge page has come meanwhile; the fault is tried again.
            return true;
        }

        Frame frame = await Take(cpu);
        if (frame.IsNone)
        {
            return false;
        }

        if (space.Tables.NeedsTable(page))
        {
            space.Tables.AddTable(page, frame);
        }
        else
        {
            GiveBack(frame, cpu);
        }

        return true;
    }

    public async ValueTask<Frame> Take(CpuId cpu)
    {
        GfpFlags gfp = GfpFlags.KernelDefault | GfpFlags.Zero | GfpFlags.Account;
        AllocationResult got = await memory.Supply.Allocate(gfp, Order.Zero, isTagged: false, cpu);
        return got.Frame;
    }

    /// <summary>A table that is not needed.</summary>
    public void GiveBack(Frame frame, CpuId cpu) => memory.System.Free(frame, cpu);

    /// <summary>Gives back tables of [start, end) that have no entries left.</summary>
    public void FreeEmpty(AddressSpace space, ulong start, ulong end, CpuId cpu)
    {
        foreach (Frame table in space.Tables.TakeEmptyTables(start, end))
        {
            GiveBack(table, cpu);
        }
    }
}
