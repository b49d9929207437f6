using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.Ports;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage.Packing;

/// <summary>
/// The kernel thread of active blocks: makes a block active before a tagged page needs one, and moves the tagged pages of nearly empty
/// blocks together, so that fewer hold storage. Woken by counters, slowed down by a rate.
/// </summary>
internal sealed class PackingWorker(FrameTable frames, Zone[] zones, TagBlocks blocks, ActiveBlocks active, FolioMigration migration,
    PackRule rule, KernelCounters counters, Func<int> taggedFrames) : IBlockThread
{
    private const long SecondNs = 1_000_000_000;

    /// <summary>A block more than so full, in fifths, is not emptied.</summary>
    private const int FullestVictimFifths = 4;

    /// <summary>Blocks of one class looked at for one that can be emptied.</summary>
    private const int MostVictimsSeen = 8;

    /// <summary>Whoever found no way to do what is to be done looks again after so long.</summary>
    private const long RetryNs = 10_000_000;

    /// <summary>Memory is short where less than so many times the high watermark is free.</summary>
    private const int NearReclaim = 8;

    /// <summary>The worker then waits so many times less, and leaves so many times fewer blocks alone.</summary>
    private const int Haste = 10;
    private const int Thrift = 4;

    private readonly Zone[] _dataZones = [.. zones.Where(zone => !zone.IsTagStorage)];
    private readonly int _covered = blocks.Count == 0 ? 1 : Math.Max(1, blocks.CoverOf(new BlockId(0)).Count);
    private long _excessSinceNs = -1;
    private long _lastNs;
    private long _retryNs;
    private double _allowance;

    private bool IsShort => rule.Ready > 0 && blocks.ReservedBlocks >= PackRule.FewActive && active.ReadyFrames < rule.Ready;

    // What lies idle in blocks that are too many is wanted where reclaim is near.
    private bool IsMemoryShort
    {
        get
        {
            long spare = 0;
            foreach (Zone zone in _dataZones)
            {
                spare += zone.FreeFrames - (NearReclaim * (long)zone.Watermarks.High);
            }

            return spare < 0;
        }
    }

    private int Ideal => (taggedFrames() + _covered - 1) / _covered;

    // Blocks that stand ready are no excess.
    private bool HasExcess => rule.Moves && blocks.ReservedBlocks - Ideal > AllowedExcess;

    private int AllowedExcess =>
        taggedFrames() < PackRule.FewTagged ? 0 : Math.Max(1, (int)(rule.Slack * Ideal) / (IsMemoryShort ? Thrift : 1));

    public ValueTask Run(long nowNs, CpuId cpu)
    {
        bool hasExcess = HasExcess;
        _excessSinceNs = !hasExcess ? -1 : _excessSinceNs < 0 ? nowNs : _excessSinceNs;
        bool packs = hasExcess && nowNs - _excessSinceNs >= (IsMemoryShort ? rule.PersistNs / Haste : rule.PersistNs);
        return nowNs >= _retryNs && (IsShort || packs) ? Work(nowNs, packs, cpu) : default;
    }

    public ValueTask PackNow(CpuId cpu)
    {
        _allowance = rule.Rate;
        return Pack(cpu);
    }

    private async ValueTask Work(long nowNs, bool packs, CpuId cpu)
    {
        if (IsShort)
        {
            await MakeReady(cpu);
        }

        if (packs)
        {
            _allowance = Math.Min(rule.Rate, _allowance + ((nowNs - _lastNs) / (double)SecondNs * rule.Rate));
            _lastNs = nowNs;
            await Pack(cpu);
        }

        bool isDone = !IsShort && !(packs && HasExcess);
        _retryNs = isDone ? nowNs : nowNs + RetryNs;
    }

    private async ValueTask MakeReady(CpuId cpu)
    {
        bool evicts = rule.Moves && IsMemoryShort;
        for (int at = _dataZones.Length - 1; at >= 0 && IsShort; at--)
        {
            Zone zone = _dataZones[at];
            while (evicts && IsShort && await active.TryEvictGuest(zone, cpu, maySleep: true))
            {
                // A page of a block that is active already, each time.
            }

            bool isActive = IsShort && zone.FreeFrames > zone.Watermarks.Low && await active.TryActivateBest(zone, cpu);
            if (isActive)
            {
                return;
            }
        }
    }

    private async ValueTask Pack(CpuId cpu)
    {
        foreach (Zone zone in _dataZones)
        {
            while (HasExcess && _allowance >= 1 && Victim(zone) is { IsNone: false } victim)
            {
                if (!await TryEmpty(zone, victim, cpu))
                {
                    break;
                }
            }
        }
    }

    /// <summary>The block with the fewest tagged pages, if they can move; none where all are too full.</summary>
    private BlockId Victim(Zone zone)
    {
        BlockId best = BlockId.None;
        int fewest = (_covered * FullestVictimFifths / 5) + 1;
        for (int fill = 0; fill < ActiveBlockView.Classes && best.IsNone; fill++)
        {
            int left = MostVictimsSeen;
            for (BlockId block = active.Classes.First(zone, fill); !block.IsNone && left > 0; block = active.Classes.After(block), left--)
            {
                int tagged = blocks.ReferencesOf(block);
                if (tagged > 0 && tagged < fewest && CanEmpty(block))
                {
                    (best, fewest) = (block, tagged);
                }
            }
        }

        return best;
    }

    private bool CanEmpty(BlockId block)
    {
        (Frame first, int count) = blocks.CoverOf(block);
        for (Frame at = first; at < first + count; at++)
        {
            ref PageFrame page = ref frames[at];
            if (page.State == FrameState.Allocated && page.Has(FrameFlags.StorageReserved) && !page.CanMove)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Moves the tagged pages of a block into the fullest others. False: there was no room, or one could not move.</summary>
    private async ValueTask<bool> TryEmpty(Zone zone, BlockId victim, CpuId cpu)
    {
        int wanted = blocks.ReferencesOf(victim);
        active.BeginEmptying(victim);
        while (zone.ReadyFrames < wanted && _allowance >= 1 && await active.TryEvictGuest(zone, cpu, maySleep: true))
        {
            _allowance--;
        }

        bool isEmpty = zone.ReadyFrames >= wanted;
        (Frame first, int count) = blocks.CoverOf(victim);
        for (Frame at = first; at < first + count && isEmpty; at++)
        {
            // Given back while this waited, and perhaps made active again, it is no victim any more.
            isEmpty = active.UseOf(victim) != BlockUse.Masked;
            if (isEmpty && frames[at].State == FrameState.Allocated && frames[at].Has(FrameFlags.StorageReserved))
            {
                isEmpty = await TryPack(at, cpu);
            }
        }

        active.EndEmptying(victim);
        return isEmpty;
    }

    private async ValueTask<bool> TryPack(Frame folio, CpuId cpu)
    {
        int count = 1 << frames[folio].Order;
        if (await migration.Move(folio, asTagged: true, cpu) != MigrationOutcome.Done)
        {
            return false;
        }

        _allowance -= count;
        counters.TagMigratedFrames += count;
        counters.PackedFrames += count;
        return true;
    }
}
