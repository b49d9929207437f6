using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Palimpsest.Traces.Records;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests.Records;

/// <summary>Formats of events, as tracefs has them: names, numbers, fields, tables; and records that they describe.</summary>
public sealed class EventFormatTests
{
    private const string Common = "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
        + "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n";

    private const string Alloc = "name: mm_page_alloc\nID: 653\nformat:\n" + Common
        + "\tfield:unsigned long pfn;\toffset:8;\tsize:8;\tsigned:0;\n\tfield:unsigned int order;\toffset:16;\tsize:4;\tsigned:0;\n"
        + "\tfield:unsigned long gfp_flags;\toffset:24;\tsize:8;\tsigned:0;\n\tfield:int migratetype;\toffset:32;\tsize:4;\tsigned:1;\n"
        + "\nprint fmt: \"%s\", __print_flags(REC->gfp_flags, \"|\", {(unsigned long)0x1000, \"GFP_KERNEL\"}, {1 << 3, \"__GFP_ZERO\"})\n";

    [Fact]
    public void AFormatHasItsNameItsNumberAndItsFields()
    {
        EventFormat format = EventFormat.Parse(Alloc)!;

        Assert.Equal(("mm_page_alloc", 653), (format.Name, format.Id));
        Assert.Equal(new RecordField(8, 8, IsSigned: false), format.Field("pfn"));
        Assert.Equal(new RecordField(32, 4, IsSigned: true), format.Field("migratetype"));
        Assert.Equal(new RecordField(4, 4, IsSigned: true), format.Field("common_pid"));
        Assert.False(format.Field("nothing").Exists);
        Assert.StartsWith(" \"%s\", __print_flags", format.Print, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ID: 7\nformat:\n")]
    [InlineData("name: x\nformat:\n")]
    [InlineData("name: x\nID: 70000\nformat:\n")]
    [InlineData("name: x\nID: seven\nformat:\n")]
    [InlineData("")]
    public void WhatHasNoNameOrNoNumberIsNoFormat(string text) => Assert.Null(EventFormat.Parse(text));

    [Theory]
    [InlineData("\tfield:char comm[16];\toffset:8;\tsize:16;\tsigned:0;", "comm[16]")]
    [InlineData("\tfield:char comm[8];\toffset:8;\tsize:8;\tsigned:0;", "comm[8]")]
    [InlineData("\tfield:int odd;\toffset:8;\tsize:3;\tsigned:0;", "odd")]
    [InlineData("\tfield:int far;\toffset:99999;\tsize:4;\tsigned:0;", "far")]
    [InlineData("\tfield:int cut;\toffset:8;", "cut")]
    [InlineData("\tfeld:int wrong;\toffset:8;\tsize:4;\tsigned:0;", "wrong")]
    public void AFieldThatIsNoNumberIsLeftOut(string line, string name) =>
        Assert.False(EventFormat.Parse($"name: x\nID: 1\nformat:\n{line}\n")!.Field(name).Exists);

    [Fact]
    public void APointerIsCalledByItsNameAlone() => Assert.True(
        EventFormat.Parse("name: x\nID: 1\nformat:\n\tfield:const char *page;\toffset:8;\tsize:8;\tsigned:0;\n")!.Field("page").Exists);

    [Fact]
    public void TheFirstOfTwoFieldsOfOneNameCounts()
    {
        static string Field(int offset) => $"\tfield:int a;\toffset:{offset};\tsize:4;\tsigned:0;\n";
        EventFormat format = EventFormat.Parse($"name: x\nID: 1\nformat:\n{Field(8)}{Field(12)}")!;

        Assert.Equal(8, format.Field("a").Offset);
    }

    [Fact]
    public void AFieldIsReadWithItsSignFromItsPlace() => Law.Holds(
        Gen.Select(Gen.ULong, Gen.Int[0, 3], Gen.Int[0, 12], Gen.Bool), 500, drawn =>
    {
        (ulong value, int power, int offset, bool isSigned) = drawn;
        int size = 1 << power;
        byte[] record = new byte[24];
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        bytes.AsSpan(0, size).CopyTo(record.AsSpan(offset));
        int unused = 64 - (8 * size);
        ulong expected = isSigned ? (ulong)((long)(value << unused) >> unused) : (value << unused) >> unused;

        Assert.Equal(expected, new RecordField(offset, size, isSigned).Read(record));
    });

    [Fact]
    public void AFieldThatDoesNotExistIsZero() => Assert.Equal(0UL, default(RecordField).Read([1, 2, 3]));

    [Theory]
    [InlineData("__print_flags(REC->gfp_flags, \"|\", {1, \"A\"}, {0x10, \"B\"})", "1 A, 16 B")]
    [InlineData("__print_flags(REC->gfp_flags, \"|\", {(unsigned long)(1 | 2), \"A\"},{ 1UL << 4 , \"B\" })", "3 A, 16 B")]
    [InlineData("__print_flags(REC->gfp_flags, \"|\", {UNKNOWN, \"A\"}, {2, \"B\"})", "2 B")]
    [InlineData("__print_flags(REC->other, \"|\", {1, \"A\"})", "")]
    [InlineData("__print_symbolic(REC->gfp_flags, {1, \"A\"})", "")]
    [InlineData("__print_flags(REC->gfp_flags, \"|\", {1, \"A\"}), __print_flags(REC->other, \"|\", {2, \"B\"})", "1 A")]
    [InlineData("__print_flags(REC->gfp_flags, \"|\", {1, \"A\"", "")]
    [InlineData("__print_flags(REC->gfp_flags, \"|\", {1}", "")]
    public void ATableIsNumbersAndTheirNames(string print, string entries) => Assert.Equal(
        entries, string.Join(", ", PrintTable.Find(print, "__print_flags", "gfp_flags").Select(entry => $"{entry.Value} {entry.Name}")));

    [Fact]
    public void ARecordIsReadByItsFormat()
    {
        TraceBuilder trace = new(new TraceReadOptions { KernelRelease = "6.1.0" });
        RecordTable table = new(trace);
        table.Add(EventFormat.Parse(Alloc)!);
        trace.GfpSets.Bits = GfpBits.Of("6.1.0", table.GfpNames);
        byte[] record = Record(653, pid: 42, pfn: 0x4656f, order: 3, gfp: 0x1008, migrateType: 2);
        TraceEvent item = default;

        Assert.True(table.TryDecode(record, ref item, out int slot, out string? complaint), complaint);
        Assert.Equal((653, 42), (RecordTable.NumberOf(record), RecordTable.ThreadOf(record)));
        Assert.Equal((TraceEventKind.Allocate, 0x4656fUL, 3, 2), (item.Kind, item.Pfn.Value, item.Order, item.MigrateType));
        Assert.Equal(GfpFlags.KernelDefault | GfpFlags.Zero, trace.GfpSets.Sets[item.Gfp]);
        Assert.Equal("mm_page_alloc", trace.Tally.NameOf(slot));
    }

    [Fact]
    public void ARecordThatIsShorterThanItsFormatIsComplainedOf()
    {
        RecordTable table = new(new TraceBuilder(options: null));
        table.Add(EventFormat.Parse(Alloc)!);
        TraceEvent item = default;

        Assert.False(table.TryDecode(Record(653, 1, 1, 0, 0, 0).AsSpan(0, 35), ref item, out _, out string? complaint));
        Assert.Equal("mm_page_alloc has 35 bytes, fewer than its format says; the file is damaged, copy it again", complaint);
    }

    [Fact]
    public void AnEventWithoutAFormatIsCountedUnderItsNumber()
    {
        TraceBuilder trace = new(options: null);
        RecordTable table = new(trace);
        TraceEvent item = default;

        Assert.False(table.TryDecode(Record(77, 1, 1, 0, 0, 0), ref item, out int first, out string? complaint));
        Assert.False(table.TryDecode(Record(77, 1, 1, 0, 0, 0), ref item, out int second, out _));
        Assert.Null(complaint);
        Assert.Equal(first, second);
        Assert.Equal("(event 77 without a format)", trace.Tally.NameOf(first));
    }

    [Fact]
    public void AMarkIsCalledAsTheKernelCallsIt()
    {
        TraceBuilder trace = new(options: null);
        RecordTable table = new(trace);
        table.Add(EventFormat.Parse("name: print\nID: 5\nformat:\n" + Common)!);
        TraceEvent item = default;
        table.TryDecode(Record(5, 1, 0, 0, 0, 0), ref item, out int slot, out _);

        Assert.Equal("tracing_mark_write", trace.Tally.NameOf(slot));
    }

    [Fact]
    public void ThePartsInWhichARecordingIsDescribedAreReadOneAfterTheOther()
    {
        MemoryStream bytes = new();
        BinaryWriter writer = new(bytes);
        Named(writer, "header_page", "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
            + "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n");
        Named(writer, "header_event", "anything");
        writer.Write(1);
        writer.Write("kmem\0"u8);
        writer.Write(1);
        Sized(writer, Alloc);
        Sized(writer, "1 init\n77 a name of words\nno number\n0 zero\n");
        bytes.Position = 0;
        RecordTable records = new(new TraceBuilder(options: null));
        TracingHeader header = new(records);
        ByteCursor at = new(new RandomBytes(bytes, "made-up"), 0);
        header.ReadPages(at);
        header.ReadSystems(at);
        header.ReadCommands(at);

        Assert.Equal(16, header.PageHeaderBytes);
        Assert.Equal(0, at.Remaining);
        Assert.Equal(["init", "a name of words", "<idle>", "<...>"], new[] { 1, 77, 0, 78 }.Select(header.CommOf));
        Assert.Equal([(0x1000UL, "GFP_KERNEL"), (8UL, "__GFP_ZERO")], records.GfpNames);
    }

    private static byte[] Record(ushort number, int pid, ulong pfn, uint order, ulong gfp, int migrateType)
    {
        byte[] record = new byte[36];
        BinaryPrimitives.WriteUInt16LittleEndian(record, number);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), pid);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(8), pfn);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(16), order);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(24), gfp);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(32), migrateType);
        return record;
    }

    private static void Named(BinaryWriter writer, string name, string text)
    {
        writer.Write(Encoding.ASCII.GetBytes(name + "\0"));
        Sized(writer, text);
    }

    private static void Sized(BinaryWriter writer, string text)
    {
        writer.Write((long)text.Length);
        writer.Write(Encoding.ASCII.GetBytes(text));
    }
}
