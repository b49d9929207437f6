using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.AddressSpaces;

/// <summary>
/// The first access to a page of a PROT_MTE area that has no storage for its tags: the storage is reserved now, or the
/// data move to a page that can have some (arch_handle_folio_fault_on_access, RFC v1-v3).
/// </summary>
internal sealed class FaultOnAccess(RunningKernel kernel)
{
    private readonly KernelRuntime _runtime = kernel.Runtime;

    public async ValueTask<FaultOutcome> Fault(Fault fault, Pte seen)
    {
        kernel.Events.FaultsOnAccess++;
        int folio = kernel.Folios.HeadOf(seen.Value);
        if (kernel.Memory.Frames.BlockType(folio) == MigrateType.Isolate)
        {
            // Somebody is about to take the pageblock (R34).
            await _runtime.Point(StepKind.Wait, folio);
            return FaultOutcome.Retry;
        }

        kernel.Folios.Get(folio);
        await _runtime.Point(StepKind.TestReserved, folio);
        bool reserved = await kernel.Memory.Tagged.TryReserve(folio, fault.Cpu);
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

    /// <summary>Its storage cannot be had, or it is tag storage itself: move the data (R15).</summary>
    private async ValueTask<FaultOutcome> Replace(Fault fault, Pte seen, int folio)
    {
        bool isStorage = kernel.Memory.Frames[folio].Has(FrameFlags.Untaggable);
        if (fault.Space.IsDying)
        {
            // The task goes no further than its signal.
            return FaultOutcome.Retry;
        }

        if ((isStorage || _runtime.Has(Safeguards.ReplaceWhenBusy)) && fault.Space.Tables.Get(fault.Page) == seen)
        {
            MigrationOutcome moved = await kernel.Memory.Migration.Move(folio, asTagged: true, fault.Cpu);
            kernel.Memory.Counters.ReplacedPages += moved == MigrationOutcome.Done ? 1 : 0;
            return moved == MigrationOutcome.Done ? FaultOutcome.Done : FaultOutcome.Retry;
        }

        return FaultOutcome.Retry;
    }
}
