using Palimpsest.Machine.DeviceTree;
using Palimpsest.Machine.Memory;
using Palimpsest.Machine.Tests.DeviceTree;
using Palimpsest.Vocabulary;
using static Palimpsest.Machine.Tests.Memory.BoardSketch;

namespace Palimpsest.Machine.Tests.Memory;

/// <summary>Reservations and CMA pools lie in RAM and apart; those without an address get the highest free place.</summary>
public sealed class ReservedMemoryTests
{
    [Fact]
    public void FixedReservationsKeepTheirPlace()
    {
        MemoryBoard board = Board(Fixed("secure", 0x48000000, MiB).Flag("no-map"), Fixed("log", 0x44000000, 64 * KiB));
        Assert.Equal(
            [
                new ReservedRange(Range(0x44000000, 64 * KiB), NoMap: false, "/reserved-memory/log"),
                new ReservedRange(Range(0x48000000, MiB), NoMap: true, "/reserved-memory/secure"),
            ],
            board.Reserved);
    }

    [Fact]
    public void ReservationEntriesCountToo()
    {
        byte[] bytes = DeviceTreeWriter.Write(Root(Ram(0x40000000, GiB)), (0x40000000, 0x10000));
        MemoryBoard board = BoardReader.Read(FlattenedDeviceTree.Parse(bytes, "a"), new BoardOptions(PageGeometry.Page4K));
        Assert.Equal(Range(0x40000000, 0x10000), Assert.Single(board.Reserved).Range);
    }

    [Fact]
    public void OverlapsAreOneRangeAndNoMapWins()
    {
        MemoryBoard board = Board(
            Fixed("a", 0x44000000, 4 * MiB), Fixed("b", 0x44100000, MiB).Flag("no-map"), Fixed("c", 0x44300000, 4 * MiB));
        Assert.Equal(
            [(Range(0x44000000, MiB), false), (Range(0x44100000, MiB), true), (Range(0x44200000, 5 * MiB), false)],
            board.Reserved.Select(range => (range.Range, range.NoMap)));
    }

    [Fact]
    public void WhatIsOutsideRamIsIgnoredWithANote()
    {
        MemoryBoard board = Board(Fixed("video", 0x18000000, 8 * MiB), Fixed("edge", 0x3ff00000, 2 * MiB));
        Assert.Equal(Range(0x40000000, MiB), Assert.Single(board.Reserved).Range);
        Assert.Contains("reserved outside RAM and ignored: /reserved-memory/video", board.Notes);
    }

    [Fact]
    public void DisabledReservationsAreNotThere() =>
        Assert.Empty(Board(Fixed("off", 0x44000000, MiB).Text("status", "disabled")).Reserved);

    [Fact]
    public void APoolWithAnAddressIsFixed()
    {
        CmaPool pool = Assert.Single(Board(Pool("camera").Wide("reg", 0x44000000, 8 * MiB)).CmaPools);
        Assert.Equal(new CmaPool(Range(0x44000000, 8 * MiB), IsDynamic: false, "/reserved-memory/camera"), pool);
    }

    [Fact]
    public void APoolThatIsNotReusableIsReserved()
    {
        MemoryBoard board = Board(Pool("video").Without("reusable").Wide("reg", 0x44000000, 8 * MiB));
        Assert.Empty(board.CmaPools);
        Assert.Single(board.Reserved);
    }

    [Fact]
    public void APoolOffAPageblockIsOrdinaryMemory()
    {
        MemoryBoard board = Board(Pool("odd").Wide("reg", 0x44001000, 8 * MiB), Pool("three").Wide("size", 3 * MiB));
        Assert.Empty(board.CmaPools);
        Assert.Empty(board.Reserved);
        Assert.Contains(board.Notes, note => note.Contains("three", StringComparison.Ordinal));
        Assert.Contains(board.Notes, note => note.Contains("odd", StringComparison.Ordinal));
    }

    [Fact]
    public void APoolOutsideRamIsIgnoredWithANote()
    {
        MemoryBoard board = Board(Pool("far").Wide("reg", 0x10000000, 8 * MiB));
        Assert.Empty(board.CmaPools);
        Assert.Contains(board.Notes, note => note.Contains("not inside RAM", StringComparison.Ordinal));
    }

    [Fact]
    public void APoolInTwoZonesIsGivenUpAsCmaDoes()
    {
        MemoryBoard board = Read(Root(Ram(0x80000000, 4 * GiB), ReservedMemory(Pool("p").Wide("reg", 0xff000000, 32 * MiB))));
        Assert.Empty(board.CmaPools);
        Assert.Contains(board.Notes, note => note.Contains("zone boundary", StringComparison.Ordinal));
    }

