using System.Buffers.Binary;
using Palimpsest.Machine.DeviceTree;
using Palimpsest.Machine.Tests.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Tests.DeviceTree;

/// <summary>A tree is read whole or refused with one line that says where it is damaged.</summary>
public sealed class FlattenedDeviceTreeTests
{
    private const int Version = 20;
    private const int StructureBytes = 36;

    private static NodeSketch Sketch => new NodeSketch("").Text("model", "a board").Child(
        new NodeSketch("soc").Cells("phandle", 7).Child(new NodeSketch("uart@0").Text("compatible", "arm,pl011", "arm,primecell")));

    [Fact]
    public void NodesAndPropertiesAreFoundByName()
    {
        FlattenedDeviceTree tree = Parse(DeviceTreeWriter.Write(Sketch));
        DeviceTreeNode uart = tree.Find("soc", "uart@0")!;
        Assert.Equal("a board", tree.Root.Text("model"));
        Assert.Equal("/soc/uart@0", uart.Path);
        Assert.Equal(2, uart.Depth);
        Assert.True(uart.IsCompatible("arm,primecell"));
        Assert.False(uart.IsCompatible("arm,pl01"));
        Assert.Null(tree.Find("soc", "uart@1"));
    }

    [Theory]
    [InlineData("phandle")]
    [InlineData("linux,phandle")]
    public void PhandlesLeadToTheirNode(string property)
    {
        FlattenedDeviceTree tree = Parse(DeviceTreeWriter.Write(Sketch.Child(new NodeSketch("other").Cells(property, 9))));
        Assert.Equal("/other", tree.FindPhandle(9)!.Path);
        Assert.Equal("/soc", tree.FindPhandle(7)!.Path);
        Assert.Null(tree.FindPhandle(8));
    }

    [Fact]
    public void ReservationsEndAtThePairOfZeros()
    {
        FlattenedDeviceTree tree = Parse(DeviceTreeWriter.Write(Sketch, (0x80000000, 0x10000), (0, 0x1000)));
        Assert.Equal([BoardSketch.Range(0x80000000, 0x10000), BoardSketch.Range(0, 0x1000)], tree.ReservedEntries);
    }

    [Fact]
    public void PaddingAfterTheTreeIsIgnored()
    {
        byte[] padded = new byte[1 << 20];
        DeviceTreeWriter.Write(Sketch).CopyTo(padded, 0);
        Assert.NotNull(Parse(padded).Find("soc"));
    }

    [Fact]
    public void PaddingThatTheTotalSizeIncludesIsIgnored()
    {
        byte[] padded = new byte[1 << 20];
        DeviceTreeWriter.Write(Sketch).CopyTo(padded, 0);
        BinaryPrimitives.WriteUInt32BigEndian(padded.AsSpan(4), 1 << 20);
        Assert.NotNull(Parse(padded).Find("soc"));
    }

    [Fact]
    public void Version16HasNoSizeOfTheStructure()
    {
        byte[] tree = With(DeviceTreeWriter.Write(Sketch), Version, 16);
        Assert.NotNull(Parse(With(tree, StructureBytes, uint.MaxValue)).Find("soc"));
    }

    [Fact]
    public void EmptyTokensAreSkipped()
    {
        Assert.Empty(Parse(Structure(4, 1, 0, 4, 2, 4, 9)).Root.Children);
    }

    [Fact]
    public void AMissingMagicIsRefused() => Refused([1, 2, 3, 4], "byte 0", "magic");

    [Fact]
    public void AnEmptyFileIsRefused() => Refused([], "byte 0", "magic");

    [Fact]
    public void AHeaderCutShortIsRefused() => Refused(DeviceTreeWriter.Write(Sketch)[..20], "byte 20", "header");

    [Fact]
    public void AFileShorterThanItsTotalSizeIsRefused() => Refused(DeviceTreeWriter.Write(Sketch)[..^1], "byte 4", "claims");

    [Fact]
    public void MoreThan16MiBAreRefused() => Refused(With(DeviceTreeWriter.Write(Sketch), 4, 17 << 20), "byte 4", "16 MiB");

