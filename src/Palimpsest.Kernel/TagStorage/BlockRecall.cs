using Palimpsest.Kernel.Contiguous;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage;

/// <summary>What a reservation had to do; the dearest step of all its blocks.</summary>
internal enum ReservationPath : byte
{
    /// <summary>Every block was reserved already.</summary>
    Already,

    /// <summary>A block was free.</summary>
    Free,

    /// <summary>A block held data, which was moved.</summary>
    Migrate,

    /// <summary>A block could not be had; nothing is changed. This and what follows are no reservations.</summary>
    Failed,

    /// <summary>Failed because a fatal signal waits for the task.</summary>
    Interrupted,
}

/// <summary>Takes one block of tag storage back from whoever it is lent to, and lends it again.</summary>
internal sealed class BlockRecall(
    TagBlocks blocks, ContiguousAllocator contiguous, RecallRule recall, StoragePlace place, int pageBytes, KernelRuntime runtime,
    KernelCounters counters)
{
    /// <summary>Bytes of a data cache line (CTR_EL0.DminLine of common cores).</summary>
    private const int DataLineBytes = 64;

    // Who asks has a mutex that others may wait for with pages isolated (R13).
    private RangeRules IsolationRule =>
        runtime.Has(Safeguards.IgnoreIsolationLimit) ? RangeRules.IgnoresIsolationLimit : RangeRules.None;

    /// <summary>What pages contain; nothing in a replay.</summary>
    public PageContents Contents { get; set; } = PageContents.None;

    /// <summary>Makes a block Reserved, without references.</summary>
    public async ValueTask<ReservationPath> Recall(BlockId block, CpuId cpu)
    {
        if (blocks.StateOf(block) == TagBlockState.Reserved)
        {
            return ReservationPath.Already;
        }

        (Frame first, int count) = blocks.StorageOf(block);
        ReservationPath path = await Take(first, count, cpu);
        if (path < ReservationPath.Failed)
        {
            PrepareForTags(block);
            if (!runtime.Has(Safeguards.InterruptSafeStore))
            {
                await StorePlainly(block, first);
            }
            else
            {
                // With interrupts off nobody of this CPU comes between: one step.
                blocks.Become(block, TagBlockState.Reserved);
            }
        }

        return path;
    }

    /// <summary>
    /// The same, page by page: what its storage holds moves out, and it is taken as it becomes free, without isolating a pageblock or
    /// interrupting anybody. False: somebody came between, or something could not move.
    /// </summary>
    public async ValueTask<bool> TryEmpty(BlockId block, CpuId cpu)
    {
        (Frame first, int count) = blocks.StorageOf(block);
        if (!await contiguous.TryMoveOut(first, count, cpu, IsolationRule))
        {
            return false;
        }

        return blocks.StateOf(block) == TagBlockState.Lent && TryTakeFree(block);
    }

    /// <summary>The same of a block that is free; nothing waits. False: it is not.</summary>
    public bool TryTakeFree(BlockId block)
    {
        (Frame first, int count) = blocks.StorageOf(block);
        if (!contiguous.TryTakeFree(first, count))
        {
            return false;
        }

        PrepareForTags(block);
        blocks.Become(block, TagBlockState.Reserved);
        return true;
    }

    /// <summary>Lends a block that nobody refers to.</summary>
    public void Lend(BlockId block, CpuId cpu)
    {
        (Frame first, int count) = blocks.StorageOf(block);
        blocks.Become(block, TagBlockState.Lent);
        Contents.BeginData(first, count);
        contiguous.Free(first, count, cpu, throughPerCpu: place.LendsThroughPerCpu);
        counters.ReleasedBlocks++;
    }

    /// <summary>Would a block be taken straight off the buddy lists?</summary>
    public bool FindsFree(BlockId block)
    {
        (Frame first, int count) = blocks.StorageOf(block);
        return TakesFree(count) && contiguous.IsFree(first, count);
    }

    // X2: RFC v3 compared start less end, a negative number, and took no block this way.
    private bool TakesFree(int count) =>
        recall.FastPath && count <= recall.MostFastPages && runtime.Has(Safeguards.LengthOfRange);

    /// <summary>xa_store: the lock is taken with interrupts on, whatever flags its array was given (V1).</summary>
    private async ValueTask StorePlainly(BlockId block, Frame first)
    {
        await runtime.TakePlainly(runtime.Locks.ReservedBlocks);
        await runtime.Point(StepKind.Locked, first);
        blocks.Become(block, TagBlockState.Reserved);
        runtime.ReleasePlain(runtime.Locks.ReservedBlocks);
    }

    private void PrepareForTags(BlockId block)
    {
        (Frame first, int count) = blocks.StorageOf(block);
        // A dirty data line written back later would overwrite tags (TAG-4, R10).
        bool invalidate = runtime.Has(Safeguards.InvalidateDataOnReserve);
        counters.DataLinesInvalidated += invalidate ? (long)count * pageBytes / DataLineBytes : 0;
        Contents.BeginTags(first, count, invalidate);
    }

    private async ValueTask<ReservationPath> Take(Frame first, int count, CpuId cpu)
    {
        if (TakesFree(count) && contiguous.TryTakeFree(first, count))
        {
            return ReservationPath.Free;
        }

        if (place.HasActiveBlocks && await contiguous.TryMoveOut(first, count, cpu, IsolationRule) && contiguous.TryTakeFree(first, count))
        {
            // Page by page, without isolating a pageblock or interrupting anybody.
            return ReservationPath.Migrate;
        }

        if (recall.Drops && contiguous.TryDropOut(first, count, cpu) && contiguous.TryTakeFree(first, count))
        {
            return ReservationPath.Free;
        }

        RangeRules rules = IsolationRule | (runtime.Has(Safeguards.StripTagged) ? 0 : RangeRules.TaggedDestinations);
        bool hasMoved = false;
        for (int attempt = 0; attempt < recall.Attempts; attempt++)
        {
            RangeResult range = await contiguous.Allocate(first, count, cpu, rules);
            Count(range);
            hasMoved |= range.MovedFrames > 0;
            if (range.Outcome == RangeOutcome.Done)
            {
                return hasMoved ? ReservationPath.Migrate : ReservationPath.Free;
            }

            if (range.Outcome != RangeOutcome.Busy)
            {
                return range.Outcome == RangeOutcome.Interrupted ? ReservationPath.Interrupted : ReservationPath.Failed;
            }
        }

        return ReservationPath.Failed;
    }

    private void Count(in RangeResult range)
    {
        counters.TagMigratedFrames += range.MovedFrames;
        counters.TagBlocksIsolated += range.IsolatedBlocks;
        counters.TagInterrupts += range.Interrupts;
    }
}
