using CsCheck;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests;

/// <summary>What the numbers of an event say, field by field, and which cannot be.</summary>
public sealed class EventMeaningTests
{
    private const ulong None = ulong.MaxValue;

    private readonly GfpSetTable _gfpSets = new(GfpBits.Of("6.1.0", []));

    [Theory]
    [InlineData("mm_page_alloc", TraceEventKind.Allocate, "pfn order migratetype gfp_flags")]
    [InlineData("mm_page_free", TraceEventKind.Free, "pfn order")]
    [InlineData("mm_page_free_batched", TraceEventKind.FreeBatched, "pfn")]
    [InlineData("mm_page_alloc_zone_locked", TraceEventKind.Refill, "pfn order migratetype percpu_refill")]
    [InlineData("mm_page_pcpu_drain", TraceEventKind.Drain, "pfn order migratetype")]
    [InlineData("mm_page_alloc_extfrag", TraceEventKind.ExternalFragmentation, "pfn alloc_order alloc_migratetype fallback_migratetype")]
    [InlineData("cma_alloc_finish", TraceEventKind.CmaAllocate, "pfn count")]
    [InlineData("cma_release", TraceEventKind.CmaRelease, "pfn count")]
    [InlineData("set_migration_pte", TraceEventKind.MigrationSource, "pte order")]
    [InlineData("remove_migration_pte", TraceEventKind.MigrationTarget, "pte order")]
    [InlineData("mm_migrate_pages_start", TraceEventKind.RangeMigration, "reason")]
    [InlineData("test_pages_isolated", TraceEventKind.RangeIsolated, "start_pfn fin_pfn end_pfn")]
    [InlineData("mm_compaction_isolate_freepages", TraceEventKind.FreeIsolated, "start_pfn nr_taken")]
    [InlineData("my_mte_sync_tags", TraceEventKind.TaggedMapping, "b a")]
    [InlineData("sched_switch", null, "")]
    public void AnEventIsMadeOfTheseFields(string name, TraceEventKind? kind, string fields)
    {
        EventMeaning meaning = Of(name);

        Assert.Equal(kind, EventKinds.Of(System.Text.Encoding.ASCII.GetBytes(name)));
        Assert.Equal(kind is not null, meaning.IsKept);
        Assert.Equal(fields, string.Join(' ', meaning.Fields.Select(field => field.Name)));
    }

    [Fact]
    public void FieldsThatOldKernelsLackAreNotRequired()
    {
        Assert.False(Of("mm_page_alloc_zone_locked").Requires(EventRole.Count));
        Assert.True(Of("mm_page_alloc_zone_locked").Requires(EventRole.Page));
        Assert.False(Of("set_migration_pte").Requires(EventRole.Order));
        Assert.False(Of("remove_migration_pte").Requires(EventRole.Order));
        Assert.True(Of("mm_page_free").Requires(EventRole.Order));
        Assert.True(Of("cma_release").Requires(EventRole.Count));
    }

    [Fact]
    public void AFieldThatIsMissingIsNamedWithWhatToDo() => Assert.Equal(
        "mm_page_free of this kernel has no field order; give the text of /sys/kernel/tracing/trace instead",
        Of("mm_page_free").Lacks("order"));

