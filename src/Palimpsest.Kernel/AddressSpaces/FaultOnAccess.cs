using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.Steps;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.AddressSpaces;

/// <summary>
/// The page fault of a first access to a page of a PROT_MTE area that has no storage for its tags: its entry is made anew
/// once the storage is reserved (do_protnone_page, arch_handle_folio_fault_on_access, RFC v1-v3).
/// </summary>
internal sealed class FaultOnAccess(RunningKernel kernel)
{
    private readonly KernelRuntime _runtime = kernel.Runtime;

    public async ValueTask<FaultOutcome> Fault(Fault fault, Pte seen)
    {
        kernel.Events.FaultsOnAccess++;
        int folio = kernel.Folios.HeadOf(seen.Value);
        kernel.Memory.Trace.Tell(new KernelEvent(KernelEventKind.FaultOnAccess, fault.Cpu, folio, kernel.Memory.Frames[folio].Order));
        if (kernel.Memory.Frames.BlockType(folio) == MigrateType.Isolate)
        {
            // Somebody is about to take the pageblock (R34).
            await _runtime.Point(StepKind.Wait, folio);
            return FaultOutcome.Retry;
        }

        kernel.Folios.Get(folio);
        await _runtime.Point(StepKind.TestReserved, folio);
        bool reserved = await kernel.Memory.FirstAccess.TryReserve(folio, fault.Cpu);
        if (reserved)
        {
            await MapAgain(fault, seen, folio);
        }

        kernel.Folios.Put(folio, fault.Cpu);
        return reserved ? FaultOutcome.Done : await Replace(fault, seen, folio);
    }

    private async ValueTask MapAgain(Fault fault, Pte seen, int folio)
    {
        StepLock held = fault.Space.Tables.LockOf(fault.Page);
        await _runtime.Take(held);
        if (fault.Space.Tables.Get(fault.Page) == seen)
        {
            kernel.WritePte(fault.Space, fault.Page, kernel.Ptes.Modify(fault.Area, seen, folio).With(Pte.YoungBit));
        }

        held.Release();
    }

    private async ValueTask<FaultOutcome> Replace(Fault fault, Pte seen, int folio)
    {
        // A dying task goes no further than its signal.
        bool isWanted = !fault.Space.IsDying && fault.Space.Tables.Get(fault.Page) == seen;
        return isWanted && await kernel.Memory.FirstAccess.TryMove(folio, fault.Cpu) ? FaultOutcome.Done : FaultOutcome.Retry;
    }
}
