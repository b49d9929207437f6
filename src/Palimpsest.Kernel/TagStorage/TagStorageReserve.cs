using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.TagStorage.Packing;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage;

/// <summary>
/// Takes and gives back blocks for tagged folios (arch/arm64/kernel/mte_tag_storage.c of RFC v1-v3). References are
/// counted by page, not by allocation, so that a folio may be split and freed piece by piece.
/// </summary>
internal sealed class TagStorageReserve(
    FrameTable frames, TagBlocks blocks, FolioBlocks folios, BlockRecall recall, int pageBytes, KernelRuntime runtime,
    KernelCounters counters, Tracepoints trace)
{
    /// <summary>Bytes of data that a tag cache line covers (CTR_EL0.TminLine of common cores).</summary>
    private const int TagLineCoverBytes = 2048;

    private const ulong AllBlocks = ulong.MaxValue;

    private readonly ReservedFlag _flag = new(frames, recall, runtime);

    /// <summary>Keeps every block reserved when its last reference goes, not only those that are not lent.</summary>
    public bool KeepsBlocks { get; set; }

    /// <summary>Nothing is ever lent, so nothing need be counted or cleaned (hidden storage).</summary>
    public bool IsAlwaysActive { get; init; }

    /// <summary>Told when a block goes back; null where nothing is active but what somebody refers to.</summary>
    public ActiveBlocks? Active { get; init; }

    /// <summary>Keeps blocks of groups on the tagged list, whose pages stay active (tag blocks).</summary>
    public bool KeepsActiveGroups { get; init; }

    /// <summary>Reserves the storage of a folio and flags it; all or nothing.</summary>
    public ValueTask<ReservationPath> Reserve(Frame frame, CpuId cpu)
    {
        Turn locked = runtime.Take(runtime.Locks.TagBlocks);
        return locked.IsCompleted && TryReferAtOnce(frame) ? new(ReservationPath.Already) : Reserve(locked, frame, cpu);
    }

    private async ValueTask<ReservationPath> Reserve(Turn locked, Frame frame, CpuId cpu)
    {
        await locked;
        if (runtime.Has(Safeguards.RecheckUnderMutex) && frames[frame].Has(FrameFlags.StorageReserved))
        {
            // Another thread faulted on the same page and was first (R6).
            runtime.Locks.TagBlocks.Release();
            return ReservationPath.Already;
        }

        ulong referred = 0;
        if (runtime.Has(Safeguards.ReferencesFirst))
        {
            await runtime.Take(runtime.Locks.ReservedBlocks);
            await runtime.Point(StepKind.Locked, frame);
            referred = ReferToPresent(frame);
            runtime.Locks.ReservedBlocks.Release();
        }

        ReservationPath path = referred == AllBlocks ? ReservationPath.Already : await ReferToMissing(frame, referred, cpu);
        if (path < ReservationPath.Failed)
        {
            await _flag.Set(frame);
        }

        runtime.Locks.TagBlocks.Release();
        if (path < ReservationPath.Failed && !runtime.Has(Safeguards.RestoreBeforeFlag))
        {
            await _flag.RestoreLate(frame);
        }

        Count(path);
        if (path >= ReservationPath.Failed)
        {
            trace.Tell(new KernelEvent(KernelEventKind.StorageBusy, cpu, frame, frames[frame].Order));
        }

        return path;
    }

    /// <summary>
    /// Refers to the block of a page that was just taken from it while it is active: nobody else has the page, and whoever takes from a
    /// block holds it, so that no lock is needed and nothing waits, also in atomic context. False: nothing is done.
    /// </summary>
    public bool TryReferInHand(Frame frame)
    {
        BlockId block = blocks.BlockOf(frame);
        Frame end = folios.EndOf(frame);
        if (block.IsNone || blocks.StateOf(block) != TagBlockState.Reserved || blocks.BlockOf(end - 1) != block
            || frames[frame].Has(FrameFlags.StorageReserved) || !recall.Contents.HasNoSavedTags)
        {
            return false;
        }

        blocks.AddReferences(block, folios.References(folios.Covered(block, frame, end)));
        frames[frame].Set(FrameFlags.StorageReserved);
        Count(ReservationPath.Already);
        return true;
    }

    /// <summary>The usual way, without a state machine: one page, whose block is present, and nothing to restore.</summary>
    private bool TryReferAtOnce(Frame frame)
    {
        if (frames[frame].Order > 0 || !TryReferInHand(frame))
        {
            return false;
        }

        runtime.Locks.TagBlocks.Release();
        return true;
    }

    /// <summary>Storage that is always active is there for the asking; nothing waits.</summary>
    /// <returns>False: this folio's is not.</returns>
    public bool TryReferActive(Frame frame)
    {
        bool isActive = IsAlwaysActive && !frames[frame].Has(FrameFlags.Untaggable)
            && !blocks.BlockOf(frame).IsNone && !blocks.BlockOf(folios.EndOf(frame) - 1).IsNone && ReferToPresent(frame) == AllBlocks;
        if (isActive)
        {
            frames[frame].Set(FrameFlags.StorageReserved);
        }

        return isActive;
    }

    /// <summary>Throws away the tag lines of a folio, which must come before its storage is lent (TAG-4, R9).</summary>
    public void InvalidateTags(Frame frame)
    {
        int count = 1 << frames[frame].Order;
        if (runtime.Has(Safeguards.InvalidateTagsOnFree))
        {
            counters.TagLinesInvalidated += IsAlwaysActive ? 0 : Math.Max(1, (long)count * pageBytes / TagLineCoverBytes);
            recall.Contents.InvalidateTags(frame, count);
        }
    }

    /// <summary>Drops the references of a folio; blocks that nobody refers to are lent again.</summary>
    public void Release(Frame frame, CpuId cpu)
    {
        runtime.Spin(runtime.Locks.ReservedBlocks);
        Drop(frame, folios.EndOf(frame), cpu);
        frames[frame].Clear(FrameFlags.StorageReserved);
    }

    /// <summary>Makes a block Reserved before any page needs it, and counts how.</summary>
    public async ValueTask ReserveAhead(BlockId block, CpuId cpu)
    {
        if (blocks.StateOf(block) == TagBlockState.Lent)
        {
            Count(await recall.Recall(block, cpu));
        }
    }

    /// <summary>
    /// A region did not come online: nothing is lent, and every page may be tagged without asking. What other regions have
    /// given to the allocator comes back first (mte_tag_storage_activate_regions, RFC v1-v3; R27).
    /// </summary>
    public void SwitchOff()
    {
        for (BlockId block = new(0); block.Index < blocks.Count; block++)
        {
            if (!blocks.IsKept(block) && runtime.Has(Safeguards.TakeBackRegions))
            {
                ReserveAhead(block, cpu: CpuId.Boot).Now();
            }
            else if (!blocks.IsKept(block))
            {
                blocks.Become(block, TagBlockState.Reserved);
            }
        }
    }

    /// <summary>Takes the blocks that a folio does not refer to yet, one by one; nobody else can add any under the mutex.</summary>
    private async ValueTask<ReservationPath> ReferToMissing(Frame frame, ulong referred, CpuId cpu)
    {
        // A large folio may reach into the very storage that it needs, and must not be moved out of it meanwhile.
        bool wasIsolated = frames[frame].Has(FrameFlags.Isolated);
        frames[frame].Set(FrameFlags.Isolated);
        Frame end = folios.EndOf(frame);
        ReservationPath path = ReservationPath.Already;
        int ordinal = 0;
        for (Frame at = frame; at < end && path < ReservationPath.Failed; ordinal++)
        {
            BlockId block = blocks.BlockOf(at);
            ReservationPath step = await ReferToOne(block, at, end, (referred >> ordinal & 1) != 0, cpu);
            if (step >= ReservationPath.Failed)
            {
                await Unwind(frame, at, end, referred >> ordinal, cpu);
                path = step;
            }
            else
            {
                path = step > path ? step : path;
                at = block.IsNone ? end : at + folios.Covered(block, at, end);
            }
        }

        if (!wasIsolated)
        {
            frames[frame].Clear(FrameFlags.Isolated);
        }

        return path;
    }

    /// <summary>
    /// References on all blocks that are present come first, under the lock, so that none of them can be given back
    /// meanwhile (R7). Bit by bit, the blocks that a folio refers to now; <see cref="AllBlocks"/> when none is missing.
    /// </summary>
    // A folio of the largest order has 32 blocks of one frame.
    private ulong ReferToPresent(Frame frame)
    {
        Frame end = folios.EndOf(frame);
        ulong referred = 0;
        bool isWhole = true;
        int ordinal = 0;
        for (Frame at = frame; at < end; ordinal++)
        {
            BlockId block = blocks.BlockOf(at);
            if (block.IsNone)
            {
                return referred;
            }

            int covered = folios.Covered(block, at, end);
            bool isPresent = blocks.StateOf(block) == TagBlockState.Reserved;
            if (isPresent)
            {
                blocks.AddReferences(block, folios.References(covered));
                referred |= 1UL << ordinal;
            }

            isWhole &= isPresent;
            at += covered;
        }

        return isWhole ? AllBlocks : referred;
    }

    private async ValueTask<ReservationPath> ReferToOne(BlockId block, Frame at, Frame end, bool isReferred, CpuId cpu)
    {
        if (block.IsNone || isReferred)
        {
            // RFC v1 and v2 warned of a page that no storage covers, and reported success.
            return block.IsNone && runtime.Has(Safeguards.KeepStorageFromTagged) ? ReservationPath.Failed : ReservationPath.Already;
        }

        bool isPresent = blocks.StateOf(block) == TagBlockState.Reserved;
        await runtime.Point(StepKind.TestBlock, at);
        ReservationPath path = isPresent ? ReservationPath.Already : await recall.Recall(block, cpu);
        if (path < ReservationPath.Failed)
        {
            blocks.AddReferences(block, folios.References(folios.Covered(block, at, end)));
        }

        return path;
    }

    /// <summary>
    /// Drops, under the lock, the references on blocks before <paramref name="at"/> and on those of <paramref name="referred"/>
    /// from there on.
    /// </summary>
    private async ValueTask Unwind(Frame frame, Frame at, Frame end, ulong referred, CpuId cpu)
    {
        await runtime.Take(runtime.Locks.ReservedBlocks);
        Drop(frame, at, cpu);
        DropReferred(at, end, referred, cpu);
        runtime.Locks.ReservedBlocks.Release();
    }

    private void DropReferred(Frame from, Frame end, ulong referred, CpuId cpu)
    {
        for (Frame at = from; at < end && referred != 0; referred >>= 1)
        {
            BlockId block = blocks.BlockOf(at);
            Frame next = at + folios.Covered(block, at, end);
            if ((referred & 1) != 0)
            {
                Drop(at, next, cpu);
            }

            at = next;
        }
    }

    private void Drop(Frame from, Frame end, CpuId cpu)
    {
        for (Frame at = from; at < end;)
        {
            BlockId block = blocks.BlockOf(at);
            if (block.IsNone)
            {
                break;
            }

            int covered = folios.Covered(block, at, end);
            blocks.AddReferences(block, -folios.References(covered));
            bool isActiveGroup = KeepsActiveGroups && frames[at].AreaSet == StorageSets.Tagged;
            bool isActive = isActiveGroup || (Active is not null && blocks.ReferencesOf(block) == 0 && Active.KeepsFree(block, covered));
            if (blocks.ReferencesOf(block) == 0 && !isActive)
            {
                Active?.Leave(block);
            }

            if (blocks.ReferencesOf(block) == 0 && !KeepsBlocks && !blocks.IsKept(block) && !isActive)
            {
                if (!runtime.Has(Safeguards.EraseUnderLock))
                {
                    // xa_erase takes the lock, which whoever unwinds has already; __xa_erase does not (X7).
                    runtime.Spin(runtime.Locks.ReservedBlocks);
                }

                recall.Lend(block, cpu);
            }

            at += covered;
        }
    }

    private void Count(ReservationPath path)
    {
        switch (path)
        {
            case ReservationPath.Already:
                counters.AlreadyReserved += IsAlwaysActive ? 0 : 1;
                break;
            case ReservationPath.Free:
                counters.ReservedFree++;
                break;
            case ReservationPath.Migrate:
                counters.ReservedByMigration++;
                break;
            default:
                counters.FailedReservations++;
                break;
        }
    }
}
