using Palimpsest.Exploration;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.AddressSpaces;

/// <summary>First accesses to private anonymous memory (do_anonymous_page, 6.1).</summary>
internal sealed class AnonymousMemory(RunningKernel kernel)
{
    private readonly KernelRuntime _runtime = kernel.Runtime;

    public async ValueTask<FaultOutcome> Fault(Fault fault)
    {
        if (kernel.HugePages.IsEligible(fault))
        {
            FaultOutcome? huge = await kernel.HugePages.Fault(fault);
            if (huge is { } done)
            {
                return done;
            }
        }

        if (fault.Space.Tables.NeedsTable(fault.Page) && !await kernel.AddTable(fault.Space, fault.Page, fault.Cpu))
        {
            return FaultOutcome.OutOfMemory;
        }

        if (!fault.IsWrite && (!fault.Area.IsTagged || kernel.ZeroPageIsTagged))
        {
            return await MapZeroPage(fault);
        }

        int frame = await NewPage(fault.Area, Order.Zero, fault.Cpu);
        if (frame < 0)
        {
            return FaultOutcome.OutOfMemory;
        }

        StepLock held = fault.Space.Tables.LockOf(fault.Page);
        await _runtime.Take(held);
        if (fault.Space.Tables.Get(fault.Page).IsNone)
        {
            kernel.MapAnonymous(fault.Space, fault.Area, fault.Page, frame, dirty: fault.IsWrite);
            held.Release();
            return FaultOutcome.Done;
        }

        // Another thread was faster.
        held.Release();
        kernel.Folios.Put(frame, fault.Cpu);
        return FaultOutcome.Done;
    }

    /// <summary>A zeroed folio for an area, with one reference; its tags are zeros too where it has storage. -1: no memory.</summary>
    public ValueTask<int> NewPage(VmArea area, Order order, int cpu)
    {
        GfpFlags gfp = order.Value == 0
            ? GfpFlags.HighUserMovable | GfpFlags.Zero | (area.IsTagged ? GfpFlags.ZeroTags : 0)
            : GfpFlags.TransHugeLight | GfpFlags.Zero;
        ValueTask<AllocationResult> allocation = kernel.Supply.Allocate(gfp, order, area.IsTagged, cpu);
        return allocation.IsCompletedSuccessfully
            ? new(Prepare(allocation.Result.Frame, order, area.IsTagged))
            : Waiting(allocation, order, area.IsTagged);
    }

    private async ValueTask<int> Waiting(ValueTask<AllocationResult> allocation, Order order, bool isTagged) =>
        Prepare((await allocation).Frame, order, isTagged);

    private int Prepare(int folio, Order order, bool isTagged)
    {
        if (folio < 0)
        {
            return -1;
        }

        bool hasStorage = isTagged && kernel.Memory.Frames[folio].Has(FrameFlags.StorageReserved);
        for (int frame = folio; frame < folio + order.Frames; frame++)
        {
            kernel.Bytes.ZeroPage(frame);
            if (hasStorage)
            {
                kernel.Bytes.ClearTags(frame);
            }
        }

        if (hasStorage)
        {
            kernel.Memory.MarkTagged(folio);
        }

        kernel.Folios.Begin(folio);
        return folio;
    }

    private async ValueTask<FaultOutcome> MapZeroPage(Fault fault)
    {
        StepLock held = fault.Space.Tables.LockOf(fault.Page);
        await _runtime.Take(held);
        if (fault.Space.Tables.Get(fault.Page).IsNone)
        {
            kernel.WritePte(fault.Space, fault.Page, kernel.Ptes.Zero(fault.Area));
        }

        held.Release();
        return FaultOutcome.Done;
    }
}