    [Theory]
    [InlineData("mm_page_free", 0x4656fUL, 3UL, 0UL, 0UL, "Free 4656f order 3")]
    [InlineData("mm_page_free_batched", 0x4656fUL, 0UL, 0UL, 0UL, "FreeBatched 4656f order 0")]
    [InlineData("mm_page_pcpu_drain", 0x4656fUL, 2UL, 1UL, 0UL, "Drain 4656f order 2 type 1")]
    [InlineData("mm_page_alloc_zone_locked", 0x4656fUL, 2UL, 1UL, 1UL, "Refill 4656f order 2 type 1 value 1")]
    [InlineData("mm_page_alloc_zone_locked", None, 2UL, 1UL, 0UL, "Refill 0 order 2 type 1")]
    [InlineData("mm_page_alloc_extfrag", 0x4656fUL, 4UL, 2UL, 1UL, "ExternalFragmentation 4656f order 4 type 2 value 1")]
    [InlineData("cma_alloc_finish", 0x4656fUL, 0UL, 0UL, 512UL, "CmaAllocate 4656f order 0 value 512")]
    [InlineData("cma_alloc_finish", None, 0UL, 0UL, 512UL, "")]
    [InlineData("cma_release", 0x4656fUL, 0UL, 0UL, 512UL, "CmaRelease 4656f order 0 value 512")]
    [InlineData("set_migration_pte", 0x4656f00UL, 1UL, 0UL, 0UL, "MigrationSource 4656f order 1")]
    [InlineData("remove_migration_pte", 0x4656f000UL, 1UL, 0UL, 0UL, "MigrationTarget 4656f order 1")]
    [InlineData("remove_migration_pte", 0x4656f004UL, 1UL, 0UL, 0UL, "MigrationTarget 4656f order 1 value 1")]
    [InlineData("mm_migrate_pages_start", 0UL, 0UL, 0UL, 6UL, "RangeMigration 0 order 0")]
    [InlineData("mm_migrate_pages_start", 0UL, 0UL, 0UL, 2UL, "")]
    [InlineData("mm_migrate_pages_start", 0UL, 0UL, 0UL, 0UL, "CompactionMigration 0 order 0")]
    [InlineData("mm_compaction_isolate_freepages", 0x4000UL, 0UL, 0UL, 64UL, "FreeIsolated 4000 order 0 value 64")]
    [InlineData("mm_compaction_isolate_freepages", 0x4000UL, 0UL, 0UL, 0UL, "")]
    [InlineData("sched_switch", 1UL, 1UL, 1UL, 1UL, "")]
    public void NumbersSay(string name, ulong page, ulong order, ulong migrateType, ulong count, string said)
    {
        TraceEvent item = default;
        bool isKept = Of(name).TryDecode(
            Values(page, order, migrateType, count), hasCount: true, _gfpSets, ref item, out string? complaint);

        Assert.Null(complaint);
        Assert.Equal(said, isKept ? Text(item) : "");
    }

    [Theory]
    [InlineData(0x100UL, 0x300UL, 0x300UL, true, 0x200)]
    [InlineData(0x100UL, 0x300UL, 0x400UL, true, 0x200)]
    [InlineData(0x100UL, 0x300UL, 0x2ffUL, false, 0)]
    [InlineData(0x300UL, 0x300UL, 0x400UL, false, 0)]
    [InlineData(0x400UL, 0x300UL, 0x500UL, false, 0)]
    public void ARangeIsIsolatedWhereTheScanCameToItsEnd(ulong start, ulong end, ulong found, bool isKept, int pages)
    {
        EventValues values = Values(start, 0, 0, found);
        values[(int)EventRole.End] = end;
        TraceEvent item = default;

        Assert.Equal(isKept, Of("test_pages_isolated").TryDecode(values, hasCount: true, _gfpSets, ref item, out _));
        if (isKept)
        {
            Assert.Equal((start, pages), (item.Pfn.Value, item.Value));
        }
    }

    [Theory]
    [InlineData(0UL, 1)]
    [InlineData(3UL, 0)]
    public void WithoutTheFieldARefillOfOnePageIsForAPerCpuList(ulong order, int value)
    {
        TraceEvent item = default;
        Assert.True(Of("mm_page_alloc_zone_locked").TryDecode(Values(7, order, 0, 0), hasCount: false, _gfpSets, ref item, out _));

        Assert.Equal(value, item.Value);
    }

    [Fact]
    public void ARecordingMayNumberItsReasonsOtherwise()
    {
        EventMeaning meaning = new("mm_migrate_pages_start", TraceEventKind.RangeMigration, contigRange: 2);
        TraceEvent item = default;

        Assert.True(meaning.TryDecode(Values(0, 0, 0, 2), hasCount: true, _gfpSets, ref item, out _));
        Assert.False(meaning.TryDecode(Values(0, 0, 0, 6), hasCount: true, _gfpSets, ref item, out _));
    }

