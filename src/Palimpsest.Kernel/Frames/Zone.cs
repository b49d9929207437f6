using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Frames;

/// <summary>Watermarks of a zone, in frames.</summary>
public readonly record struct Watermarks(int Min, int Low, int High);

/// <summary>A zone: its span, what is free in it, and the lists of its free areas and per-CPU pages.</summary>
// Free areas come in sets. Linux has one; a design may ask for more (a second free_area[] for tag storage, or the
// untagged, tagged and block lists of tag blocks).
public sealed class Zone
{
    private const int ListsPerSet = (Order.Max + 1) * MigrateTypes.Count;

    private readonly int _firstList;
    private readonly int[] _chunks;

    internal Zone(int index, ZoneKind kind, int node, bool isTagStorage, int firstList, int sets, int cpus)
    {
        Index = index;
        Kind = kind;
        Node = node;
        IsTagStorage = isTagStorage;
        Sets = sets;
        _firstList = firstList;
        _chunks = new int[sets * (Order.Max + 1)];
        PerCpu = new PerCpuPages[cpus];
        for (CpuId cpu = CpuId.Boot; cpu.Index < cpus; cpu++)
        {
            PerCpu[cpu.Index] = new PerCpuPages(firstList + sets * ListsPerSet + cpu.Index * PerCpuPages.Lists);
        }
    }

    internal static int ListCount(int sets, int cpus) => sets * ListsPerSet + cpus * PerCpuPages.Lists;

    /// <summary>Place in <see cref="MemorySystem.Zones"/>.</summary>
    public int Index { get; }

    /// <summary>Which of ZONE_DMA to ZONE_MOVABLE it is.</summary>
    public ZoneKind Kind { get; }

    /// <summary>NUMA node.</summary>
    public int Node { get; }

    /// <summary>The zone holds tag storage and nothing else (zone-metadata, numa-node).</summary>
    public bool IsTagStorage { get; }

    /// <summary>Free areas that it has: 1, or 2 where tag storage has one of its own.</summary>
    public int Sets { get; }

    /// <summary>First frame index of the zone and the one after its last.</summary>
    public Frame Start { get; internal set; } = new Frame(int.MaxValue);

    /// <summary>As for <see cref="Start"/>; not part of the zone.</summary>
    public Frame End { get; internal set; }

    /// <summary>Frames under the allocator's control: present less those kept since boot.</summary>
    public int ManagedFrames { get; internal set; }

    /// <summary>NR_FREE_PAGES: on buddy lists, isolated blocks not counted.</summary>
    public int FreeFrames { get; internal set; }

    /// <summary>NR_FREE_CMA_PAGES, in frames.</summary>
    public int FreeCmaFrames { get; internal set; }

    /// <summary>Free frames that only requests allowed to use tag storage may count on: Metadata type or storage set.</summary>
    public int FreeStorageFrames { get; internal set; }

    /// <summary>Free frames in active blocks of tag storage, which tagged requests may take; not among the free frames.</summary>
    public int ReadyFrames { get; internal set; }

    /// <summary>Requests that begin here try other zones before they take from another migratetype.</summary>
    internal bool AvoidsFragmentation { get; set; }

    /// <summary>Frames of its high-order atomic pageblocks, free or not.</summary>
    public int HighAtomicFrames { get; internal set; }

    /// <summary>Of these, the free ones (nr_free_highatomic, 6.12); kept only where <see cref="CountsFreeHighAtomic"/>.</summary>
    public int FreeHighAtomicFrames { get; internal set; }

    /// <summary>Watermarks leave out free reserved frames alone (6.12), not all that are reserved.</summary>
    internal bool CountsFreeHighAtomic { get; set; }

    /// <summary>Pageblocks of MIGRATE_ISOLATE now.</summary>
    public int IsolatedBlocks { get; internal set; }

    /// <summary>min, low and high, in frames.</summary>
    public Watermarks Watermarks { get; internal set; }

    /// <summary>watermark_boost: raised by steals, in frames; ignored until reclaim would run.</summary>
    public int WatermarkBoost { get; internal set; }

    /// <summary>Frames kept from requests that could have used a higher zone, by the request's highest zone.</summary>
    public int[] LowmemReserve { get; } = new int[ZoneKinds.Count];

    internal PerCpuPages[] PerCpu { get; }

    /// <summary>An allocation found it under its high watermark (ZONE_BELOW_HIGH, 6.12).</summary>
    internal bool IsBelowHigh
    {
        get => (PerCpu[0].State.Pressure & ZonePressure.BelowHigh) != 0;
        set => Press(ZonePressure.BelowHigh, value);
    }

    /// <summary>Says to the lists of every CPU what presses the zone, or no more.</summary>
    internal void Press(ZonePressure pressure, bool isOn)
    {
        foreach (PerCpuPages pages in PerCpu)
        {
            pages.State.Pressure = isOn ? pages.State.Pressure | pressure : pages.State.Pressure & ~pressure;
        }
    }

    internal int List(int set, int order, MigrateType type) =>
        _firstList + set * ListsPerSet + order * MigrateTypes.Count + (int)type;

    /// <summary>Chunks of an order that what is free makes, in all sets.</summary>
    public int ChunksFrom(int order)
    {
        int chunks = 0;
        for (int set = 0; set < Sets; set++)
        {
            for (int larger = order; larger <= Order.Max; larger++)
            {
                chunks += Chunks(set, larger) << (larger - order);
            }
        }

        return chunks;
    }

    /// <summary>
    /// Free frames of data whose storage is active: a tagged request may take them, and any other only when it finds nothing else.
    /// </summary>
    public int StrandedFrames => ReadyFrames + (Sets > StorageSets.Tagged ? FramesIn(StorageSets.Tagged) : 0);

    private int FramesIn(int set)
    {
        int frames = 0;
        for (int order = 0; order <= Order.Max; order++)
        {
            frames += Chunks(set, order) << order;
        }

        return frames;
    }

    /// <summary>Free chunks of an order in a set, all types together (free_area.nr_free).</summary>
    internal ref int Chunks(int set, int order) => ref _chunks[set * (Order.Max + 1) + order];

    /// <summary>Moves the counters when frames enter or leave the buddy lists. Isolated frames are not free.</summary>
    internal void Account(MigrateType type, int set, int frames)
    {
        FreeFrames += frames;
        AccountByType(type, set, frames);
    }

    /// <summary>The part of <see cref="Account"/> that goes by type.</summary>
    internal void AccountByType(MigrateType type, int set, int frames)
    {
        if (type == MigrateType.Cma)
        {
            FreeCmaFrames += frames;
        }
        else if (type == MigrateType.Metadata || (set == StorageSets.Storage && type != MigrateType.Isolate))
        {
            FreeStorageFrames += frames;
        }
        else if (type == MigrateType.HighAtomic)
        {
            FreeHighAtomicFrames += frames;
        }
    }
}

/// <summary>What the free-area sets of a zone mean.</summary>
internal static class StorageSets
{
    /// <summary>Ordinary memory; with tag blocks, the list of untagged pages.</summary>
    public const int Data = 0;

    /// <summary>A second free_area[] for tag storage.</summary>
    public const int Storage = 1;

    /// <summary>With tag blocks: pages whose tag storage is active. With active blocks: their pages, whoever has them.</summary>
    public const int Tagged = 2;

    /// <summary>With tag blocks: whole groups of 32 pages whose tag page is free as well.</summary>
    public const int Blocks = 3;
}
