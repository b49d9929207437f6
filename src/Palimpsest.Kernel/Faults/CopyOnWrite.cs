using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Swap;
using Palimpsest.Kernel.Tables;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Faults;

/// <summary>Writes to read-only entries (do_wp_page, wp_page_copy, 6.1).</summary>
internal sealed class CopyOnWrite(
    PhysicalMemory memory, FolioTable folios, SpaceTables tables, SwapDevice swap, NewPages pages, HugeFaults huge)
{
    private readonly KernelRuntime _runtime = memory.Runtime;

    public async ValueTask<FaultOutcome> Fault(Fault fault, Pte seen)
    {
        if (seen.Has(Pte.HugeBit))
        {
            return await huge.Write(fault, seen);
        }

        if (fault.Area.IsShared)
        {
            return await Reuse(fault, seen);
        }

        if (seen.Has(Pte.SpecialBit))
        {
            return await CopyTo(fault, seen, source: Frame.None);
        }

        Frame folio = folios.HeadOf(seen.Frame);
        return CanReuse(folio) ? await Reuse(fault, seen) : await CopyTo(fault, seen, seen.Frame);
    }

    /// <summary>Nobody else has it: one reference beside that of the swap cache, which is given up.</summary>
    private bool CanReuse(Frame folio)
    {
        PageFrame frame = memory.Frames[folio];
        if (frame.Order > 0 || !frame.Has(FrameFlags.SwapBacked) || frame.Has(FrameFlags.FileCached))
        {
            return false;
        }

        if (frame.Has(FrameFlags.SwapCached) && folios[folio].References == 2 && swap.UsersOf(folios[folio].Object) == 0)
        {
            swap.LeaveCache(folio);
        }

        return folios[folio].References == 1;
    }

    /// <summary>A forced write leaves the entry read-only, as its area is (maybe_mkwrite).</summary>
    private async ValueTask<FaultOutcome> Reuse(Fault fault, Pte seen)
    {
        ulong written = Pte.DirtyBit | Pte.YoungBit | (fault.Area.IsWritable ? Pte.WritableBit : 0);
        if (await tables.Entries.TryReplace(fault.Space, fault.Page, seen, seen.With(written)))
        {
            memory.Frames[folios.HeadOf(seen.Frame)].Set(FrameFlags.Dirty);
        }

        return FaultOutcome.Done;
    }

    /// <param name="source">Page to copy; none for zeros.</param>
    private async ValueTask<FaultOutcome> CopyTo(Fault fault, Pte seen, Frame source)
    {
        Frame folio = source.IsNone ? Frame.None : folios.HeadOf(source);
        if (!folio.IsNone)
        {
            folios.Get(folio);
        }

        Frame copy = source.IsNone
            ? await pages.Zeroed(fault.Area, Order.Zero, fault.Cpu)
            : await pages.Copy(fault.Area, folio, source, fault.Cpu);
        bool installed = !copy.IsNone && await Install(fault, seen, copy);
        if (!copy.IsNone && !installed)
        {
            folios.Put(copy, fault.Cpu);
        }

        if (!folio.IsNone)
        {
            if (installed)
            {
                folios.Unmap(source, folio, fault.Space.Id, fault.Page, fault.Cpu);
            }

            folios.Put(folio, fault.Cpu);
        }

        return copy.IsNone ? FaultOutcome.OutOfMemory : FaultOutcome.Done;
    }

    private async ValueTask<bool> Install(Fault fault, Pte seen, Frame copy)
    {
        StepLock held = fault.Space.Tables.LockOf(fault.Page);
        await _runtime.Take(held);
        bool unchanged = fault.Space.Tables.Get(fault.Page) == seen;
        if (unchanged)
        {
            fault.Space.ResidentPages -= seen.Has(Pte.SpecialBit) ? 0 : 1;
            tables.Entries.MapAnonymous(fault.Space, fault.Area, fault.Page, copy, dirty: true);
            memory.Statistics.CopiesOnWrite++;
        }

        held.Release();
        return unchanged;
    }
}
