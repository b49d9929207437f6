using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Tables;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Faults;

/// <summary>First accesses to, and writes to, huge pages (do_huge_pmd_anonymous_page, do_huge_pmd_wp_page, mm/huge_memory.c,
/// 6.1).</summary>
internal sealed class HugeFaults(PhysicalMemory memory, FolioTable folios, SpaceTables tables, NewPages pages, HugePages huge)
{
    private readonly Order _order = new(memory.Frames.PageBlockOrder);

    /// <summary>The huge zero page, made at the first read fault that wants it; none before.</summary>
    public Frame ZeroPage { get; private set; } = Frame.None;

    public bool IsEligible(in Fault fault) =>
        huge.Allows(fault.Space, fault.Area, fault.Page & ~(ulong)(_order.Frames - 1)) && fault.Space.Tables.NeedsTable(fault.Page);

    /// <summary>Maps a huge page; null when there is none to be had and small ones have to do.</summary>
    public async ValueTask<FaultOutcome?> Fault(Fault fault)
    {
        bool isZero = !fault.IsWrite && !fault.Area.IsTagged;
        Frame folio = isZero ? await HugeZero(fault.Area, fault.Cpu) : await pages.Zeroed(fault.Area, _order, fault.Cpu);
        if (folio.IsNone)
        {
            return null;
        }

        ulong start = fault.Page & ~(ulong)(_order.Frames - 1);
        StepLock held = fault.Space.Tables.LockOf(start);
        await memory.Runtime.Take(held);
        bool isFree = fault.Space.Tables.NeedsTable(start) && fault.Space.Tables.Huge(start).IsNone;
        if (isFree && isZero)
        {
            fault.Space.Tables.SetHuge(start, Pte.Present(folio, Pte.YoungBit | Pte.SpecialBit | Pte.HugeBit));
        }
        else if (isFree)
        {
            huge.Install(fault.Space, fault.Area, start, folio, fault.IsWrite);
            memory.Statistics.HugeFaults++;
        }

        held.Release();
        if (!isFree && !isZero)
        {
            folios.Put(folio, fault.Cpu);
        }

        return FaultOutcome.Done;
    }

    /// <summary>A write to a read-only huge page: its own, if nobody else has it; else small pages go on.</summary>
    public async ValueTask<FaultOutcome> Write(Fault fault, Pte seen)
    {
        ulong start = fault.Page & ~(ulong)(_order.Frames - 1);
        if (!seen.Has(Pte.SpecialBit) && folios[seen.Frame].References == 1)
        {
            tables.Entries.Write(fault.Space, start, seen.With(
                Pte.DirtyBit | Pte.YoungBit | (fault.Area.IsWritable ? Pte.WritableBit : 0)));
            return FaultOutcome.Done;
        }

        return await huge.SplitMapping(fault.Space, fault.Area, start, fault.Cpu) ? FaultOutcome.Done : FaultOutcome.OutOfMemory;
    }

    private async ValueTask<Frame> HugeZero(VmArea area, CpuId cpu)
    {
        if (!ZeroPage.IsNone)
        {
            return ZeroPage;
        }

        Frame made = await pages.Zeroed(area, _order, cpu);
        if (ZeroPage.IsNone)
        {
            ZeroPage = made;
        }
        else if (!made.IsNone)
        {
            // Another fault was faster (get_huge_zero_page).
            folios.Put(made, cpu);
        }

        return ZeroPage;
    }
}
