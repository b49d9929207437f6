using System.Text;
using CsCheck;
using Palimpsest.Traces.FtraceText;
using Palimpsest.Traces.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests;

/// <summary>A binary recording and the kernel's text of it say the same: for every kind of event and whatever numbers.</summary>
public sealed class PayloadLaws
{
    private static readonly Gen<Numbers> Drawn = Gen.Select(Gen.ULong[0, (1UL << 36) - 1], Gen.Int[0, 10], Gen.Int[0, 6],
        Gen.OneOf(Gen.Int[0, 1], Gen.Int[0, 1 << 20]), Gen.Int[0, 1 << 16],
        (pfn, order, migrateType, count, flags) => new Numbers(pfn, order, migrateType, count, flags));

    [Theory]
    [InlineData("mm_page_alloc")]
    [InlineData("mm_page_free")]
    [InlineData("mm_page_free_batched")]
    [InlineData("mm_page_alloc_zone_locked")]
    [InlineData("mm_page_pcpu_drain")]
    [InlineData("mm_page_alloc_extfrag")]
    [InlineData("cma_alloc_finish")]
    [InlineData("cma_release")]
    [InlineData("set_migration_pte")]
    [InlineData("remove_migration_pte")]
    [InlineData("mm_migrate_pages_start")]
    [InlineData("test_pages_isolated")]
    [InlineData("mm_compaction_isolate_freepages")]
    [InlineData("k_mte_sync_tags")]
    public void TheTextSaysWhatTheNumbersSay(string name) => Law.Holds(Drawn, 200, numbers =>
    {
        string? text = FromText(name, numbers);
        string? number = FromNumbers(name, numbers);

        Assert.Equal(number, text);
    });

    private static string? FromText(string name, Numbers numbers)
    {
        GfpSetTable gfpSets = new(GfpBits.Of("6.1.0", []));
        TextPosition position = new("text");
        TraceEvent item = new() { Kind = EventKinds.Of(Encoding.ASCII.GetBytes(name))!.Value };
        PayloadFields fields = new(Encoding.ASCII.GetBytes(name), Encoding.ASCII.GetBytes(Payload(name, numbers)), position);
        return new EventDecoder(gfpSets, position).TryDecode(fields, ref item) ? Said(item, gfpSets) : null;
    }

    private static string? FromNumbers(string name, Numbers numbers)
    {
        GfpSetTable gfpSets = new(GfpBits.Of("6.1.0", []));
        EventMeaning meaning = new(name, EventKinds.Of(Encoding.ASCII.GetBytes(name)));
        EventValues values = default;
        foreach ((EventRole role, string field) in meaning.Fields)
        {
            values[(int)role] = Value(field, numbers);
        }

        TraceEvent item = default;
        bool isKept = meaning.TryDecode(values, hasCount: true, gfpSets, ref item, out string? complaint);
        Assert.Null(complaint);
        return isKept ? Said(item, gfpSets) : null;
    }

    private static ulong Value(string field, Numbers numbers) => field switch
    {
        "pfn" or "start_pfn" => numbers.Pfn,
        "order" or "alloc_order" => (ulong)numbers.Order,
        "migratetype" or "alloc_migratetype" => (ulong)numbers.MigrateType,
        "gfp_flags" => (ulong)numbers.Flags,
        "fallback_migratetype" => 1,
        "percpu_refill" => (ulong)(numbers.Count & 1),
        "count" or "nr_taken" => (ulong)numbers.Count,
        "reason" => (ulong)(numbers.Order % 8),
        "fin_pfn" => numbers.Pfn + (ulong)numbers.Flags,
        "end_pfn" => numbers.Pfn + (ulong)numbers.Count,
        "pte" => numbers.Entry,
        "a" => (ulong)numbers.Count,
        "b" => numbers.Entry,
        _ => throw new ArgumentException(field),
    };

    // As include/trace/events prints them in 6.1.
    private static string Payload(string name, Numbers n) => name switch
    {
        "mm_page_alloc" => $"page=0000000012345678 pfn=0x{n.Pfn:x} order={n.Order} migratetype={n.MigrateType} gfp_flags=0x{n.Flags:x}",
        "mm_page_free" => $"page=0000000012345678 pfn=0x{n.Pfn:x} order={n.Order}",
        "mm_page_free_batched" => $"page=0000000012345678 pfn=0x{n.Pfn:x} order=0",
        "mm_page_alloc_zone_locked" =>
            $"page=0000000012345678 pfn=0x{n.Pfn:x} order={n.Order} migratetype={n.MigrateType} percpu_refill={n.Count & 1}",
        "mm_page_pcpu_drain" => $"page=0000000012345678 pfn=0x{n.Pfn:x} order={n.Order} migratetype={n.MigrateType}",
        "mm_page_alloc_extfrag" => $"page=0000000012345678 pfn=0x{n.Pfn:x} alloc_order={n.Order} fallback_order=10 pageblock_order=9 "
            + $"alloc_migratetype={n.MigrateType} fallback_migratetype=1 fragmenting=1 change_ownership=0",
        "cma_alloc_finish" => $"name=reserved pfn=0x{n.Pfn:x} page=0000000012345678 count={n.Count} align=0 errorno=0",
        "cma_release" => $"name=reserved pfn=0x{n.Pfn:x} page=0000000012345678 count={n.Count}",
        "set_migration_pte" or "remove_migration_pte" => $"addr=ffff0000, pte={n.Entry:x} order={n.Order}",
        "mm_migrate_pages_start" =>
            $"mode=MIGRATE_SYNC reason={(n.Order % 8) switch { 6 => "contig_range", 0 => "compaction", _ => "syscall" }}",
        "test_pages_isolated" => $"start_pfn=0x{n.Pfn:x} end_pfn=0x{n.Pfn + (ulong)n.Count:x} fin_pfn=0x{n.Pfn + (ulong)n.Flags:x} "
            + $"ret={(n.Count <= n.Flags ? "success" : "fail")}",
        "mm_compaction_isolate_freepages" => $"range=(0x{n.Pfn:x} ~ 0x{n.Pfn + 512:x}) nr_scanned=512 nr_taken={n.Count}",
        _ => $"(mte_sync_tags+0x0/0x1dc) a=0x{n.Count:x} b=0x{n.Entry:x}",
    };

    private static string Said(in TraceEvent item, GfpSetTable gfpSets) =>
        $"{item.Kind} {item.Pfn.Value:x} {item.Order} {item.MigrateType} {item.Value} "
            + $"{(item.Kind == TraceEventKind.Allocate ? GfpNames.TextOf(gfpSets.Sets[item.Gfp]) : "")}";

    private sealed record Numbers(ulong Pfn, int Order, int MigrateType, int Count, int Flags)
    {
        /// <summary>An entry of a page table, of a page that is tagged in half of all cases.</summary>
        public ulong Entry => ((Pfn & 0xfffffff) << 12) | 3 | ((ulong)(Flags & 1) << 2);
    }
}
