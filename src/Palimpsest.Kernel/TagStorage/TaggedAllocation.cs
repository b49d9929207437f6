using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage;

using PageAllocator = PageAllocator.PageAllocator;

/// <summary>Allocates a page and its tag storage together, in the way that the design's verdicts name.</summary>
internal sealed class TaggedAllocation(
    FrameTable frames, PageAllocator allocator, TagBlocks blocks, TagStorageReserve reserve, Design design, KernelCounters counters)
{
    private bool _tookEverything;

    /// <summary>Frames in use whose tags are valid.</summary>
    public int TaggedFrames { get; private set; }

    public AllocationResult Allocate(in AllocationRequest request, in AllocationVerdict verdict)
    {
        TaggedView view = new(request.Order, IsAllocation: true, blocks.ReservedBlocks);
        switch (design.OnTagged(view))
        {
            case ReservationVerdict.Refuse:
                return Untagged(request);
            case ReservationVerdict.BestEffort:
                return BestEffort(request, verdict, view);
            case ReservationVerdict.TakeEverything:
                TakeEverything(request.Cpu);
                return Required(request, verdict, view);
            default:
                return Required(request, verdict, view);
        }
    }

    /// <summary>Forgets the tags of a folio that is freed, and lends its storage when it was the last.</summary>
    public void Release(int frame, int cpu)
    {
        reserve.Release(frame, cpu);
        TaggedFrames -= 1 << frames[frame].Order;
        frames[frame].Clear(FrameFlags.Tagged);
    }

    /// <summary>Tags a folio in use (mprotect with PROT_MTE, at the first access). False: no storage, nothing changed.</summary>
    public bool TryTag(int frame, int cpu)
    {
        if (frames[frame].Has(FrameFlags.Untaggable)
            || !CanTag(frame)
            || reserve.Reserve(frame, cpu) == ReservationPath.Failed)
        {
            return false;
        }

        MarkTagged(frame);
        return true;
    }

    /// <summary>Does the design let anything be tagged?</summary>
    public bool CanTag(int frame) =>
        design.OnTagged(new TaggedView(new Order(frames[frame].Order), IsAllocation: false, blocks.ReservedBlocks)) != ReservationVerdict.Refuse;

    private AllocationResult Untagged(in AllocationRequest request)
    {
        counters.RefusedTagged++;
        AllocationRequest plain = request with { IsTagged = false };
        AllocationView view = new(plain.Type, plain.Order, IsTagged: false, plain.Gfp);
        int frame = allocator.Allocate(plain, LegalVerdict.For(view, design.OnAllocation(view)));
        return new AllocationResult(frame < 0 ? AllocationOutcome.NoMemory : AllocationOutcome.Untagged, frame);
    }

    private AllocationResult Required(in AllocationRequest request, in AllocationVerdict verdict, in TaggedView view)
    {
        int attempts = design.OnStorageBusy(view) == BusyVerdict.Fail ? 1 : design.Recall.PageAttempts;
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            int frame = allocator.Allocate(request, verdict);
            if (frame < 0)
            {
                return new AllocationResult(AllocationOutcome.NoMemory, -1);
            }

            if (reserve.Reserve(frame, request.Cpu) != ReservationPath.Failed)
            {
                MarkTagged(frame);
                return new AllocationResult(AllocationOutcome.Done, frame);
            }

            allocator.PutBack(frame);
        }

        return Untagged(request);
    }

    /// <summary>
    /// RFC v3: the page is handed out either way. Without storage its first access faults, which tries once more and
    /// then moves the data to another page. In a replay the first access follows at once.
    /// </summary>
    private AllocationResult BestEffort(in AllocationRequest request, in AllocationVerdict verdict, in TaggedView view)
    {
        int frame = allocator.Allocate(request, verdict);
        if (frame < 0)
        {
            return new AllocationResult(AllocationOutcome.NoMemory, -1);
        }

        bool faults = design.OnStorageBusy(view) == BusyVerdict.FaultOnAccess;
        if (reserve.Reserve(frame, request.Cpu) != ReservationPath.Failed
            || (faults && reserve.Reserve(frame, request.Cpu) != ReservationPath.Failed))
        {
            MarkTagged(frame);
            return new AllocationResult(AllocationOutcome.Done, frame);
        }

        return faults ? Replace(frame, request, verdict) : Degraded(frame);
    }

    private AllocationResult Replace(int frame, in AllocationRequest request, in AllocationVerdict verdict)
    {
        for (int attempt = 0; attempt < design.Recall.PageAttempts; attempt++)
        {
            int other = allocator.Allocate(request, verdict);
            if (other < 0)
            {
                break;
            }

            if (reserve.Reserve(other, request.Cpu) == ReservationPath.Failed)
            {
                allocator.PutBack(other);
                continue;
            }

            counters.ReplacedPages++;
            counters.MigratedFolios++;
            counters.MigratedFrames += request.Order.Frames;
            counters.TagMigratedFrames += request.Order.Frames;
            allocator.Free(frame, request.Cpu);
            MarkTagged(other);
            return new AllocationResult(AllocationOutcome.Done, other);
        }

        return Degraded(frame);
    }

    private AllocationResult Degraded(int frame)
    {
        counters.RefusedTagged++;
        return new AllocationResult(AllocationOutcome.Untagged, frame);
    }

    private void TakeEverything(int cpu)
    {
        if (_tookEverything)
        {
            return;
        }

        _tookEverything = true;
        reserve.KeepsBlocks = true;
        for (int block = 0; block < blocks.Count; block++)
        {
            reserve.ReserveAhead(block, cpu);
        }
    }

    private void MarkTagged(int frame)
    {
        frames[frame].Set(FrameFlags.Tagged);
        TaggedFrames += 1 << frames[frame].Order;
    }
}

/// <summary>Cuts a verdict down to what the laws allow, so that no answer of a design can break them.</summary>
internal static class LegalVerdict
{
    /// <summary>Only movable requests use CMA or tag storage (PIN-1); tagged ones never use tag storage (TAG-3).</summary>
    public static AllocationVerdict For(in AllocationView view, in AllocationVerdict verdict) => verdict with
    {
        UseCma = verdict.UseCma && view.IsMovable,
        Storage = view.IsMovable && !view.IsTagged ? verdict.Storage : StorageUse.Never,
    };
}
