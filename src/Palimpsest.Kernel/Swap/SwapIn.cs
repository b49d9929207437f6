using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Folios;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Swap;

/// <summary>Faults on entries that name a slot of the swap device (do_swap_page, 6.1).</summary>
internal sealed class SwapIn(RunningKernel kernel)
{
    /// <summary>Its tags could not be saved; the fault is tried again (VM_FAULT_OOM of RFC v1-v3).</summary>
    private const int WithoutTags = -2;

    private readonly KernelRuntime _runtime = kernel.Runtime;

    public async ValueTask<FaultOutcome> Fault(Fault fault, Pte seen)
    {
        int slot = seen.Value;
        int folio = await Bring(slot, fault);
        if (folio == WithoutTags)
        {
            return FaultOutcome.Retry;
        }

        if (folio < 0)
        {
            // Or its last other entry went while this one was looked at.
            return fault.Space.Tables.Get(fault.Page) == seen ? FaultOutcome.OutOfMemory : FaultOutcome.Done;
        }

        await kernel.FolioLocks.Lock(folio);
        StepLock held = fault.Space.Tables.LockOf(fault.Page);
        await _runtime.Take(held);
        PageFrame frame = kernel.Memory.Frames[folio];
        if (fault.Space.Tables.Get(fault.Page) == seen && frame.Has(FrameFlags.SwapCached) && kernel.Folios[folio].Object == slot)
        {
            Map(fault, folio, slot);
        }

        held.Release();
        kernel.FolioLocks.Unlock(folio);
        kernel.Folios.Put(folio, fault.Cpu);
        return FaultOutcome.Done;
    }

    /// <summary>The folio of a slot, from the swap cache or read now, with a reference; -1 without memory, or <see cref="WithoutTags"/>.</summary>
    private async ValueTask<int> Bring(int slot, Fault fault)
    {
        int cached = kernel.Swap.CachedIn(slot);
        if (cached >= 0)
        {
            kernel.Folios.Get(cached);
            return cached;
        }

        kernel.Events.SwapIns++;
        kernel.Events.Refaults++;
        AllocationResult got = await kernel.Supply.Allocate(GfpFlags.HighUserMovable, Order.Zero, fault.Area.IsTagged, fault.Cpu);
        if (got.Frame < 0)
        {
            return -1;
        }

        kernel.Folios.Begin(got.Frame);
        if (kernel.Swap.UsersOf(slot) == 0 || kernel.Swap.CachedIn(slot) >= 0)
        {
            // Another thread has brought it meanwhile, or its last entry is gone.
            kernel.Folios.Put(got.Frame, fault.Cpu);
            cached = kernel.Swap.UsersOf(slot) == 0 ? -1 : kernel.Swap.CachedIn(slot);
            if (cached >= 0)
            {
                kernel.Folios.Get(cached);
            }

            return cached;
        }

        // Locked in the cache until it is read: whoever finds it waits.
        kernel.FolioLocks.TryLock(got.Frame);
        kernel.Memory.Frames[got.Frame].Set(FrameFlags.SwapBacked);
        kernel.Swap.EnterCache(got.Frame, slot);
        bool savesTags = kernel.Swap.HasTags(slot) && !kernel.Memory.Tagged.HasStorage(got.Frame);
        bool isUnsaved = savesTags && _runtime.FailsToIndex();
        await kernel.Swap.Read(slot, got.Frame, withTags: !isUnsaved);
        kernel.FolioLocks.Unlock(got.Frame);
        if (isUnsaved && _runtime.Has(Safeguards.ReportUnsavedTags))
        {
            // X10: RFC v3 says that it has saved them.
            kernel.Swap.LeaveCache(got.Frame);
            kernel.Folios.Put(got.Frame, fault.Cpu);
            return WithoutTags;
        }

        kernel.Lru.Add(got.Frame);
        return got.Frame;
    }

    private void Map(in Fault fault, int folio, int slot)
    {
        kernel.Folios.Get(folio);
        fault.Space.SwapEntries--;
        fault.Space.ResidentPages++;
        bool isLast = kernel.Swap.UsersOf(slot) == 1;
        if (isLast && kernel.Memory.Frames[folio].Has(FrameFlags.SwapCached))
        {
            // Nobody else can come for it: the slot is free, and the page is dirty again.
            kernel.Swap.LeaveCacheWithEntry(folio);
        }
        else
        {
            kernel.Swap.Put(slot, fault.Cpu);
        }

        bool isOwn = isLast && kernel.Folios[folio].References == 2;
        Pte entry = kernel.Ptes.For(fault.Area, folio, folio, isOwn && fault.Area.IsWritable, dirty: isOwn && fault.IsWrite);
        kernel.WritePte(fault.Space, fault.Page, entry);
        kernel.ReverseMap.Add(ref kernel.Folios[folio].Mappings, new Mapping(fault.Space.Id, fault.Page, IsHuge: false));
    }
}