    [Fact]
    public void AnAllocationHasItsFlagsAndOneWithoutAPageHasFailed()
    {
        EventValues values = Values(0x4656f, 9, 2, 0);
        values[(int)EventRole.Gfp] = 0xcc0;
        TraceEvent item = default;
        Assert.True(Of("mm_page_alloc").TryDecode(values, hasCount: false, _gfpSets, ref item, out _));
        Assert.Equal("Allocate 4656f order 9 type 2", Text(item));
        Assert.Equal(GfpFlags.KernelDefault, _gfpSets.Sets[item.Gfp]);

        values[(int)EventRole.Page] = None;
        Assert.True(Of("mm_page_alloc").TryDecode(values, hasCount: false, _gfpSets, ref item, out _));
        Assert.Equal("AllocateFailed 0 order 9 type 2", Text(item));
    }

    [Theory]
    [InlineData("mm_page_free", 1UL << 40, 0UL, 0UL, 0UL, "mm_page_free names pfn 0x10000000000, more than 0xffffffffff")]
    [InlineData("mm_page_free", 1UL, 64UL, 0UL, 0UL, "mm_page_free has order 64 and migratetype 0, which no kernel has")]
    [InlineData("mm_page_pcpu_drain", 1UL, 0UL, 256UL, 0UL, "mm_page_pcpu_drain has order 0 and migratetype 256, which no kernel has")]
    [InlineData("cma_release", 1UL, 0UL, 0UL, 1UL << 31, "cma_release counts 2147483648 pages, more than 2147483647")]
    public void ANumberThatCannotBeIsComplainedOf(string name, ulong page, ulong order, ulong migrateType, ulong count, string complaint)
    {
        TraceEvent item = default;
        Assert.False(
            Of(name).TryDecode(Values(page, order, migrateType, count), hasCount: true, _gfpSets, ref item, out string? told));

        Assert.Equal(complaint + "; the file is damaged, copy it again", told);
    }

    [Fact]
    public void WhateverTheNumbersAreAnEventIsKeptDroppedOrComplainedOfAndNeverWrong() =>
        Law.Holds(Gen.Select(Gen.Int[0, Names.Length - 1], Gen.ULong, Gen.ULong[0, 80], Gen.ULong[0, 300], Gen.ULong), 3_000, drawn =>
        {
            (int name, ulong page, ulong order, ulong migrateType, ulong count) = drawn;
            TraceEvent item = default;
            bool isKept = Of(Names[name]).TryDecode(
                Values(page, order, migrateType, count), hasCount: true, new GfpSetTable(GfpBits.Assumed),
                ref item, out string? complaint);

            Assert.False(isKept && complaint is not null, complaint);
            if (isKept)
            {
                Assert.True(item.Pfn.Value <= Pfn.MaxValue && item.Order < 64 && item.Value >= 0, Text(item));
                Assert.Equal((order, migrateType), (item.Order, item.MigrateType));
            }
        });

    private static string[] Names => [.. Enum.GetValues<TraceEventKind>().Select(EventKinds.NameOf).Where(name => name.Length > 0)
        .Concat(["set_migration_pte", "remove_migration_pte", "mm_migrate_pages_start", "test_pages_isolated"])];

    private static EventMeaning Of(string name) => new(name, EventKinds.Of(System.Text.Encoding.ASCII.GetBytes(name)));

    private static EventValues Values(ulong page, ulong order, ulong migrateType, ulong count)
    {
        EventValues values = default;
        values[(int)EventRole.Page] = page;
        values[(int)EventRole.Order] = order;
        values[(int)EventRole.MigrateType] = migrateType;
        values[(int)EventRole.Count] = count;
        return values;
    }

    private static string Text(in TraceEvent item) => $"{item.Kind} {item.Pfn.Value:x} order {item.Order}"
        + $"{(item.MigrateType > 0 ? $" type {item.MigrateType}" : "")}{(item.Value > 0 ? $" value {item.Value}" : "")}";
}
