using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator;

/// <summary>The per-CPU page lists of one CPU in one zone (struct per_cpu_pages, mm/page_alloc.c, 6.1).</summary>
internal sealed class PerCpuPages(int firstList)
{
    /// <summary>Three types for each order 0..3, and one list for huge pages.</summary>
    public const int Lists = MigrateTypes.PerCpuCount * (Order.Costly + 1) + 1;

    private const int HugeList = Lists - 1;

    public int Count { get; set; }

    public int High { get; set; }

    /// <summary>Boot page sets have batch 1 and high 0: they never keep a page.</summary>
    public int Batch { get; set; } = 1;

    /// <summary>Doubles the number freed at once while frees follow frees; halved by each allocation.</summary>
    public int FreeFactor { get; set; }

    public int ListOf(int index) => firstList + index;

    public static bool Holds(int order, int pageBlockOrder) => order <= Order.Costly || order == pageBlockOrder;

    public static int Index(MigrateType type, int order) =>
        order > Order.Costly ? HugeList : MigrateTypes.PerCpuCount * order + (int)type;

    public static int OrderOf(int index, int pageBlockOrder) =>
        index == HugeList ? pageBlockOrder : index / MigrateTypes.PerCpuCount;
}
