using Palimpsest.Machine.Memory;
using Palimpsest.Machine.Tests.DeviceTree;
using Palimpsest.Vocabulary;
using static Palimpsest.Machine.Tests.Memory.BoardSketch;

namespace Palimpsest.Machine.Tests.Memory;

/// <summary>Zones are where arm64 6.1 puts them.</summary>
public sealed class ZoneLayoutTests
{
    [Fact]
    public void AGuestBelow4GiBIsAllDma()
    {
        MemoryBoard board = Read(Root(Ram(0x40000000, 2 * GiB)), carveOut: false);
        Assert.Equal([new ZoneSpan(ZoneKind.Dma, Range(0x40000000, 2 * GiB))], board.Zones);
        Assert.Equal(0xc0000000UL, board.DmaLimit);
    }

    [Fact]
    public void RamAbove4GiBIsNormal()
    {
        MemoryBoard board = Read(Root(Ram(0x80000000, 8 * GiB)), carveOut: false);
        Assert.Equal(
            [new(ZoneKind.Dma, Range(0x80000000, 2 * GiB)), new(ZoneKind.Normal, Range(4 * GiB, 6 * GiB))], board.Zones);
    }

    [Fact]
    public void ABusOfThirtyBitsMakesAllThreeZones()
    {
        MemoryBoard board = Read(Root(Ram(0, 8 * GiB), Soc(0xc0000000, 0, 0, 0x40000000)), carveOut: false);
        Assert.Equal(30, board.DmaAddressBits);
        Assert.Equal(
            [
                new(ZoneKind.Dma, Range(0, GiB)), new(ZoneKind.Dma32, Range(GiB, 3 * GiB)), new(ZoneKind.Normal, Range(4 * GiB, 4 * GiB)),
            ],
            board.Zones);
    }

    [Fact]
    public void DramAboveTheBusGetsA32BitDmaZone()
    {
        MemoryBoard board = Read(Root(Ram(0x80000000, 4 * GiB), Soc(0, 0, 0, 0x40000000)), carveOut: false);
        Assert.Equal(4 * GiB, board.DmaLimit);
    }

    [Fact]
    public void DramAbove4GiBIsAllDma()
    {
        MemoryBoard board = Read(Root(Ram(8 * GiB, 8 * GiB)), carveOut: false);
        Assert.Equal([new ZoneSpan(ZoneKind.Dma, Range(8 * GiB, 8 * GiB))], board.Zones);
    }

    [Fact]
    public void BusesAreTranslatedThroughTheBusesAboveThem()
    {
        NodeSketch inner = new NodeSketch("inner").Cells("#address-cells", 1).Cells("#size-cells", 1)
            .Cells("dma-ranges", 0, 0x10000000, 0x10000000);
        NodeSketch soc = Soc(0, 0, 0x20000000, 0x40000000).Child(inner);
        MemoryBoard board = Read(Root(Ram(0, 8 * GiB), soc), carveOut: false);

        // 0x0 of the inner bus is 0x10000000 of the soc and 0x30000000 of the CPU; its last byte is 0x3fffffff.
        Assert.Equal(30, board.DmaAddressBits);
    }

    [Fact]
    public void DisabledAndEmptyBusesLimitNothing()
    {
        MemoryBoard board = Read(
            Root(Ram(0, 8 * GiB), Soc(0, 0, 0, 0x40000000).Text("status", "disabled"), new NodeSketch("bus").Flag("dma-ranges")));
        Assert.Equal(32, board.DmaAddressBits);
    }

    private static NodeSketch Soc(params uint[] dmaRanges) =>
        new NodeSketch("soc").Cells("#address-cells", 1).Cells("#size-cells", 1).Cells("dma-ranges", dmaRanges);
}
