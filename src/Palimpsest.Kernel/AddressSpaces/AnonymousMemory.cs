using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.AddressSpaces;

/// <summary>First accesses to private anonymous memory (do_anonymous_page, 6.1).</summary>
internal sealed class AnonymousMemory(RunningKernel kernel)
{
    private readonly KernelRuntime _runtime = kernel.Runtime;

    public ValueTask<FaultOutcome> Fault(Fault fault)
    {
        bool isZero = !fault.IsWrite && (!fault.Area.IsTagged || kernel.ZeroPageIsTagged);
        return kernel.HugePages.IsEligible(fault) ? FaultHuge(fault, isZero)
            : fault.Space.Tables.NeedsTable(fault.Page) ? AddTableFirst(fault, isZero)
            : isZero ? MapZeroPage(fault)
            : MapNewPage(fault);
    }

    private async ValueTask<FaultOutcome> FaultHuge(Fault fault, bool isZero) =>
        await kernel.HugePages.Fault(fault) ?? await AddTableFirst(fault, isZero);

    private async ValueTask<FaultOutcome> AddTableFirst(Fault fault, bool isZero) =>
        !await kernel.AddTable(fault.Space, fault.Page, fault.Cpu) ? FaultOutcome.OutOfMemory
            : isZero ? await MapZeroPage(fault)
            : await MapNewPage(fault);

    /// <summary>The usual way, without a state machine where nothing waits.</summary>
    private ValueTask<FaultOutcome> MapNewPage(Fault fault)
    {
        ValueTask<int> page = NewPage(fault.Area, Order.Zero, fault.Cpu);
        Turn locked = default;
        if (page.IsCompletedSuccessfully && page.Result >= 0)
        {
            locked = _runtime.Take(fault.Space.Tables.LockOf(fault.Page));
            if (locked.IsCompleted)
            {
                return new(Install(fault, page.Result));
            }
        }

        return MapLater(fault, page, locked);
    }

    /// <param name="locked">The lock of the table, being taken, if the page is there already.</param>
    private async ValueTask<FaultOutcome> MapLater(Fault fault, ValueTask<int> page, Turn locked)
    {
        bool isTaking = page.IsCompletedSuccessfully;
        int frame = await page;
        if (frame < 0)
        {
            return FaultOutcome.OutOfMemory;
        }

        if (!isTaking)
        {
            return await MapPage(fault, frame);
        }

        await locked;
        return Install(fault, frame);
    }

    /// <summary>Maps a page that nobody else has where the fault was, unless something is there meanwhile.</summary>
    public async ValueTask<FaultOutcome> MapPage(Fault fault, int frame)
    {
        await _runtime.Take(fault.Space.Tables.LockOf(fault.Page));
        return Install(fault, frame);
    }

    /// <summary>Maps a page under the lock of its table, which is given back.</summary>
    private FaultOutcome Install(in Fault fault, int frame)
    {
        bool isFree = fault.Space.Tables.Get(fault.Page).IsNone;
        if (isFree)
        {
            kernel.MapAnonymous(fault.Space, fault.Area, fault.Page, frame, dirty: fault.IsWrite);
        }

        fault.Space.Tables.LockOf(fault.Page).Release();
        if (!isFree)
        {
            // Another thread was faster.
            kernel.Folios.Put(frame, fault.Cpu);
        }

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

        bool hasStorage = isTagged && kernel.Memory.Tagged.HasStorage(folio);
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
        await kernel.TryReplace(fault, Pte.None, kernel.Ptes.Zero(fault.Area));
        return FaultOutcome.Done;
    }
}