    [Theory]
    [InlineData(20, 15, "version 15")]
    [InlineData(24, 18, "readable as 18")]
    [InlineData(8, 0x7fffffff, "structure block starts")]
    [InlineData(8, 41, "structure block starts")]
    [InlineData(12, 4, "strings block starts")]
    [InlineData(16, 0xffffffff, "reservation block starts")]
    [InlineData(32, 0xffffffff, "strings block of")]
    [InlineData(36, 0xffffffff, "structure block of")]
    public void AHeaderThatPointsOutsideIsRefused(int field, uint value, string problem) =>
        Refused(With(DeviceTreeWriter.Write(Sketch), field, value), $"byte {(field == 24 ? 20 : field)}", problem);

    [Fact]
    public void AReservationBlockWithoutEndIsRefused()
    {
        byte[] tree = DeviceTreeWriter.Write(Sketch);
        Refused(With(tree, 16, (uint)tree.Length - 8), "reservation block has no end");
    }

    [Fact]
    public void AnUnknownTokenIsRefused() => Refused(Structure(1, 0, 5, 2, 9), "0x5 is not a token");

    [Fact]
    public void AnEndBeforeTheRootIsRefused() => Refused(Structure(9), "token 9 is not allowed outside");

    [Fact]
    public void AnEndInsideANodeIsRefused() => Refused(Structure(1, 0, 9), "token 9 is not allowed inside");

    [Fact]
    public void ASecondRootIsRefused() => Refused(Structure(1, 0, 2, 1, 0, 2, 9), "token 1 is not allowed outside");

    [Fact]
    public void AStructureThatStopsIsRefused() => Refused(Structure(1, 0), "ends inside a node");

    [Fact]
    public void APropertyAfterAChildIsRefused() => Refused(Structure(1, 0, 1, 0, 2, 3, 0, 0, 2, 9), "follows a child");

    [Fact]
    public void APropertyLongerThanTheStructureIsRefused() => Refused(Structure(1, 0, 3, 99, 0, 2, 9), "runs past");

    [Fact]
    public void APropertyNameOutsideTheStringsIsRefused() => Refused(Structure(1, 0, 3, 0, 77, 2, 9), "outside the strings");

    [Fact]
    public void ANodeNameThatCannotBePrintedIsRefused() => Refused(Structure(1, 0x61620a00, 2, 9), "0x0a");

    [Fact]
    public void SixtyFourLevelsAreReadAndOneMoreIsRefused()
    {
        Assert.NotNull(Parse(Structure([.. Nested(65), 9])));
        Refused(Structure([.. Nested(66), 9]), "nested");
    }

    private static IEnumerable<uint> Nested(int nodes) =>
        Enumerable.Repeat(new uint[] { 1, 0 }, nodes).SelectMany(cells => cells).Concat(Enumerable.Repeat(2u, nodes));

    private static FlattenedDeviceTree Parse(byte[] bytes) => FlattenedDeviceTree.Parse(bytes, "board.dtb");

    private static byte[] With(byte[] tree, int field, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(tree.AsSpan(field), value);
        return tree;
    }

    // A tree whose structure block is exactly these cells and whose strings block is one empty name.
    private static byte[] Structure(params uint[] cells)
    {
        const int start = DeviceTreeWriter.HeaderBytes + 16;
        byte[] tree = new byte[start + (cells.Length * 4) + 1];
        uint[] header =
        [
            0xd00dfeed, (uint)tree.Length, start, (uint)tree.Length - 1, DeviceTreeWriter.HeaderBytes, 17, 16, 0, 1,
            (uint)cells.Length * 4,
        ];
        for (int i = 0; i < header.Length; i++)
        {
            With(tree, i * 4, header[i]);
        }

        for (int i = 0; i < cells.Length; i++)
        {
            With(tree, start + (i * 4), cells[i]);
        }

        return tree;
    }

    private static void Refused(byte[] bytes, params string[] parts)
    {
        InputException refusal = Assert.Throws<InputException>(() => Parse(bytes));
        Assert.StartsWith("board.dtb: byte ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.All(parts, part => Assert.Contains(part, refusal.Message, StringComparison.Ordinal));
    }
}
