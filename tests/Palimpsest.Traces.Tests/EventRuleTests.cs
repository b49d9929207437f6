using System.Text;
using Palimpsest.Traces.FtraceText;
using Palimpsest.Traces.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests;

/// <summary>The small rules by which an event's text and numbers are understood.</summary>
public sealed class EventRuleTests
{
    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    [Theory]
    [InlineData("mm_page_alloc", TraceEventKind.Allocate)]
    [InlineData("mm_page_free", TraceEventKind.Free)]
    [InlineData("mm_page_free_batched", TraceEventKind.FreeBatched)]
    [InlineData("mm_page_alloc_zone_locked", TraceEventKind.Refill)]
    [InlineData("mm_page_pcpu_drain", TraceEventKind.Drain)]
    [InlineData("mm_page_alloc_extfrag", TraceEventKind.ExternalFragmentation)]
    [InlineData("cma_alloc_finish", TraceEventKind.CmaAllocate)]
    [InlineData("cma_alloc", TraceEventKind.CmaAllocate)]
    [InlineData("cma_release", TraceEventKind.CmaRelease)]
    [InlineData("set_migration_pte", TraceEventKind.MigrationSource)]
    [InlineData("remove_migration_pte", TraceEventKind.MigrationTarget)]
    [InlineData("k_mte_sync_tags", TraceEventKind.TaggedMapping)]
    [InlineData("cma_alloc_start", null)]
    [InlineData("mm_page_allo", null)]
    [InlineData("sched_switch", null)]
    public void AKindIsToldByTheKernelsNames(string name, TraceEventKind? kind) => Assert.Equal(kind, EventKinds.Of(Bytes(name)));

    [Fact]
    public void TheNameOfAKindStandsForIt() => Assert.All(
        Enum.GetValues<TraceEventKind>().Where(kind => EventKinds.NameOf(kind).Length > 0 && kind != TraceEventKind.AllocateFailed),
        kind => Assert.Equal(kind, EventKinds.Of(Bytes(EventKinds.NameOf(kind)))));

    // Bits 4:2 of an entry are the attribute, 1 of tagged memory; bits 1:0 are 3 of a page and 1 of a block.
    [Theory]
    [InlineData(0x0UL, 0x40123007UL, true, 0x40123UL, 1)]
    [InlineData(0x40123003UL, 0x40123007UL, true, 0x40123UL, 1)]
    [InlineData(0x40123007UL, 4UL, true, 0x40123UL, 4)]
    [InlineData(0x40200005UL, 0UL, true, 0x40200UL, 512)]
    [InlineData(0x0UL, 0x40123003UL, false, 0x40123UL, 1)]
    [InlineData(0x5UL, 0UL, false, 0UL, 512)]
    public void BothFormsOfMteSyncTagsAreUnderstood(ulong a, ulong b, bool isTagged, ulong pfn, int pages)
    {
        TraceEvent item = default;

        Assert.Equal(isTagged, EventKinds.TryReadTaggedMapping(a, b, ref item));
        Assert.Equal((pfn, pages), (item.Pfn.Value, item.Value));
    }

    [Theory]
    [InlineData("mm_page_free: page=0", true, "mm_page_free", "page=0")]
    [InlineData("  kmem_x:   a=1", true, "kmem_x", "a=1")]
    [InlineData("sys_mmap(addr: 0)", true, "sys_mmap", "")]
    [InlineData("sys_mmap -> 0x7f", true, "sys_mmap", "")]
    [InlineData("kfree <-seq_release", true, "function", "")]
    [InlineData("mark: a <-b", true, "mark", "a <-b")]
    [InlineData("9lives: x", false, "9lives", "x")]
    [InlineData("two words: x", false, "two", "")]
    [InlineData("", false, "", "")]
    public void TheNameOfAnEventIsSplitOff(string text, bool isEvent, string name, string payload)
    {
        Assert.Equal(isEvent, EventName.TrySplit(Bytes(text), out ReadOnlySpan<byte> toldName, out ReadOnlySpan<byte> toldPayload));
        Assert.Equal((name, payload), (Encoding.UTF8.GetString(toldName), Encoding.UTF8.GetString(toldPayload)));
    }

    [Theory]
    [InlineData("12", false, 12UL, 2)]
    [InlineData("0x1f rest", false, 0x1fUL, 4)]
    [InlineData("1f", true, 0x1fUL, 2)]
    [InlineData("18446744073709551615", false, ulong.MaxValue, 20)]
    public void NumbersAreReadInBothBases(string text, bool isHex, ulong value, int length)
    {
        Assert.True(TextNumber.TryNumber(Bytes(text), isHex, out ulong read, out int taken));
        Assert.Equal((value, length), (read, taken));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("x")]
    [InlineData("18446744073709551616")]
    public void WhatIsNoNumberIsRefused(string text) => Assert.False(TextNumber.TryNumber(Bytes(text), isHex: false, out _, out _));

    [Fact]
    public void AKeyIsFoundAtItsOwnPlaceOnly()
    {
        PayloadFields fields = Fields("alloc_order=3 order=9 pfn=0x40 pfn=0x41");

        Assert.Equal(9, fields.Order("order"u8));
        Assert.Equal(3UL, fields.Number("alloc_order"u8, 10));
        Assert.Equal(0x40UL, fields.Pfn().Value);
        Assert.True(fields.Has("pfn"u8));
        Assert.False(fields.Has("loc_order"u8));
        Assert.False(fields.Has("rder"u8));
    }

    [Theory]
    [InlineData("order=64", "has order=64, more than 63")]
    [InlineData("order=x", "has order=x, which is not a number")]
    [InlineData("order=3x", "has order=3x, which is not a number")]
    [InlineData("disorder=3", "has no order=")]
    public void AValueThatCannotBeIsRefusedWithItsPlace(string payload, string expected)
    {
        string message = Assert.Throws<InputException>(() => Fields(payload).Order("order"u8)).Message;

        Assert.StartsWith("trace.txt: line 5: ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("page=0000000000000000 pfn=0", true)]
    [InlineData("page=          (null) pfn=0", true)]
    [InlineData("page=(nil)", true)]
    [InlineData("page=0x0 order=1", true)]
    [InlineData("page=00000000c3b0c4fd pfn=0x1", false)]
    [InlineData("pfn=0", false)]
    public void ANullPageIsKnownInAllItsSpellings(string payload, bool isNull) => Assert.Equal(isNull, Fields(payload).HasNullPage());

    private static PayloadFields Fields(string payload) =>
        new("mm_page_alloc"u8, Bytes(payload), new TextPosition("trace.txt") { Line = 5 });
}
