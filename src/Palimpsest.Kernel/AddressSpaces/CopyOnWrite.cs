using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.AddressSpaces;

/// <summary>Writes to read-only entries (do_wp_page, wp_page_copy, 6.1).</summary>
internal sealed class CopyOnWrite(RunningKernel kernel)
{
    private readonly KernelRuntime _runtime = kernel.Runtime;

    public async ValueTask<FaultOutcome> Fault(Fault fault, Pte seen)
    {
        if (seen.Has(Pte.HugeBit))
        {
            return await kernel.HugePages.Write(fault, seen);
        }

        if (fault.Area.IsShared)
        {
            return await Reuse(fault, seen);
        }

        if (seen.Has(Pte.SpecialBit))
        {
            return await CopyTo(fault, seen, source: -1);
        }

        int folio = kernel.Folios.HeadOf(seen.Value);
        return CanReuse(folio) ? await Reuse(fault, seen) : await CopyTo(fault, seen, seen.Value);
    }

    /// <summary>Nobody else has it: one reference beside that of the swap cache, which is given up.</summary>
    private bool CanReuse(int folio)
    {
        PageFrame frame = kernel.Memory.Frames[folio];
        if (frame.Order > 0 || !frame.Has(FrameFlags.SwapBacked) || frame.Has(FrameFlags.FileCached))
        {
            return false;
        }

        if (frame.Has(FrameFlags.SwapCached) && kernel.Folios[folio].References == 2 && kernel.Swap.UsersOf(kernel.Folios[folio].Object) == 0)
        {
            kernel.Swap.LeaveCache(folio);
        }

        return kernel.Folios[folio].References == 1;
    }

    private async ValueTask<FaultOutcome> Reuse(Fault fault, Pte seen)
    {
        if (await kernel.TryReplace(fault, seen, seen.With(Pte.WritableBit | Pte.DirtyBit | Pte.YoungBit)))
        {
            kernel.Memory.Frames[kernel.Folios.HeadOf(seen.Value)].Set(FrameFlags.Dirty);
        }

        return FaultOutcome.Done;
    }

    /// <param name="source">Page to copy; -1 for zeros.</param>
    private async ValueTask<FaultOutcome> CopyTo(Fault fault, Pte seen, int source)
    {
        int folio = source < 0 ? -1 : kernel.Folios.HeadOf(source);
        if (folio >= 0)
        {
            kernel.Folios.Get(folio);
        }

        int copy = source < 0
            ? await kernel.Anonymous.NewPage(fault.Area, Order.Zero, fault.Cpu)
            : await NewCopy(fault.Area, folio, source, fault.Cpu);
        bool installed = copy >= 0 && await Install(fault, seen, copy);
        if (copy >= 0 && !installed)
        {
            kernel.Folios.Put(copy, fault.Cpu);
        }

        if (folio >= 0)
        {
            if (installed)
            {
                kernel.ForgetMapping(fault.Space, fault.Page, source, folio, fault.Cpu);
            }

            kernel.Folios.Put(folio, fault.Cpu);
        }

        return copy < 0 ? FaultOutcome.OutOfMemory : FaultOutcome.Done;
    }

    /// <summary>A copy of a page of a folio for an area, tags and all, with one reference; -1 without memory.</summary>
    public async ValueTask<int> NewCopy(VmArea area, int folio, int source, int cpu)
    {
        AllocationResult got = await kernel.Supply.Allocate(GfpFlags.HighUserMovable, Order.Zero, area.IsTagged, cpu);
        if (got.Frame >= 0)
        {
            kernel.Folios.Begin(got.Frame);
            await _runtime.Point(StepKind.CopyData, source);
            kernel.Bytes.CopyPage(source, got.Frame);
            await kernel.TagCopy.CopyPage(folio, source, got.Frame, got.Frame);
        }

        return got.Frame;
    }

    private async ValueTask<bool> Install(Fault fault, Pte seen, int copy)
    {
        StepLock held = fault.Space.Tables.LockOf(fault.Page);
        await _runtime.Take(held);
        bool unchanged = fault.Space.Tables.Get(fault.Page) == seen;
        if (unchanged)
        {
            fault.Space.ResidentPages -= seen.Has(Pte.SpecialBit) ? 0 : 1;
            kernel.MapAnonymous(fault.Space, fault.Area, fault.Page, copy, dirty: true);
            kernel.Events.CopiesOnWrite++;
        }

        held.Release();
        return unchanged;
    }
}
