using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.TagStorage.Packing;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage;

using PageAllocator = PageAllocator.PageAllocator;

/// <summary>Allocates a page and its tag storage together, in the way that the design's verdicts name.</summary>
internal sealed class TaggedAllocation(
    FrameTable frames, PageAllocator allocator, TagBlocks blocks, TagStorageReserve reserve, Design design, LegalVerdict verdicts,
    KernelRuntime runtime, Tracepoints trace, ActiveBlocks? active = null)
{
    private static readonly AllocationResult NoMemory = new(AllocationOutcome.NoMemory, Frame.None);

    private bool _tookEverything;

    /// <summary>Blocks stay reserved when nobody refers to them: somebody took everything.</summary>
    public bool KeepsBlocks => reserve.KeepsBlocks;

    /// <summary>Frames in use whose tags are valid.</summary>
    public int TaggedFrames { get; private set; }

    /// <summary>First folio that was marked tagged before it was flagged as reserved; none, if all is well (TAG-7).</summary>
    public Frame MarkedTooEarly { get; private set; } = Frame.None;

    /// <summary>
    /// A page that is going to be tagged. Untagged: it has no storage; the first access to it faults, if it may be tagged at all.
    /// </summary>
    public ValueTask<AllocationResult> Allocate(AllocationRequest request, AllocationVerdict verdict)
    {
        TaggedView view = new(request.Order, IsAllocation: true, blocks.ReservedBlocks);
        return design.OnTagged(view) switch
        {
            ReservationVerdict.Refuse => new(Untagged(request)),
            ReservationVerdict.BestEffort =>
                WithStorage(request, verdict, request.NeedsStorage ? design.Recall.PageAttempts : 1, handsOut: true),
            _ when active is not null && active.Fits(request.Order.Value) => FromActive(request, verdict),
            ReservationVerdict.TakeEverything when !_tookEverything => AfterTakingEverything(request, verdict),
            _ => WithStorage(request, verdict, design.Recall.PageAttempts, handsOut: request.NeedsStorage),
        };
    }

    /// <summary>Forgets the tags of a folio that is freed, and lends its storage when it was the last.</summary>
    // Tag lines first: one that is written back after a guest has moved in would overwrite the guest's data (TAG-4, R9).
    public void Release(Frame frame, CpuId cpu)
    {
        reserve.InvalidateTags(frame);
        Forget(frame, cpu);
    }

    /// <summary>The same, step by step where somebody controls the machine.</summary>
    public async ValueTask ReleaseInSteps(Frame frame, CpuId cpu)
    {
        await runtime.Point(StepKind.InvalidateLines, frame);
        reserve.InvalidateTags(frame);
        await runtime.Point(StepKind.MoveBlock, frame);
        Forget(frame, cpu);
    }

    private void Forget(Frame frame, CpuId cpu)
    {
        reserve.Release(frame, cpu);
        if (frames[frame].Has(FrameFlags.Tagged))
        {
            TaggedFrames -= 1 << frames[frame].Order;
            frames[frame].Clear(FrameFlags.Tagged);
            trace.Tell(new KernelEvent(KernelEventKind.PageUntagged, cpu, frame, frames[frame].Order));
        }
    }

    /// <summary>
    /// Takes the storage of a folio in use (mprotect with PROT_MTE, at the first access). False: it cannot be had, nothing
    /// changed.
    /// </summary>
    public async ValueTask<bool> TryReserve(Frame frame, CpuId cpu)
    {
        if (HasStorage(frame))
        {
            return true;
        }

        ReservationVerdict verdict = VerdictOnUse(frames[frame].Order);
        if (verdict == ReservationVerdict.TakeEverything && !_tookEverything)
        {
            await TakeEverything(cpu);
        }

        return verdict != ReservationVerdict.Refuse
            && !(verdict == ReservationVerdict.MoveFirst && !IsActive(frame))
            && await TryReserveInPlace(frame, cpu);
    }

    /// <summary>The same, of a folio that cannot move to where storage is active.</summary>
    public async ValueTask<bool> TryReserveInPlace(Frame frame, CpuId cpu)
    {
        bool reserved = !frames[frame].Has(FrameFlags.Untaggable) && await reserve.Reserve(frame, cpu) < ReservationPath.Failed;
        if (reserved)
        {
            active?.Adopt(frame);
        }

        return reserved;
    }

    /// <summary>Nothing is won by moving it: its block is active already, or it is larger than a block.</summary>
    private bool IsActive(Frame frame) => active is null || !active.Fits(frames[frame].Order)
        || (blocks.BlockOf(frame) is { IsNone: false } block && blocks.StateOf(block) == TagBlockState.Reserved);

    /// <summary>Is there storage for the tags of a folio in use? Where it is always active, there is for all that can be tagged.</summary>
    public bool HasStorage(Frame frame) => frames[frame].Has(FrameFlags.StorageReserved) || reserve.TryReferActive(frame);

    /// <summary>A page in use that turns tagged moves, if it can.</summary>
    public bool MovesFirst(int order) => VerdictOnUse(order) == ReservationVerdict.MoveFirst;

    /// <summary>Does the design let anything be tagged?</summary>
    public bool CanTag(int order) => VerdictOnUse(order) != ReservationVerdict.Refuse;

    /// <summary>The kernel may tag a page of its own without all storage being taken for it.</summary>
    public bool CanTagOne => VerdictOnUse(order: 0) is not (ReservationVerdict.Refuse or ReservationVerdict.TakeEverything);

    /// <summary>The tags of a folio, whose storage is reserved, are valid from now on: PG_mte_tagged.</summary>
    public void MarkTagged(Frame frame)
    {
        if (MarkedTooEarly.IsNone && !frames[frame].Has(FrameFlags.StorageReserved))
        {
            // VM_WARN_ON_ONCE of set_page_mte_tagged, RFC v3.
            MarkedTooEarly = frame;
        }

        frames[frame].Set(FrameFlags.Tagged);
        TaggedFrames += 1 << frames[frame].Order;
        trace.Tell(new KernelEvent(KernelEventKind.PageTagged, Cpu: CpuId.None, frame, frames[frame].Order));
    }

    private ReservationVerdict VerdictOnUse(int order) =>
        design.OnTagged(new TaggedView(new Order(order), IsAllocation: false, blocks.ReservedBlocks));

    private AllocationResult Untagged(AllocationRequest request)
    {
        AllocationRequest plain = request with { IsTagged = false };
        Frame frame = allocator.Allocate(plain, verdicts.On(plain));
        return new AllocationResult(frame.IsNone ? AllocationOutcome.NoMemory : AllocationOutcome.Untagged, frame);
    }

    /// <param name="attempts">
    /// Pages looked at. One whose storage is busy goes to the tail of its list (arch_prep_new_page, RFC v1 and v2).
    /// </param>
    /// <param name="handsOut">The last one is handed out without storage (arch_alloc_page, RFC v3); else there is no memory.</param>
    private ValueTask<AllocationResult> WithStorage(AllocationRequest request, AllocationVerdict verdict, int attempts, bool handsOut)
    {
        Frame frame = attempts > 0 ? allocator.Allocate(request, verdict) : Frame.None;
        if (frame.IsNone)
        {
            return new(NoMemory);
        }

        // The usual way, without a state machine: nothing waits.
        ValueTask<ReservationPath> reserving = reserve.Reserve(frame, request.Cpu);
        return reserving.IsCompletedSuccessfully && reserving.Result < ReservationPath.Failed
            ? new(new AllocationResult(AllocationOutcome.Done, frame))
            : WithStorage(frame, reserving, request, verdict, attempts, handsOut);
    }

    private async ValueTask<AllocationResult> WithStorage(
        Frame frame, ValueTask<ReservationPath> reserving, AllocationRequest request, AllocationVerdict verdict, int attempts,
        bool handsOut)
    {
        for (int left = attempts - 1; ; left--)
        {
            ReservationPath path = await reserving;
            if (path < ReservationPath.Failed)
            {
                return new AllocationResult(AllocationOutcome.Done, frame);
            }

            bool isKept = (handsOut && left == 0)
                || (path == ReservationPath.Interrupted && runtime.Has(Safeguards.TreatSignalAsSuccess));
            if (isKept)
            {
                return new AllocationResult(AllocationOutcome.Untagged, frame);
            }

            allocator.PutBack(frame);
            frame = left == 0 ? Frame.None : allocator.Allocate(request, verdict);
            if (frame.IsNone)
            {
                return NoMemory;
            }

            reserving = reserve.Reserve(frame, request.Cpu);
        }
    }

    /// <summary>
    /// A page of an active block; of one that is made active, if its storage is free; else of one whose storage has to be emptied,
    /// where the request may sleep. Only then is memory short.
    /// </summary>
    private ValueTask<AllocationResult> FromActive(AllocationRequest request, AllocationVerdict verdict)
    {
        AllocationRequest first = request.Effort == AllocationEffort.WithoutReclaim
            ? request with { Effort = AllocationEffort.LowWatermark } : request;
        Frame frame = allocator.Allocate(first, verdict);
        return frame.IsNone ? FromBusy(request, first, verdict) : Referred(frame, request);
    }

    private async ValueTask<AllocationResult> FromBusy(AllocationRequest request, AllocationRequest first, AllocationVerdict verdict)
    {
        bool maySleep = (request.Gfp & GfpFlags.DirectReclaim) != 0;
        // With memory full, a block that is made active has few free pages: better room where storage is active.
        Frame frame = await active!.TryEvictGuest(request, maySleep) ? allocator.Allocate(first, verdict) : Frame.None;
        frame = frame.IsNone && maySleep && await active!.TryActivateBusy(request) ? allocator.Allocate(first, verdict) : frame;
        frame = frame.IsNone && first != request ? allocator.Allocate(request, verdict) : frame;
        AllocationResult result = frame.IsNone ? NoMemory : await Referred(frame, request);
        active!.GiveBackUnused(request.Cpu);
        return result;
    }

    /// <summary>Its block is active, so that nothing has to be taken; the page refers to it from now on.</summary>
    private ValueTask<AllocationResult> Referred(Frame frame, AllocationRequest request) => reserve.TryReferInHand(frame)
        ? new(new AllocationResult(AllocationOutcome.Done, frame)) : ReferredLate(frame, request);

    /// <summary>The same, where saved tags are to be restored: that may wait.</summary>
    private async ValueTask<AllocationResult> ReferredLate(Frame frame, AllocationRequest request)
    {
        active!.Hold(frame, 1);
        ReservationPath path = await reserve.Reserve(frame, request.Cpu);
        active!.Hold(frame, -1);
        if (path < ReservationPath.Failed)
        {
            return new AllocationResult(AllocationOutcome.Done, frame);
        }

        allocator.PutBack(frame);
        return NoMemory;
    }

    private async ValueTask<AllocationResult> AfterTakingEverything(AllocationRequest request, AllocationVerdict verdict)
    {
        await TakeEverything(request.Cpu);
        return await WithStorage(request, verdict, design.Recall.PageAttempts, handsOut: request.NeedsStorage);
    }

    private async ValueTask TakeEverything(CpuId cpu)
    {
        _tookEverything = true;
        reserve.KeepsBlocks = true;
        // Who needs a block meanwhile waits for all of them, instead of finding it busy.
        await runtime.Take(runtime.Locks.TagBlocks);
        for (BlockId block = new(0); block.Index < blocks.Count; block++)
        {
            await reserve.ReserveAhead(block, cpu);
        }

        runtime.Locks.TagBlocks.Release();
    }
}
