using CsCheck;
using Palimpsest.Machine.DeviceTree;
using Palimpsest.Machine.Memory;
using Palimpsest.Machine.Tests.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Tests.DeviceTree;

/// <summary>Reading undoes writing, and no bytes make a reader do anything but read or refuse.</summary>
public sealed class FlattenedDeviceTreeLaws
{
    private const string NameLetters = "abcxyz019,._+-#?@";

    private static readonly Gen<string> Name = Gen.Char[NameLetters].Array[1, 12].Select(letters => new string(letters));

    private static readonly Gen<(ulong, ulong)> Reservation = Gen.Select(Gen.ULong, Gen.ULong[1, ulong.MaxValue]);

    private static readonly Gen<(int Position, byte Value)[]> Mutations =
        Gen.Select(Gen.Int[0, 4095], Gen.Byte, (position, value) => (position, value)).Array[1, 8];

    // Boards that exercise every topic of the reader, so that a mutation reaches deep into it.
    private static readonly byte[][] Boards =
    [
        File.ReadAllBytes(BoardSketch.SamplePath("fvp-tagstorage-v1-min.dtb")),
        File.ReadAllBytes(BoardSketch.SamplePath("fvp-tagstorage-v2-min.dtb")),
        File.ReadAllBytes(BoardSketch.SamplePath("fvp-tagstorage-v3-min.dtb")),
        File.ReadAllBytes(BoardSketch.SamplePath("pcc-mte-shared-alloc-min.dtb")),
        DeviceTreeWriter.Write(ReservationsOfEachKind(), (0x40000000, 0x1000)),
    ];

    [Fact]
    public void WhatIsWrittenIsRead() =>
        Law.Holds(Gen.Select(Tree(depth: 4), Reservation.Array[0, 3]), 300, written =>
        {
            (NodeSketch root, (ulong, ulong)[] reservations) = written;
            FlattenedDeviceTree tree = FlattenedDeviceTree.Parse(DeviceTreeWriter.Write(root, reservations), "law");
            AssertSame(root, tree.Root);
            Assert.Equal(reservations, tree.ReservedEntries.Select(entry => (entry.Start.Value, entry.Bytes)));
        });

    [Fact]
    public void MutatedTreesAreReadOrRefused() =>
        Law.Holds(Gen.Select(Gen.Int[0, Boards.Length - 1], Mutations, Gen.Bool), 10_000, drawn =>
        {
            (int board, (int Position, byte Value)[] mutations, bool hasLargePages) = drawn;
            byte[] bytes = [.. Boards[board]];
            foreach ((int position, byte value) in mutations)
            {
                bytes[position % bytes.Length] = value;
            }

            ReadOrRefuse(bytes, hasLargePages ? 65536 : 4096);
        });

    [Fact]
    public void TruncatedTreesAreReadOrRefused()
    {
        foreach (byte[] board in Boards)
        {
            for (int length = 0; length < board.Length; length++)
            {
                ReadOrRefuse(board[..length], 4096);
            }
        }
    }

    [Fact]
    public void RandomBytesBehindAHeaderAreReadOrRefused() =>
        Law.Holds(Gen.Byte.Array[16, 400], 1000, bytes =>
            ReadOrRefuse([.. Boards[0][..DeviceTreeWriter.HeaderBytes], .. new byte[16], .. bytes, .. Boards[0]], 4096));

    private static NodeSketch ReservationsOfEachKind() => BoardSketch.Root(
        BoardSketch.Ram(0x40000000, 0x40000000),
        BoardSketch.Ram(0x100000000, 0).Cells("numa-node-id", 1),
        BoardSketch.ReservedMemory(
            new NodeSketch("fixed@50000000").Wide("reg", 0x50000000, 0x100000).Flag("no-map"),
            BoardSketch.Pool("pool@60000000").Wide("reg", 0x60000000, 0x800000),
            BoardSketch.Pool("pool").Wide("size", 0x1000000).Wide("alignment", 0x400000).Wide("alloc-ranges", 0, 0x80000000),
            new NodeSketch("dynamic").Wide("size", 0x100000)),
        new NodeSketch("soc").Cells("#address-cells", 1).Cells("#size-cells", 1).Cells("dma-ranges", 0, 0, 0, 0x40000000));

    private static void ReadOrRefuse(byte[] bytes, int pageBytes)
    {
        try
        {
            FlattenedDeviceTree tree = FlattenedDeviceTree.Parse(bytes, "law");
            MemoryBoard board = BoardReader.Read(tree, new BoardOptions(PageGeometry.For(pageBytes), RamBytes: 8UL << 30));
            Assert.NotEmpty(BoardDescription.Lines(board, PageGeometry.For(pageBytes)));
            BoardAudit.Check(board, PageGeometry.For(pageBytes));
        }
        catch (InputException refusal)
        {
            Assert.DoesNotContain('\n', refusal.Message);
        }
    }

    private static Gen<NodeSketch> Tree(int depth)
    {
        Gen<NodeSketch[]> children = depth == 0 ? Gen.Const(Array.Empty<NodeSketch>()) : Tree(depth - 1).Array[0, 3];
        return Gen.Select(Name, Gen.Select(Name, Gen.Byte.Array[0, 20]).Array[0, 4], children, (name, properties, below) =>
        {
            NodeSketch node = new NodeSketch(name).Child(below);
            foreach ((string property, byte[] value) in properties)
            {
                node.Bytes(property, value);
            }

            return node;
        });
    }

    private static void AssertSame(NodeSketch written, DeviceTreeNode read)
    {
        Assert.Equal(written.Name, read.Name);
        Assert.Equal(
            written.Properties.Select(property => (property.Name, Convert.ToHexString(property.Value))),
            read.Properties.Select(property => (property.Name, Convert.ToHexString(property.Value.Span))));
        Assert.Equal(written.Children.Count, read.Children.Count);
        foreach ((NodeSketch below, DeviceTreeNode child) in written.Children.Zip(read.Children))
        {
            AssertSame(below, child);
        }
    }
}
