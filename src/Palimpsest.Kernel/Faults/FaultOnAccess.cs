using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Tables;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Faults;

/// <summary>
/// The page fault of a first access to a page of a PROT_MTE area that has no storage for its tags: its entry is made anew
/// once the storage is reserved (do_protnone_page, arch_handle_folio_fault_on_access, RFC v1-v3).
/// </summary>
internal sealed class FaultOnAccess(PhysicalMemory memory, FolioTable folios, SpaceTables tables)
{
    private readonly KernelRuntime _runtime = memory.Runtime;

    public async ValueTask<FaultOutcome> Fault(Fault fault, Pte seen)
    {
        memory.Statistics.FaultsOnAccess++;
        Frame folio = folios.HeadOf(seen.Frame);
        memory.System.Trace.Tell(new KernelEvent(KernelEventKind.FaultOnAccess, fault.Cpu, folio, memory.Frames[folio].Order));
        if (memory.Frames.BlockType(folio) == MigrateType.Isolate)
        {
            // Somebody is about to take the pageblock (R34).
            await _runtime.Point(StepKind.Wait, folio);
            return FaultOutcome.Retry;
        }

        folios.Get(folio);
        await _runtime.Point(StepKind.TestReserved, folio);
        bool reserved = await memory.System.FirstAccess.TryReserve(folio, fault.Cpu);
        if (reserved)
        {
            await MapAgain(fault, seen, folio);
        }

        folios.Put(folio, fault.Cpu);
        return reserved ? FaultOutcome.Done : await Replace(fault, seen, folio);
    }

    private async ValueTask MapAgain(Fault fault, Pte seen, Frame folio)
    {
        StepLock held = fault.Space.Tables.LockOf(fault.Page);
        await _runtime.Take(held);
        if (fault.Space.Tables.Get(fault.Page) == seen)
        {
            tables.Entries.Write(fault.Space, fault.Page, tables.Ptes.Modify(fault.Area, seen, folio).With(Pte.YoungBit));
        }

        held.Release();
    }

    private async ValueTask<FaultOutcome> Replace(Fault fault, Pte seen, Frame folio)
    {
        // A dying task goes no further than its signal.
        bool isWanted = !fault.Space.IsDying && fault.Space.Tables.Get(fault.Page) == seen;
        bool moved = isWanted && await memory.System.FirstAccess.TryMove(folio, fault.Cpu);
        if (isWanted && !moved && fault.Space.Tables.Get(fault.Page) == seen)
        {
            // The fault that follows finds it; meanwhile nobody may free it.
            folios.Get(folio);
            await memory.System.FirstAccess.TryReserveInPlace(folio, fault.Cpu);
            folios.Put(folio, fault.Cpu);
        }

        return moved ? FaultOutcome.Done : FaultOutcome.Retry;
    }
}
