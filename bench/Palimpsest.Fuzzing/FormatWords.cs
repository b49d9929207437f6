using System.Text;

namespace Palimpsest.Fuzzing;

/// <summary>Words of the formats, which a change puts into an input.</summary>
internal static class FormatWords
{
    private const string Events =
        "mm_page_alloc|mm_page_free|mm_page_free_batched|mm_page_alloc_zone_locked|mm_page_pcpu_drain|mm_page_alloc_extfrag|"
        + "cma_alloc_finish|cma_alloc|cma_release|set_migration_pte|remove_migration_pte|"
        + "mm_migrate_pages_start|test_pages_isolated|mm_compaction_isolate_freepages|k_mte_sync_tags";
    private const string Fields =
        "pfn|page|order|migratetype|gfp_flags|percpu_refill|count|reason|start_pfn|fin_pfn|end_pfn|nr_taken|"
        + "pte|alloc_order|alloc_migratetype|a|b|common_pid|common_type";

    private static readonly Dictionary<string, string> _words = new()
    {
        ["ftrace-text"] = Events + "|" + Fields + "|=0x|: |pfn=0x|order=|GFP_KERNEL|__GFP_ZERO|# tracer: nop\n|# tracer: "
            + "function_graph\n|CPU:0 [LOST 5 EVENTS]\n|##### CPU 1 buffer started ####\n|version = 6\n|cpus=2\n|EVENT|\n|[001]| => "
            + "|<stack trace>\n|<...>|(-----)|.....|[LOST EVENTS|MISSED EVENTS|TRACE:\n|<html>|=c000(|\r\n|trace-cmd|[FAILED TO PARSE]| "
            + "9.316274: |kmem:|hex|raw|(nil)|000000007e13c42b",
        ["workload"] = Events + "|pfn=0x40000|order=9|order=10|order=11|order=63|__GFP_ZEROTAGS|__GFP_MOVABLE|GFP_HIGHUSER_MOVABLE|"
            + "pfn=0x0|pfn=0x43fff|nr_taken=|count=|migratetype=|[001]|0xfffffff|\n",
        ["trace-dat"] = Events + "|" + Fields + "|header_page|header_event|flyrecord|options  |latency  "
            + "|tracing6\0|tracing7\0|zstd|zlib|none|\tfield:unsigned long |;\toffset:8;\tsize:8;\tsigned:0;\n|print fmt: |name: |ID: "
            + "|format:\n|__print_symbolic(REC->|__print_flags(|{ |, |}|<<|(1UL << |data_loc|__data_loc char[] name|[16]|[clock]| "
            + "mono|local_t commit|timestamp",
        ["perf-data"] = Events + "|" + Fields + "|PERFILE2|kmem|tracepoint|\tfield:unsigned long "
            + "|;\toffset:8;\tsize:8;\tsigned:0;\n|print fmt: |name: |ID: |format:\n|header_page|\x17\bDtracing0.6",
        ["perfetto"] = Events + "|" + Fields
            + "|\n|\x0a\x02|\x0a\x80\x01|\x08|\x10|\x18|\x22|\x32|\x92\x03|\xff\xff\xff\xff\x0f|\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        ["wrapped"] = "<script class=\"trace-data\"|<script|</script>|>|<!DOCTYPE html>|<html>|TRACE:\n|capturing trace... "
            + "done\n|PK|\r\n|(\xb5/\xfd|\x1f\x8b\x08\0|x\x9c|\x78\x01",
        ["zoneinfo"] = "Node 0, zone   Normal\n|Node |, zone |  pages free |        min |        low |        high |        present |    "
            + "    managed |        cma |      nr_free_cma |              count: |\n|DMA32|Movable|-1|2147483647|4294967295|9999999999",
        ["pagetypeinfo"] = "Page block order: 9\n|Node    0, zone   Normal, type      Movable |Number of blocks type "
            + "|Unmovable|Reclaimable|HighAtomic|CMA|Isolate|>100000|\n|Node 0, zone  Normal |9223372036854775807| 1 2 3 4 5 6 7 8 9 10 "
            + "11 12",
        ["vmstat"] = "pgalloc_normal |pgalloc_dma |pgalloc_movable |\n|576460752303423487|9223372036854775807| -1",
        ["iomem"] = "40000000-bfffffff : System RAM\n|System RAM|Kernel code|Kernel data|reserved|  |-| : "
            + "|\n|ffffffffffffffff|fffffffffffffffe|0|10000000000000|3ffffffffffff",
        ["kernel-log"] =
            "cma: Reserved 64 MiB at 0x|created CMA memory pool at 0x|, size 16 MiB|\n|ffffffffffffffff|1048576|1048577|9999999",
        ["snapshot"] = "\n== zoneinfo\n|\n== pagetypeinfo\n|\n== vmstat\n|\n== iomem\n|\n== dmesg\n|\n== kpageflags\n|\n== "
            + "kpageflags.gz\n|Node 0, zone   Normal\n|  pages free |        present |        managed |        cma |      nr_free_cma |  "
            + "            count: |Node    0, zone   Normal, type      Movable |>100000|2147483647|9223372036854775807|reserved|System "
            + "RAM|Kernel code|\n|created CMA memory pool at 0x|, size 16 MiB",
        ["device-tree"] = 
            "memory@|memory|reg\0|#address-cells\0|#size-cells\0|device_type\0|reserved-memory\0|linux,cma\0|size\0|"
            + "alignment\0|alloc-ranges\0|"
            + "ranges\0|dma-ranges\0|no-map\0|reusable\0|shared-dma-pool\0|tag-storage\0|block-size\0|phandle\0|status\0|okay\0|disabled\0|"
            + "compatible\0|arm,mte-tag-storage\0|"
            + "\0\0\0\u0001|\0\0\0\u0002|\0\0\0\u0003|\0\0\0\u0004|\0\0\0\t",
        ["costs"] = "\"lookupNs\":|\"copyPageNs\":|null|1e999|-1|\"NaN\"|{|}|[|]|,|//|/*|\\ud800|\xff|\"",
        ["schedule"] = "schedule 1 |seed |: |cpu0|*|?|end| |\n|# |*1000000|*999999|?2147483647|18446744073709551615",
    };

    /// <summary>Each character of the text is a byte.</summary>
    public static IReadOnlyList<byte[]> Of(string name) =>
        name == "pieces" ? [.. Of("wrapped"), .. Of("ftrace-text")]
        : _words.TryGetValue(name, out string? words) ? [.. words.Split('|').Select(Encoding.Latin1.GetBytes)]
        : [];
}
