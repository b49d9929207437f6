using Palimpsest.Kernel.Events;
using Palimpsest.Traces;
using Palimpsest.Traces.Writing;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Recordings;

/// <summary>
/// How a trace.dat declares what the model does: the kernel's tracepoints under the kernel's names with the fields that our
/// readers and trace-cmd ask for (include/trace/events/kmem.h and cma.h, 6.1), ours under the system palimpsest.
/// </summary>
internal static class ModelFormats
{
    private static readonly EventField _pfn = new("unsigned long pfn", 8, IsSigned: false);
    private static readonly EventField _order = new("unsigned int order", 4, IsSigned: false);
    private static readonly EventField _type = new("int migratetype", 4, IsSigned: true);
    private static readonly EventField _count = new("unsigned long count", 8, IsSigned: false);

    public static IReadOnlyList<EventFormat> All { get; } =
    [
        new("kmem", "mm_page_alloc", 101, [_pfn, _order, new("unsigned long gfp_flags", 8, IsSigned: false), _type],
            "\"pfn=0x%lx order=%d migratetype=%d gfp_flags=%s\", REC->pfn, REC->order, REC->migratetype, " + GfpText),
        new("kmem", "mm_page_free", 102, [_pfn, _order], "\"pfn=0x%lx order=%d\", REC->pfn, REC->order"),
        new("kmem", "mm_page_alloc_zone_locked", 103, [_pfn, _order, _type, new("int percpu_refill", 4, IsSigned: true)],
            "\"pfn=0x%lx order=%u migratetype=%d percpu_refill=%d\", REC->pfn, REC->order, REC->migratetype, REC->percpu_refill"),
        new("kmem", "mm_page_pcpu_drain", 104, [_pfn, _order, _type],
            "\"pfn=0x%lx order=%d migratetype=%d\", REC->pfn, REC->order, REC->migratetype"),
        new("kmem", "mm_page_alloc_extfrag", 105,
            [_pfn, new("int alloc_order", 4, IsSigned: true), new("int alloc_migratetype", 4, IsSigned: true)],
            "\"pfn=0x%lx alloc_order=%d alloc_migratetype=%d\", REC->pfn, REC->alloc_order, REC->alloc_migratetype"),
        new("cma", "cma_alloc_finish", 106, [_pfn, _count], "\"pfn=0x%lx count=%lu\", REC->pfn, REC->count"),
        new("vmscan", "mm_vmscan_kswapd_wake", 116, [_order], "\"order=%d\", REC->order"),
        new("vmscan", "mm_vmscan_direct_reclaim_begin", 117, [_order], "\"order=%d\", REC->order"),
        new("palimpsest", "folio_moved", 108, [_pfn, _order, new("unsigned long from", 8, IsSigned: false)],
            "\"pfn=0x%lx order=%d from=0x%lx\", REC->pfn, REC->order, REC->from"),
        Block("tag_block_reserved", 109),
        Block("tag_block_released", 110),
        Page("tag_storage_busy", 111),
        Page("fault_on_access", 112),
        Page("page_tagged", 113),
        Page("page_untagged", 114),
        Page("tag_fault", 115),
    ];

    private static readonly int[] _indices = [.. Enum.GetValues<KernelEventKind>().Select(
        kind => All.Select(format => format.Name).ToList().IndexOf(NameOf(kind)))];

    /// <summary>Which of them tells of an event.</summary>
    public static int IndexOf(KernelEventKind kind) => _indices[(int)kind];

    private static string NameOf(KernelEventKind kind) => kind switch
    {
        KernelEventKind.PageAllocated or KernelEventKind.AllocationFailed => "mm_page_alloc",
        KernelEventKind.PageFreed => "mm_page_free",
        KernelEventKind.ZoneLocked => "mm_page_alloc_zone_locked",
        KernelEventKind.PerCpuDrained => "mm_page_pcpu_drain",
        KernelEventKind.ExternalFragmentation => "mm_page_alloc_extfrag",
        KernelEventKind.RangeAllocated => "cma_alloc_finish",
        KernelEventKind.KswapdWoken => "mm_vmscan_kswapd_wake",
        KernelEventKind.DirectReclaim => "mm_vmscan_direct_reclaim_begin",
        KernelEventKind.FolioMoved => "folio_moved",
        KernelEventKind.BlockReserved => "tag_block_reserved",
        KernelEventKind.BlockReleased => "tag_block_released",
        KernelEventKind.StorageBusy => "tag_storage_busy",
        KernelEventKind.FaultOnAccess => "fault_on_access",
        KernelEventKind.PageTagged => "page_tagged",
        KernelEventKind.PageUntagged => "page_untagged",
        KernelEventKind.TagFault => "tag_fault",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no tracepoint tells of it"),
    };

    // trace-cmd names each bit that the numbers of 6.1 have.
    private static string GfpText =>
        "(REC->gfp_flags) ? __print_flags(REC->gfp_flags, \"|\", "
        + string.Join(", ", Enumerable.Range(0, 28).Select(bit => $"{{ 0x{1 << bit:x}UL, \"{GfpNames.TextOf((GfpFlags)(1u << bit))}\" }}"))
            + ") : \"none\"";

    private static EventFormat Block(string name, ushort id) =>
        new("palimpsest", name, id, [_pfn, _count], "\"pfn=0x%lx count=%lu\", REC->pfn, REC->count");

    private static EventFormat Page(string name, ushort id) =>
        new("palimpsest", name, id, [_pfn, _order], "\"pfn=0x%lx order=%d\", REC->pfn, REC->order");
}
