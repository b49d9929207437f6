using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage;

/// <summary>
/// The first access to a folio that may be tagged and has no storage, whoever accesses it: a process, by a page fault, or a
/// replay, whose pages are touched at once (arch_handle_folio_fault_on_access, arch/arm64/kernel/mte_tag_storage.c, RFC v3).
/// </summary>
internal sealed class FirstAccess(
    FrameTable frames, TagBlocks blocks, TaggedAllocation tagged, FolioMigration migration, Design design, KernelRuntime runtime,
    KernelCounters counters)
{
    /// <summary>Its tags are valid at last, where it lies or elsewhere. False: it stays untagged.</summary>
    public async ValueTask<bool> TryTag(Frame folio, CpuId cpu)
    {
        bool isReserved = await TryReserve(folio, cpu);
        if (!isReserved && await TryMove(folio, cpu))
        {
            return true;
        }

        if (!isReserved && !await TryReserveInPlace(folio, cpu))
        {
            return false;
        }

        tagged.MarkTagged(folio);
        return true;
    }

    /// <summary>Storage at last. False: it is busy, or the folio lies in tag storage itself.</summary>
    public ValueTask<bool> TryReserve(Frame folio, CpuId cpu) => tagged.TryReserve(folio, cpu);

    /// <summary>Storage where the folio lies, since it could not move to where some is active. False for all other designs.</summary>
    public async ValueTask<bool> TryReserveInPlace(Frame folio, CpuId cpu) =>
        tagged.MovesFirst(frames[folio].Order) && await tagged.TryReserveInPlace(folio, cpu);

    /// <summary>The data move to a page that has storage, if the design does not rather wait (R15).</summary>
    public async ValueTask<bool> TryMove(Frame folio, CpuId cpu)
    {
        Order order = new(frames[folio].Order);
        bool isStorage = frames[folio].Has(FrameFlags.Untaggable);
        // V3: RFC v3 takes the folio off the LRU without counting it, and who maps it again counts it out.
        bool counts = runtime.Has(Safeguards.CountIsolated);
        if (!tagged.CanTag(order.Value) || (!isStorage && !MovesBusy(order))
            || await migration.Move(folio, asTagged: true, cpu, countsIsolated: counts) != MigrationOutcome.Done)
        {
            return false;
        }

        // Where pages move first, the fault is the one that finds them tagged, and no other.
        counters.ReplacedPages += tagged.MovesFirst(order.Value) ? 0 : 1;
        counters.TagMigratedFrames += order.Frames;
        counters.LateFrames += order.Frames;
        return true;
    }

    private bool MovesBusy(Order order) =>
        design.OnStorageBusy(new TaggedView(order, IsAllocation: false, blocks.ReservedBlocks)) == BusyVerdict.MoveData
        && runtime.Has(Safeguards.ReplaceWhenBusy);
}
