using CsCheck;
using Palimpsest.Testing.Recordings;
using Palimpsest.Traces.Perfetto;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests.Perfetto;

/// <summary>An event's message, by the numbers of its fields or by their names, says what the kernel's event says.</summary>
public sealed class MessageLayoutTests
{
    private static readonly (string, uint)[] AllocFields = [("gfp_flags", 1), ("migratetype", 2), ("order", 3), ("page", 4), ("pfn", 5)];

    private readonly GfpSetTable _gfpSets = new(GfpBits.Of("6.1.0", []));

    [Fact]
    public void FieldsAreFoundByTheirNumbersInAnyOrder()
    {
        byte[] message = new MessageWriter().Number(5, 0x4656f).Number(9, 1).Number(3, 4).Number(1, 0xcc0).Number(2, 1).ToArray();
        TraceEvent item = default;

        Assert.True(Layout("mm_page_alloc", AllocFields).TryDecode(message, _gfpSets, ref item, out string? complaint), complaint);
        Assert.Equal((TraceEventKind.Allocate, 0x4656fUL, 4, 1), (item.Kind, item.Pfn.Value, item.Order, item.MigrateType));
        Assert.Equal(GfpFlags.KernelDefault, _gfpSets.Sets[item.Gfp]);
    }

    [Fact]
    public void NamedFieldsSayTheSame() =>
        Law.Holds(Gen.Select(Gen.ULong[0, 1UL << 36], Gen.ULong[0, 10], Gen.ULong[0, 5], Gen.ULong[0, 0xffff]), 200, drawn =>
        {
            (ulong pfn, ulong order, ulong migrateType, ulong gfp) = drawn;
            byte[] numbered = new MessageWriter().Number(5, pfn).Number(3, order).Number(1, gfp).Number(2, migrateType).ToArray();
            MessageWriter named = new();
            named.Text(1, "mm_page_alloc");
            foreach ((string name, ulong value) in new[] { ("pfn", pfn), ("order", order), ("gfp_flags", gfp), (
                "migratetype", migrateType) })
            {
                named.Message(2, field => field.Text(1, name).Number(5, value));
            }

            GfpSetTable gfpSets = new(GfpBits.Of("6.1.0", []));
            TraceEvent first = default;
            TraceEvent second = default;
            Assert.True(Layout("mm_page_alloc", AllocFields).TryDecode(numbered, gfpSets, ref first, out _));
            Assert.True(Layout("mm_page_alloc", []).TryDecodeNamed(named.ToArray(), gfpSets, ref second, out _));
            Assert.Equal(first, second);
        });

    [Theory]
    [InlineData(5u, "pfn")]
    [InlineData(3u, "order")]
    [InlineData(1u, "gfp_flags")]
    [InlineData(2u, "migratetype")]
    public void AFieldThatIsMissingIsNotZero(uint missing, string name)
    {
        MessageWriter message = new();
        foreach (uint field in new uint[] { 5, 3, 1, 2 }.Where(field => field != missing))
        {
            message.Number(field, 1);
        }

        TraceEvent item = default;
        Assert.False(Layout("mm_page_alloc", AllocFields).TryDecode(message.ToArray(), _gfpSets, ref item, out string? complaint));
        Assert.Equal($"mm_page_alloc of this kernel has no field {name}; give the text of /sys/kernel/tracing/trace instead", complaint);
    }

    [Fact]
    public void AnEventThatIsOnlyCountedNeedsNothing()
    {
        MessageLayout layout = Layout("sched_switch", []);
        TraceEvent item = default;

        Assert.False(layout.IsKept);
        Assert.Equal(7, layout.Slot);
        Assert.False(layout.TryDecode([], _gfpSets, ref item, out string? complaint));
        Assert.Null(complaint);
    }

    [Fact]
    public void WhatBreaksOffIsComplainedOf()
    {
        byte[] message = new MessageWriter().Number(5, 0x4656f).Text(9, "text").ToArray();
        TraceEvent item = default;

        Assert.False(Layout("mm_page_free_batched", [("pfn", 5)]).TryDecode(message.AsSpan(0, message.Length - 1), _gfpSets, ref item,
            out string? complaint));
        Assert.Equal("an event's fields do not fit into it; the file is damaged, copy it again", complaint);
    }

    [Fact]
    public void AnyBytesAreAnEventOrAComplaint() => Law.Holds(Gen.Byte.Array[0, 40], 2_000, message =>
    {
        TraceEvent item = default;
        bool isRead = Layout("mm_page_free", [("pfn", 1), ("order", 2)]).TryDecode(message, _gfpSets, ref item, out string? complaint);

        Assert.Equal(!isRead, complaint is not null);
        Assert.True(item.Order < 64 || !isRead);
    });

    private static MessageLayout Layout(string name, (string, uint)[] fields) => new(name, slot: 7, fields);
}
