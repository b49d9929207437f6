using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Tables;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Faults;

/// <summary>Resolves page faults (do_page_fault, handle_mm_fault and handle_pte_fault, 6.1).</summary>
internal sealed class PageFaults(
    PhysicalMemory memory, SpaceTables tables, AnonymousMemory anonymous, FileFaults files, SwapIn swapIn, FaultOnAccess onAccess,
    CopyOnWrite copyOnWrite)
{
    private readonly KernelRuntime _runtime = memory.Runtime;

    /// <param name="isFetch">An instruction is to be executed.</param>
    /// <param name="isForced">FOLL_FORCE: rights are not asked, but of shared memory that may not be written.</param>
    public ValueTask<FaultOutcome> Handle(
        AddressSpace space, ulong page, bool isWrite, CpuId cpu, bool isFetch = false, bool isForced = false)
    {
        Turn locked = _runtime.Take(space.MmapLock, shared: true);
        if (!locked.IsCompleted)
        {
            return Waiting(locked, space, page, isWrite, cpu, isFetch, isForced);
        }

        // The usual way, without a state machine: nothing waits.
        ValueTask<FaultOutcome> handled = HandleLocked(space, page, isWrite, cpu, isFetch, isForced);
        if (!handled.IsCompletedSuccessfully)
        {
            return Unlocking(handled, space);
        }

        space.MmapLock.ReleaseShared(_runtime.Interleaving.Current);
        return handled;
    }

    private async ValueTask<FaultOutcome> Waiting(
        Turn locked, AddressSpace space, ulong page, bool isWrite, CpuId cpu, bool isFetch, bool isForced)
    {
        await locked;
        return await Unlocking(HandleLocked(space, page, isWrite, cpu, isFetch, isForced), space);
    }

    private async ValueTask<FaultOutcome> Unlocking(ValueTask<FaultOutcome> handled, AddressSpace space)
    {
        Actor actor = _runtime.Interleaving.Current;
        FaultOutcome outcome = await handled;
        space.MmapLock.ReleaseShared(actor);
        return outcome;
    }

    private ValueTask<FaultOutcome> HandleLocked(
        AddressSpace space, ulong page, bool isWrite, CpuId cpu, bool isFetch, bool isForced) =>
        space.Areas.Find(page) is not { } area ? new(FaultOutcome.NoMapping)
        : isFetch && (area.Protection & Protection.Execute) == 0 ? new(FaultOutcome.NoRights)
        : HandleIn(new Fault(space, area, page, isWrite, cpu), isForced);

    private ValueTask<FaultOutcome> HandleIn(Fault fault, bool isForced)
    {
        if (!(isForced ? AllowsForced(fault) : Allows(fault)))
        {
            return new(FaultOutcome.NoRights);
        }

        Pte entry = fault.Space.Tables.Get(fault.Page);
        if (fault.Area.Watcher is { } watcher && IsTold(fault, entry))
        {
            // access_remote_vm does not allow a retry, so handle_userfault refuses without a word (mm/memory.c, 6.12).
            if (isForced)
            {
                return new(FaultOutcome.NoRights);
            }

            watcher.Tell(fault.Page, fault.IsWrite, isProtected: !entry.IsNone);
            return new(FaultOutcome.Told);
        }

        if (entry.IsNone)
        {
            memory.Statistics.MinorFaults++;
            return fault.Area.Backing is null ? anonymous.Fault(fault) : files.Fault(fault);
        }

        return entry.IsSwap ? swapIn.Fault(fault, entry)
            : entry.IsMigration ? WaitForMigration(fault)
            : entry.Has(Pte.FaultOnAccessBit) ? onAccess.Fault(fault, entry)
            : fault.IsWrite && !entry.Has(Pte.WritableBit) ? copyOnWrite.Fault(fault, entry)
            : MarkUsed(fault, entry);
    }

    private static bool IsTold(in Fault fault, Pte entry) => entry.IsNone
        ? fault.Area.Has(AreaTraits.MissingTold)
        : fault.IsWrite && entry.IsPresent && entry.Has(Pte.WriteToldBit) && fault.Area.Has(AreaTraits.WritesTold);

    private static bool Allows(in Fault fault) =>
        (fault.Area.Protection & (fault.IsWrite ? Protection.Write : Protection.Read | Protection.Write | Protection.Execute)) != 0;

    /// <summary>check_vma_flags, mm/gup.c, 6.12: a forced write is one to a copy.</summary>
    private static bool AllowsForced(in Fault fault) => !fault.IsWrite || fault.Area.IsWritable || !fault.Area.IsShared;

    /// <summary>migration_entry_wait: until the folio is mapped again.</summary>
    private async ValueTask<FaultOutcome> WaitForMigration(Fault fault)
    {
        await _runtime.Point(StepKind.Wait, (int)fault.Page);
        return FaultOutcome.Retry;
    }

    /// <summary>An entry that was only clean, or that somebody else has made meanwhile.</summary>
    private async ValueTask<FaultOutcome> MarkUsed(Fault fault, Pte seen)
    {
        await tables.Entries.TryReplace(fault.Space, fault.Page, seen, seen.With(Pte.YoungBit | (fault.IsWrite ? Pte.DirtyBit : 0)));
        return FaultOutcome.Done;
    }
}

/// <summary>One page fault.</summary>
internal readonly record struct Fault(AddressSpace Space, VmArea Area, ulong Page, bool IsWrite, CpuId Cpu);
