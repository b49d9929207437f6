using Palimpsest.Exploration;
using Palimpsest.Kernel.Steps;

namespace Palimpsest.Kernel.AddressSpaces;

/// <summary>Resolves page faults (do_page_fault, handle_mm_fault and handle_pte_fault, 6.1).</summary>
internal sealed class FaultHandler(RunningKernel kernel)
{
    private readonly KernelRuntime _runtime = kernel.Runtime;

    public async ValueTask<FaultOutcome> Handle(AddressSpace space, ulong page, bool isWrite, int cpu)
    {
        Actor actor = _runtime.Interleaving.Current;
        await _runtime.Take(space.MmapLock, shared: true);
        FaultOutcome outcome = FaultOutcome.NoMapping;
        if (space.Areas.Find(page) is { } area)
        {
            outcome = await HandleIn(new Fault(space, area, page, isWrite, cpu));
        }

        space.MmapLock.ReleaseShared(actor);
        return outcome;
    }

    private ValueTask<FaultOutcome> HandleIn(Fault fault)
    {
        if (!Allows(fault))
        {
            return new(FaultOutcome.NoRights);
        }

        Pte entry = fault.Space.Tables.Get(fault.Page);
        if (entry.IsNone)
        {
            kernel.Events.MinorFaults++;
            return fault.Area.Backing is null ? kernel.Anonymous.Fault(fault) : kernel.FileMapping.Fault(fault);
        }

        return entry.IsSwap ? kernel.SwapIn.Fault(fault, entry)
            : entry.IsMigration ? WaitForMigration(fault)
            : entry.Has(Pte.FaultOnAccessBit) ? kernel.FaultOnAccess.Fault(fault, entry)
            : fault.IsWrite && !entry.Has(Pte.WritableBit) ? kernel.CopyOnWrite.Fault(fault, entry)
            : MarkUsed(fault, entry);
    }

    private static bool Allows(in Fault fault) =>
        (fault.Area.Protection & (fault.IsWrite ? Protection.Write : Protection.Read | Protection.Write)) != 0;

    /// <summary>migration_entry_wait: until the folio is mapped again.</summary>
    private async ValueTask<FaultOutcome> WaitForMigration(Fault fault)
    {
        await _runtime.Point(StepKind.Wait, (int)fault.Page);
        return FaultOutcome.Retry;
    }

    /// <summary>An entry that was only clean, or that somebody else has made meanwhile.</summary>
    private async ValueTask<FaultOutcome> MarkUsed(Fault fault, Pte seen)
    {
        StepLock held = fault.Space.Tables.LockOf(fault.Page);
        await _runtime.Take(held);
        if (fault.Space.Tables.Get(fault.Page) == seen)
        {
            Pte used = seen.With(Pte.YoungBit | (fault.IsWrite ? Pte.DirtyBit : 0));
            kernel.WritePte(fault.Space, fault.Page, used);
        }

        held.Release();
        return FaultOutcome.Done;
    }
}

/// <summary>One page fault.</summary>
internal readonly record struct Fault(AddressSpace Space, VmArea Area, ulong Page, bool IsWrite, int Cpu);
