using System.Globalization;
using System.Text;
using Palimpsest.Kernel;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Testing.Recordings;

/// <summary>
/// Recordings written as short lines: "alloc 40010", "alloc 40010 order=2", "alloc 40010 tagged", "free 40010",
/// "batched 40010", "kept 40010", "compacting 0", "cma 40000 512", "leaving 40010", "moved 40010 tagged",
/// "isolated 40000 512", "mapped 40010 tagged".
/// One millisecond passes between lines.
/// </summary>
public static class Recording
{
    public static readonly MemoryLayout Layout = MemoryLayout.For(MemoryBoard.Flat(64 << 20, PageGeometry.Page4K), PageGeometry.Page4K);

    public static Trace Of(params string[] lines)
    {
        StringBuilder text = new("# tracer: nop\n#\n");
        for (int index = 0; index < lines.Length; index++)
        {
            string[] words = lines[index].Split(' ');
            text.Append(CultureInfo.InvariantCulture,
                $"            init-1       [{(words.Contains("cpu1") ? 1 : 0):d3}] .....   100.{index:d3}000: {Payload(words)}\n");
        }

        // Every recording needs an allocation to be taken for one of the page allocator.
        text.Append("            init-1       [000] .....   101.000000: mm_page_alloc: page=00000000c3b0c4fd pfn=0x43fff order=0 "
            + "migratetype=0 gfp_flags=GFP_KERNEL\n");
        return TraceFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())), "recording");
    }

    public static Workload Workload(params string[] lines) => Workload(TagSource.Flag, lines);

    public static Workload Workload(TagSource source, params string[] lines) =>
        WorkloadBuilder.Build(Of(lines), Layout, new WorkloadOptions(source));

    public static int Name(int pfn) => Layout.FrameOf(new Pfn((ulong)pfn));

    private static string Payload(string[] words)
    {
        string order = words.FirstOrDefault(word => word.StartsWith("order=", StringComparison.Ordinal)) ?? "order=0";
        string place = $"page=00000000c3b0c4fd pfn=0x{words[1]} {order}";
        string gfp = words.Contains("tagged")
            ? "GFP_HIGHUSER_MOVABLE|__GFP_ZERO|__GFP_ZEROTAGS"
            : words.Contains("zeroed")
            ? "GFP_HIGHUSER_MOVABLE|__GFP_ZERO"
            : words.Contains("kernel")
            ? "GFP_KERNEL"
            : "GFP_HIGHUSER_MOVABLE";
        return words[0] switch
        {
            "alloc" => $"mm_page_alloc: {place} migratetype=1 gfp_flags={gfp}",
            "failed" => "mm_page_alloc: page=0000000000000000 pfn=0x0 order=0 migratetype=1 gfp_flags=GFP_NOWAIT|__GFP_NOWARN",
            "free" => $"mm_page_free: {place}",
            "batched" => $"mm_page_free_batched: {place}",
            "kept" => $"mts_mark: pfn=0x{words[1]} nr=1 missing=1",
            "compacting" => "mm_migrate_pages_start: mode=MIGRATE_SYNC_LIGHT reason=compaction",
            "cma" => $"cma_alloc_finish: name=linux,cma pfn=0x{words[1]} page=00000000c3b0c4fd count={words[2]} align=0",
            "leaving" => $"set_migration_pte: addr=ffff8000, "
                + $"pte={ulong.Parse(words[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) << 8:x} order=0",
            "isolated" => $"mm_compaction_isolate_freepages: range=(0x{words[1]} ~ 0x{words[1]}) nr_scanned={words[2]} nr_taken={words[2]}",
            "mapped" => $"k_mte_sync_tags: (mte_sync_tags+0x0/0x1dc) a=0x0 b=0x{Entry(words) | (words.Contains("huge") ? 1UL : 3):x}",
            "moved" => $"remove_migration_pte: addr=ffff8000, pte={Entry(words):x} order=0",
            _ => throw new ArgumentException(words[0]),
        };
    }

    private static ulong Entry(string[] words) =>
        (ulong.Parse(words[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) << 12) | (words.Contains("tagged") ? 1UL << 2 : 0);
}