    [Fact]
    public void DynamicPoolsGoToTheTopOfRam()
    {
        MemoryBoard board = Board(Pool("cma").Wide("size", 64 * MiB), Pool("next").Wide("size", 4 * MiB));
        Assert.Equal([Range(0x7bc00000, 4 * MiB), Range(0x7c000000, 64 * MiB)], board.CmaPools.Select(pool => pool.Range));
        Assert.All(board.CmaPools, pool => Assert.True(pool.IsDynamic));
    }

    [Fact]
    public void DynamicPoolsKeepTheirAlignmentAndAvoidReservations()
    {
        MemoryBoard board = Board(
            Fixed("top", 0x7ef00000, MiB), Pool("cma").Wide("size", 16 * MiB).Wide("alignment", 0x2000000));
        Assert.Equal(Range(0x7c000000, 16 * MiB), Assert.Single(board.CmaPools).Range);
    }

    [Fact]
    public void DynamicPoolsStayInTheFirstWindowWithRoom()
    {
        NodeSketch pool = Pool("cma").Wide("size", 16 * MiB).Wide("alloc-ranges", 0x10000000, MiB, 0x48000000, 64 * MiB, 0x70000000, GiB);
        Assert.Equal(Range(0x4b000000, 16 * MiB), Assert.Single(Board(pool).CmaPools).Range);
    }

    [Fact]
    public void ADynamicPoolWithoutRoomIsNoted()
    {
        MemoryBoard board = Board(Pool("huge").Wide("size", 2 * GiB));
        Assert.Empty(board.CmaPools);
        Assert.Contains(board.Notes, note => note.Contains("/reserved-memory/huge: no room for its 2 GiB", StringComparison.Ordinal));
    }

    [Fact]
    public void DynamicReservationsArePlacedToo()
    {
        ReservedRange range = Assert.Single(Board(new NodeSketch("ring").Wide("size", 5000).Flag("no-map")).Reserved);
        Assert.Equal(new ReservedRange(Range(0x7fffe000, 8192), NoMap: true, "/reserved-memory/ring"), range);
    }

    [Fact]
    public void AReservationOfNothingIsNoted() =>
        Assert.Contains("/reserved-memory/empty has neither reg nor size and was ignored", Board(new NodeSketch("empty")).Notes);

    [Fact]
    public void ASizeOfZeroIsRefused() => RefusedBoard(Pool("p").Wide("size", 0), "/reserved-memory/p", "0 bytes");

    [Fact]
    public void ASizeOfOddCellsIsRefused() => RefusedBoard(Pool("p").Cells("size", 1, 2, 3), "/reserved-memory/p", "size has 12 bytes");

    [Fact]
    public void AnAlignmentThatIsNoPowerOfTwoIsRefused() =>
        RefusedBoard(Pool("p").Wide("size", MiB).Wide("alignment", 0x3000), "/reserved-memory/p", "power of two");

    [Fact]
    public void APoolOnAReservationIsRefused() => Refused(
        Root(Ram(0x40000000, GiB), ReservedMemory(Fixed("fw", 0x44000000, MiB), Pool("p").Wide("reg", 0x44000000, 4 * MiB))),
        "/reserved-memory/p", "overlaps /reserved-memory/fw");

    [Fact]
    public void TwoPoolsInOnePlaceAreRefused() => Refused(
        Root(Ram(0x40000000, GiB), ReservedMemory(Pool("p").Wide("reg", 0x44000000, 4 * MiB), Pool("q").Wide("reg", 0x44200000, 4 * MiB))),
        "/reserved-memory/p", "overlaps /reserved-memory/q");

    [Fact]
    public void AnOddRegIsRefused() => RefusedBoard(new NodeSketch("odd").Wide("reg", 1), "/reserved-memory/odd", "not a multiple of 16");

    private static NodeSketch Fixed(string name, ulong start, ulong bytes) => new NodeSketch(name).Wide("reg", start, bytes);

    private static MemoryBoard Board(params NodeSketch[] reserved) =>
        Read(Root(Ram(0x40000000, GiB), ReservedMemory(reserved)), carveOut: false);

    private static void RefusedBoard(NodeSketch reserved, params string[] parts) =>
        Refused(Root(Ram(0x40000000, GiB), ReservedMemory(reserved)), parts);
}
