using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Swap;
using Palimpsest.Kernel.Tables;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Faults;

/// <summary>Faults on entries that name a slot of the swap device (do_swap_page, 6.1).</summary>
internal sealed class SwapIn(PhysicalMemory memory, FolioOwners owners, SpaceTables tables, SwapDevice swap)
{
    private readonly KernelRuntime _runtime = memory.Runtime;

    public async ValueTask<FaultOutcome> Fault(Fault fault, Pte seen)
    {
        int slot = seen.Slot;
        (Frame folio, bool isUnsaved) = await Bring(slot, fault);
        if (isUnsaved)
        {
            // VM_FAULT_OOM of RFC v1-v3: the fault is tried again.
            return FaultOutcome.Retry;
        }

        if (folio.IsNone)
        {
            // Or its last other entry went while this one was looked at.
            return fault.Space.Tables.Get(fault.Page) == seen ? FaultOutcome.OutOfMemory : FaultOutcome.Done;
        }

        await owners.Locks.Lock(folio);
        StepLock held = fault.Space.Tables.LockOf(fault.Page);
        await _runtime.Take(held);
        PageFrame frame = memory.Frames[folio];
        if (fault.Space.Tables.Get(fault.Page) == seen && frame.Has(FrameFlags.SwapCached) && owners.Folios[folio].Object == slot)
        {
            Map(fault, folio, slot);
        }

        held.Release();
        owners.Locks.Unlock(folio);
        owners.Folios.Put(folio, fault.Cpu);
        return FaultOutcome.Done;
    }

    /// <summary>The folio of a slot, from the swap cache or read now, with a reference; or that its tags could not be saved.</summary>
    private async ValueTask<(Frame Folio, bool IsUnsaved)> Bring(int slot, Fault fault)
    {
        Frame cached = swap.CachedIn(slot);
        if (!cached.IsNone)
        {
            owners.Folios.Get(cached);
            return (cached, false);
        }

        memory.Statistics.SwapIns++;
        memory.Statistics.Refaults++;
        AllocationResult got = await memory.Supply.Allocate(GfpFlags.HighUserMovable, Order.Zero, fault.Area.IsTagged, fault.Cpu);
        if (got.Frame.IsNone)
        {
            return (Frame.None, false);
        }

        owners.Folios.Begin(got.Frame);
        if (swap.UsersOf(slot) == 0 || !swap.CachedIn(slot).IsNone)
        {
            // Another thread has brought it meanwhile, or its last entry is gone.
            owners.Folios.Put(got.Frame, fault.Cpu);
            cached = swap.UsersOf(slot) == 0 ? Frame.None : swap.CachedIn(slot);
            if (!cached.IsNone)
            {
                owners.Folios.Get(cached);
            }

            return (cached, false);
        }

        // Locked in the cache until it is read: whoever finds it waits.
        owners.Locks.TryLock(got.Frame);
        memory.Frames[got.Frame].Set(FrameFlags.SwapBacked);
        swap.EnterCache(got.Frame, slot);
        bool savesTags = swap.HasTags(slot) && !memory.System.Tagged.HasStorage(got.Frame);
        bool isUnsaved = savesTags && _runtime.FailsToIndex();
        await swap.Read(slot, got.Frame, withTags: !isUnsaved);
        owners.Locks.Unlock(got.Frame);
        if (isUnsaved && _runtime.Has(Safeguards.ReportUnsavedTags))
        {
            // X10: RFC v3 says that it has saved them.
            swap.LeaveCache(got.Frame);
            owners.Folios.Put(got.Frame, fault.Cpu);
            return (Frame.None, true);
        }

        owners.WorkingSet.Return(got.Frame, swap.ShadowOf(slot), swap.FreeSlots > 0);
        owners.Lru.Add(got.Frame);
        return (got.Frame, false);
    }

    private void Map(in Fault fault, Frame folio, int slot)
    {
        owners.Folios.Get(folio);
        fault.Space.SwapEntries--;
        fault.Space.ResidentPages++;
        bool isLast = swap.UsersOf(slot) == 1;
        if (isLast && memory.Frames[folio].Has(FrameFlags.SwapCached))
        {
            // Nobody else can come for it: the slot is free, and the page is dirty again.
            swap.LeaveCacheWithEntry(folio);
        }
        else
        {
            swap.Put(slot, fault.Cpu);
        }

        bool isOwn = isLast && owners.Folios[folio].References == 2;
        Pte entry = tables.Ptes.For(fault.Area, folio, folio, isOwn && fault.Area.IsWritable, dirty: isOwn && fault.IsWrite);
        bool isTold = fault.Space.Tables.Get(fault.Page).Has(Pte.WriteToldBit);
        entry = isTold ? entry.Without(Pte.WritableBit).With(Pte.WriteToldBit) : entry;
        tables.Entries.Write(fault.Space, fault.Page, entry);
        owners.ReverseMap.Add(ref owners.Folios[folio].Mappings, new Mapping(fault.Space.Id, fault.Page, IsHuge: false));
    }
}
