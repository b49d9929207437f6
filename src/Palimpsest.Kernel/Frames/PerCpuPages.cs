using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Frames;

/// <summary>The per-CPU page lists of one CPU in one zone (struct per_cpu_pages, mm/page_alloc.c, 6.1).</summary>
internal sealed class PerCpuPages(int firstList)
{
    /// <summary>Head of its first list; the others follow.</summary>
    public Frame FirstHead;

    /// <summary>Three types for each order 0..3, and one list for huge pages.</summary>
    public const int Lists = MigrateTypes.PerCpuCount * (Order.Costly + 1) + 1;

    private const int HugeList = Lists - 1;

    // Boot page sets have batch 1 and high 0: they never keep a page.
    private PerCpuState _state = new() { Batch = 1 };

    /// <summary>Counts and limits: what the rules look at and move.</summary>
    public ref PerCpuState State => ref _state;

    public int ListOf(int index) => firstList + index;

    public static bool Holds(int order, int pageBlockOrder) => order <= Order.Costly || order == pageBlockOrder;

    public static int Index(MigrateType type, int order)
    {
        if (order == 0)
        {
            return (int)type;
        }

        return order > Order.Costly ? HugeList : MigrateTypes.PerCpuCount * order + (int)type;
    }

    public static int OrderOf(int index, int pageBlockOrder) =>
        index == HugeList ? pageBlockOrder : index / MigrateTypes.PerCpuCount;
}

/// <summary>Counts and limits of one CPU's lists in one zone: struct per_cpu_pages without its lists.</summary>
internal struct PerCpuState
{
    /// <summary>Frames on the lists.</summary>
    public int Count;

    public int High;

    public int Batch;

    /// <summary>Doubles the number freed at once while frees follow frees; halved by each allocation.</summary>
    public int FreeFactor;
}
