using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Contiguous;

/// <summary>Why a range could not be had.</summary>
public enum RangeOutcome : byte
{
    /// <summary>All frames of the range are the caller's.</summary>
    Done,

    /// <summary>-EBUSY: pages that could not be moved, or blocks that could not be isolated.</summary>
    Busy,

    /// <summary>-ENOMEM: no place to move pages to.</summary>
    NoMemory,

    /// <summary>-EINTR: a fatal signal waits for the task.</summary>
    Interrupted,
}

/// <summary>How a range allocation ended, and what it did, whatever others did meanwhile.</summary>
/// <param name="MovedFrames">Frames of the folios that were moved out.</param>
/// <param name="IsolatedBlocks">Pageblocks that were isolated.</param>
/// <param name="Interrupts">CPUs that were interrupted.</param>
internal readonly record struct RangeResult(RangeOutcome Outcome, int MovedFrames = 0, int IsolatedBlocks = 0, int Interrupts = 0);

/// <summary>What sets a reservation's range apart from a driver's.</summary>
[Flags]
internal enum RangeRules
{
    None = 0,

    /// <summary>Folios move to pages that are tagged, as the request is that the range is for (R14).</summary>
    TaggedDestinations = 1 << 0,

    /// <summary>Folios are isolated however many are (PF_MEMALLOC_ISOLATE, RFC v1).</summary>
    IgnoresIsolationLimit = 1 << 1,
}

