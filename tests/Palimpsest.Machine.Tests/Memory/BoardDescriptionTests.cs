using Palimpsest.Machine.Memory;
using Palimpsest.Machine.Tests.DeviceTree;
using Palimpsest.Vocabulary;
using static Palimpsest.Machine.Tests.Memory.BoardSketch;

namespace Palimpsest.Machine.Tests.Memory;

/// <summary>A board as people read it.</summary>
public sealed class BoardDescriptionTests
{
    [Fact]
    public void AGuestIsDescribedWithItsAssumption() => Assert.Equal(
        """
        linux,dummy-virt
        RAM         2,112 MiB
        carve-out   64.0 MiB, 3.03 % of RAM (assumed)
        data        2 GiB
        banks
          [0x40000000, 0xc4000000)  2,112 MiB  node 0  DMA
        zones
          [0x40000000, 0xc4000000)  DMA
        tag storage
          [0xc0000000, 0xc4000000)  64 MiB  default carve-out
            tags of [0x40000000, 0xc0000000)  2 GiB, B = 1 page
        notes
          assumed: 64 MiB of tag storage above the RAM, which the recorded machine hid
        """,
        Text(ReadSample("small.guest.dtb")),
        ignoreLineEndingDifferences: true);

    [Fact]
    public void PoolsAndReservationsAreListed()
    {
        string text = Text(Read(Root(Ram(0x40000000, GiB), ReservedMemory(
            new NodeSketch("fw@44000000").Wide("reg", 0x44000000, MiB).Flag("no-map"),
            Pool("fixed@48000000").Wide("reg", 0x48000000, 4 * MiB),
            Pool("cma").Wide("size", 16 * MiB)))));
        Assert.Contains("[0x44000000, 0x44100000)  1 MiB  no-map  /reserved-memory/fw@44000000", text);
        Assert.Contains("[0x48000000, 0x48400000)  4 MiB  fixed  /reserved-memory/fixed@48000000", text);
        Assert.Contains("[0x7f000000, 0x80000000)  16 MiB  dynamic, place assumed (Linux 6.1)  /reserved-memory/cma", text);
    }

    [Fact]
    public void ManyReservationsAreSummed()
    {
        NodeSketch reserved = ReservedMemory();
        for (ulong i = 0; i < 13; i++)
        {
            reserved.Child(new NodeSketch($"fw{i}").Wide("reg", 0x44000000 + (i * MiB), (i + 1) * 4 * KiB));
        }

        string text = Text(Read(Root(Ram(0x40000000, GiB), reserved)));
        Assert.Contains("reserved (13)", text);
        Assert.Contains("364 KiB in all, 0 of them not mapped", text);
        Assert.Contains("largest: [0x44c00000, 0x44c0d000)  52 KiB  /reserved-memory/fw12", text);
        Assert.DoesNotContain("fw3", text);
    }

    [Fact]
    public void ABoardWithoutTagStorageSaysSo() =>
        Assert.Contains("carve-out   none", Text(Read(Root(Ram(0x40000000, GiB)), carveOut: false)));

    [Fact]
    public void NoLineIsLongerThanAHundredColumns()
    {
        NodeSketch root = Root(
            Ram(0x40000000, GiB, phandle: 1),
            new NodeSketch("tag-storage-" + new string('q', 200)).Text("compatible", "arm,mte-tag-storage")
                .Wide("reg", 0x80000000, 32 * MiB).Cells("block-size", 0x1000).Cells("memory", 1));
        root.Text("model", new string('m', 150));
        IReadOnlyList<string> lines = BoardDescription.Lines(Read(root), PageGeometry.Page4K);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, BoardDescription.Columns));
        Assert.Equal(200, string.Concat(lines).Count(letter => letter == 'q'));
    }

    private static string Text(MemoryBoard board) =>
        string.Join('\n', BoardDescription.Lines(board, PageGeometry.Page4K));
}
