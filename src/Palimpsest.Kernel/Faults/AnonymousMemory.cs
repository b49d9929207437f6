using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Tables;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Faults;

/// <summary>First accesses to private anonymous memory (do_anonymous_page, 6.1).</summary>
internal sealed class AnonymousMemory(PhysicalMemory memory, FolioTable folios, SpaceTables tables, NewPages pages, HugeFaults huge)
{
    private readonly KernelRuntime _runtime = memory.Runtime;

    public ValueTask<FaultOutcome> Fault(Fault fault)
    {
        bool isZero = !fault.IsWrite && (!fault.Area.IsTagged || tables.Zero.IsTagged);
        return huge.IsEligible(fault) ? FaultHuge(fault, isZero)
            : fault.Space.Tables.NeedsTable(fault.Page) ? AddTableFirst(fault, isZero)
            : isZero ? MapZeroPage(fault)
            : MapNewPage(fault);
    }

    private async ValueTask<FaultOutcome> FaultHuge(Fault fault, bool isZero) =>
        await huge.Fault(fault) ?? await AddTableFirst(fault, isZero);

    private async ValueTask<FaultOutcome> AddTableFirst(Fault fault, bool isZero) =>
        !await tables.Pages.Add(fault.Space, fault.Page, fault.Cpu) ? FaultOutcome.OutOfMemory
            : isZero ? await MapZeroPage(fault)
            : await MapNewPage(fault);

    /// <summary>The usual way, without a state machine where nothing waits.</summary>
    private ValueTask<FaultOutcome> MapNewPage(Fault fault)
    {
        ValueTask<Frame> page = pages.Zeroed(fault.Area, Order.Zero, fault.Cpu);
        Turn locked = default;
        if (page.IsCompletedSuccessfully && !page.Result.IsNone)
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
    private async ValueTask<FaultOutcome> MapLater(Fault fault, ValueTask<Frame> page, Turn locked)
    {
        bool isTaking = page.IsCompletedSuccessfully;
        Frame frame = await page;
        if (frame.IsNone)
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
    public async ValueTask<FaultOutcome> MapPage(Fault fault, Frame frame)
    {
        await _runtime.Take(fault.Space.Tables.LockOf(fault.Page));
        return Install(fault, frame);
    }

    /// <summary>Maps a page under the lock of its table, which is given back.</summary>
    private FaultOutcome Install(in Fault fault, Frame frame)
    {
        bool isFree = fault.Space.Tables.Get(fault.Page).IsNone;
        if (isFree)
        {
            tables.Entries.MapAnonymous(fault.Space, fault.Area, fault.Page, frame, dirty: fault.IsWrite);
        }

        fault.Space.Tables.LockOf(fault.Page).Release();
        if (!isFree)
        {
            // Another thread was faster.
            folios.Put(frame, fault.Cpu);
        }

        return FaultOutcome.Done;
    }

    private async ValueTask<FaultOutcome> MapZeroPage(Fault fault)
    {
        await tables.Entries.TryReplace(fault.Space, fault.Page, Pte.None, tables.Ptes.Zero(fault.Area));
        return FaultOutcome.Done;
    }
}