/// <summary>
/// Makes a given range of frames free and takes it (alloc_contig_range, mm/page_alloc.c, 6.1): isolate its pageblocks,
/// drain, move out what is movable, take the free frames, give the surplus back, end the isolation.
/// </summary>
internal sealed class ContiguousAllocator(
    FrameTable frames, Buddy buddy, PerCpuLists perCpu, FolioMigration migration, int cpus, KernelRuntime runtime, KernelCounters counters)
{
    /// <summary>Attempts to move one batch before it counts as busy.</summary>
    private const int MigrationAttempts = 5;

    /// <summary>COMPACT_CLUSTER_MAX.</summary>
    private const int ClusterFolios = 32;

    private readonly PageIsolation _isolation = new(frames, buddy, counters);

    /// <summary>Takes [start, start + count) as Held frames. The range lies in one zone and one pageblock type.</summary>
    public async ValueTask<RangeResult> Allocate(Frame start, int count, CpuId cpu, RangeRules rules = RangeRules.None)
    {
        Frame end = start + count;
        MigrateType type = frames.BlockType(start);
        counters.RangeAllocations++;
        RangeResult result = new(RangeOutcome.Busy);
        buddy.Active?.Vacate(start, end);
        if (_isolation.TryIsolate(start, end, type, out int isolated))
        {
            await runtime.Point(StepKind.Isolate, start);
            result = await TakeIsolated(start, end, cpu, rules);
            _isolation.Undo(start, end, type);
        }

        counters.RangeFailures += result.Outcome == RangeOutcome.Done ? 0 : 1;
        return result with { IsolatedBlocks = isolated };
    }

    /// <summary>Gives Held frames back one by one, as free_contig_range does.</summary>
    /// <param name="throughPerCpu">By way of the per-CPU lists (cma_release); else straight to the buddy lists.</param>
    public void Free(Frame start, int count, CpuId cpu, bool throughPerCpu)
    {
        for (Frame frame = start; frame < start + count; frame++)
        {
            MigrateType type = frames.BlockType(frame);
            frames[frame].Become(FrameState.Allocated, 0);
            if (throughPerCpu && type != MigrateType.Isolate && !buddy.IsInActiveBlock(frame))
            {
                perCpu.Free(frame, 0, type, cpu);
            }
            else
            {
                buddy.Free(frame, 0, type);
            }
        }
    }

    /// <summary>The fast path: the range is inside one free chunk, so nothing need be isolated or moved.</summary>
    public bool TryTakeFree(Frame start, int count)
    {
        // Blocks that are not a power of two go piece by piece, each piece as large as its alignment allows.
        if (!IsFree(start, count))
        {
            return false;
        }

        for (Frame frame = start; frame < start + count;)
        {
            int order = Math.Min(frames.LargestOrder, System.Numerics.BitOperations.TrailingZeroCount(frame.Index));
            while (1 << order > start + count - frame || buddy.FindChunk(frame, order).IsNone)
            {
                order--;
            }

            buddy.TakeExact(frame, order);
            Hold(frame, 1 << order);
            frame += 1 << order;
        }

        return true;
    }

    /// <summary>Moves what lies in a range elsewhere, one folio after the other, without isolating it. False: one could not move.</summary>
    public async ValueTask<bool> TryMoveOut(Frame start, int count, CpuId cpu, RangeRules rules)
    {
        RangeResult moved = await MoveOut(start, start + count, cpu, rules);
        counters.TagMigratedFrames += moved.MovedFrames;
        return moved.Outcome == RangeOutcome.Done;
    }

    /// <summary>Drops what lies in a range, at once. False: something there cannot be dropped.</summary>
    public bool TryDropOut(Frame start, int count, CpuId cpu)
    {
        bool isEmpty = true;
        for (Frame frame = start; frame < start + count && isEmpty; frame++)
        {
            Frame folio = frames.FolioOf(frame);
            isEmpty = folio.IsNone || migration.TryDropAtOnce(folio, cpu);
        }

        return isEmpty;
    }

    /// <summary>Are all these frames on the buddy lists, in however many chunks?</summary>
    public bool IsFree(Frame start, int count)
    {
        for (Frame frame = start; frame < start + count;)
        {
            Frame head = buddy.FindChunk(frame, 0);
            if (head.IsNone)
            {
                return false;
            }

            frame = head + (1 << frames[head].Order);
        }

        return true;
    }

    private async ValueTask<RangeResult> TakeIsolated(Frame start, Frame end, CpuId cpu, RangeRules rules)
    {
        // lru_cache_disable interrupts every CPU, whether or not a page has to move.
        counters.Interrupts += cpus;
        int interrupts = cpus + perCpu.DrainZone(buddy.ZoneOf(start));
        RangeResult moved = (await MoveOut(start, end, cpu, rules)) with { Interrupts = interrupts };
        if (moved.Outcome is RangeOutcome.NoMemory or RangeOutcome.Interrupted)
        {
            return moved;
        }

        Frame first = buddy.FindChunk(start, 0);
        if (first.IsNone || !IsFree(start, end - start))
        {
            return moved with { Outcome = RangeOutcome.Busy };
        }

        Frame taken = first;
        while (taken < end)
        {
            int order = frames[taken].Order;
            buddy.TakeOff(taken, order, buddy.ZoneOf(taken));
            Hold(taken, 1 << order);
            taken += 1 << order;
        }

        Free(first, start - first, cpu, throughPerCpu: false);
        Free(end, taken - end, cpu, throughPerCpu: false);
        return moved with { Outcome = RangeOutcome.Done };
    }

    /// <summary>
    /// A cluster at a time, the last isolated first, since each is put at the head of the list (__alloc_contig_migrate_range,
    /// isolate_migratepages_block).
    /// </summary>
    private async ValueTask<RangeResult> MoveOut(Frame start, Frame end, CpuId cpu, RangeRules rules)
    {
        RangeResult soFar = new(RangeOutcome.Done);
        for (Frame first = start; first < end;)
        {
            if (migration.Users.HasFatalSignal(cpu))
            {
                return soFar with { Outcome = RangeOutcome.Interrupted };
            }

            Frame next = EndOfCluster(first, end);
            for (Frame at = next - 1; at >= first; at--)
            {
                if (frames.FolioOf(at) is not { IsNone: false } head)
                {
                    continue;
                }

                int count = 1 << frames[head].Order;
                if (migration.TryDrop(head, cpu))
                {
                    at = head;
                    continue;
                }

                MigrationOutcome outcome = await Move(head, cpu, rules);
                if (outcome != MigrationOutcome.Done)
                {
                    return soFar with { Outcome = outcome == MigrationOutcome.NoTarget ? RangeOutcome.NoMemory : RangeOutcome.Busy };
                }

                soFar = soFar with { MovedFrames = soFar.MovedFrames + count };
                at = head;
            }

            first = next;
        }

        return soFar;
    }

    /// <summary>First frame after the folios in use that are moved together.</summary>
    private Frame EndOfCluster(Frame first, Frame end)
    {
        Frame at = first;
        for (int folios = 0; at < end && folios < ClusterFolios;)
        {
            Frame head = frames.FolioOf(at);
            folios += head.IsNone ? 0 : 1;
            at = head.IsNone ? at + 1 : head + (1 << frames[head].Order);
        }

        return at;
    }

    private async ValueTask<MigrationOutcome> Move(Frame head, CpuId cpu, RangeRules rules)
    {
        bool asTagged = frames[head].Has(FrameFlags.Tagged) || (rules & RangeRules.TaggedDestinations) != 0;
        MigrationOutcome outcome = MigrationOutcome.Done;
        for (int attempt = 0; attempt < MigrationAttempts; attempt++)
        {
            if ((rules & RangeRules.IgnoresIsolationLimit) == 0 && migration.Users.AreTooManyIsolated)
            {
                await runtime.Interleaving.Until((int)StepKind.Wait, head.Index, () => !migration.Users.AreTooManyIsolated);
            }

            outcome = await migration.Move(head, asTagged, cpu);
            if (outcome != MigrationOutcome.Pinned)
            {
                break;
            }
        }

        return outcome;
    }

    private void Hold(Frame start, int count)
    {
        for (Frame frame = start; frame < start + count; frame++)
        {
            ref PageFrame held = ref frames[frame];
            held.Become(FrameState.Held, 0);
            held.Clear(FrameFlags.WhileAllocated);
        }
    }
}
