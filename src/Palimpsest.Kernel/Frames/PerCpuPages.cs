using System.Runtime.CompilerServices;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Frames;

/// <summary>The per-CPU page lists of one CPU in one zone (struct per_cpu_pages, mm/page_alloc.c, 6.1 and 6.12).</summary>
internal sealed class PerCpuPages(int firstList)
{
    /// <summary>Head of its first list; the others follow.</summary>
    public Frame FirstHead;

    /// <summary>Three types for each order 0..3, and two lists for huge pages, of which 6.1 uses the first.</summary>
    public const int Lists = HugeList + 2;

    private const int HugeList = MigrateTypes.PerCpuCount * (Order.Costly + 1);

    // Boot page sets have batch 1 and high 0: they never keep a page.
    private PerCpuState _state = new() { Batch = 1 };

    /// <summary>Counts and limits: what the rules look at and move.</summary>
    public ref PerCpuState State => ref _state;

    /// <summary>Movable huge pages have a list of their own (6.12: NR_PCP_THP is 2).</summary>
    public bool PartsHugePages { get; set; }

    public int ListOf(int index) => firstList + index;

    public static bool Holds(int order, int pageBlockOrder) => order <= Order.Costly || order == pageBlockOrder;

    /// <summary>Which of the lists holds folios of a type and order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Index(MigrateType type, int order)
    {
        if (order == 0)
        {
            return (int)type;
        }

        return order > Order.Costly ? HugeListOf(type) : MigrateTypes.PerCpuCount * order + (int)type;
    }

    public static int OrderOf(int index, int pageBlockOrder) =>
        index >= HugeList ? pageBlockOrder : index / MigrateTypes.PerCpuCount;

    private int HugeListOf(MigrateType type) => PartsHugePages && type == MigrateType.Movable ? HugeList + 1 : HugeList;
}

/// <summary>Why the per-CPU lists of a zone are kept short (ZONE_* of include/linux/mmzone.h, 6.12).</summary>
[Flags]
internal enum ZonePressure : byte
{
    None = 0,

    /// <summary>An allocation found the zone under its high watermark.</summary>
    BelowHigh = 1,

    /// <summary>kswapd is at work.</summary>
    Reclaim = 2,
}

/// <summary>Counts and limits of one CPU's lists in one zone: struct per_cpu_pages without its lists.</summary>
// One layout for all releases: what a release has not stays 0, so that a free or an allocation asks nobody.
internal struct PerCpuState
{
    /// <summary>Frames on the lists.</summary>
    public int Count;

    /// <summary>Frames from which on the lists are drained.</summary>
    public int High;

    public int Batch;

    /// <summary>
    /// What frees that follow frees have built up, halved by each allocation: doublings of the next drain (free_factor, 6.1), or
    /// frames freed (free_count, 6.12).
    /// </summary>
    public int FreeRun;

    /// <summary>Batches up to which frees themselves add to <see cref="FreeRun"/>; 0 where only drains do.</summary>
    public int FreeRunBatches;

    /// <summary>Doublings of the next refill of order 0; halved by each free (alloc_factor, 6.12).</summary>
    public int AllocFactor;

    /// <summary>Least and most that <see cref="High"/> may be moved to (high_min and high_max, 6.12).</summary>
    public int HighLeast;

    public int HighMost;

    /// <summary>The folio freed last was of order 1 to 3 (PCPF_PREV_FREE_HIGH_ORDER, 6.12).</summary>
    public bool FollowsHighFree;

    /// <summary>What presses its zone: with anything, each free is a reason to look at the limit.</summary>
    public ZonePressure Pressure;

    /// <summary>Moves the limit, as far as it may.</summary>
    public void MoveHigh(int high) => High = Math.Max(HighLeast, Math.Min(high, HighMost));

    /// <summary>What an allocation from the lists changes, whether it finds a folio or not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CountAllocation() => FreeRun >>= 1;

    /// <summary>What a folio freed to the lists changes, before anybody asks whether a drain is due.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CountFree(int order)
    {
        Count += 1 << order;
        AllocFactor >>= 1;
        FollowsHighFree &= order > 0;
        if (FreeRun < Batch * FreeRunBatches)
        {
            FreeRun += 1 << order;
        }
    }
}
