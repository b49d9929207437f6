using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;
using static Palimpsest.Machine.Tests.Memory.BoardSketch;

namespace Palimpsest.Machine.Tests.Memory;

/// <summary>A board without tag storage gets 1/32 of each bank above it, and says that this is assumed.</summary>
public sealed class DefaultCarveOutTests
{
    [Fact]
    public void EachBankHasItsStorageDirectlyAbove()
    {
        MemoryBoard board = Read(Root(Ram(0x80000000, GiB), Ram(0x880000000, 2 * GiB)));
        Assert.Equal(
            [
                (Range(0xc0000000, 32 * MiB), Range(0x80000000, GiB)),
                (Range(0x900000000, 64 * MiB), Range(0x880000000, 2 * GiB)),
            ],
            board.TagStorage.Select(span => (span.Storage, span.Covered)));
        Assert.Equal(3 * GiB, board.DataBytes);
        Assert.Contains(board.Notes, note => note.StartsWith("assumed: 96 MiB", StringComparison.Ordinal));
    }

    [Fact]
    public void ABankWithoutRoomHasItsStorageAboveTheHighest()
    {
        MemoryBoard board = Read(Root(Ram(0x80000000, GiB), Ram(0xc1000000, GiB)));
        Assert.Equal(
            [
                (Range(0x101000000, 32 * MiB), Range(0xc1000000, GiB)),
                (Range(0x103000000, 32 * MiB), Range(0x80000000, GiB)),
            ],
            board.TagStorage.Select(span => (span.Storage, span.Covered)));
    }

    [Fact]
    public void StorageIsWholePageblocks()
    {
        MemoryBoard board = Read(Root(Ram(0x80000000, GiB + (4 * KiB))));
        Assert.Equal(Range(0xc0200000, 34 * MiB), Assert.Single(board.TagStorage).Storage);
        Assert.Contains(board.Notes, note => note.Contains("rounded up to pageblocks", StringComparison.Ordinal));
    }

    [Fact]
    public void StorageBelongsToTheNodeThatItServes()
    {
        MemoryBoard board = Read(Root(Ram(0x80000000, GiB).Cells("numa-node-id", 3), Ram(0xc0000000, GiB).Cells("numa-node-id", 4)));
        Assert.Equal([3, 4, 3], board.Banks.Select(bank => bank.Node));
        Assert.Equal(Range(0x102000000, 32 * MiB), board.Banks[2].Range);
    }

    [Fact]
    public void StorageAcrossAZoneBoundaryIsTwoSpans()
    {
        MemoryBoard board = Read(Root(Ram(0x80000000, 0x7f000000)));
        Assert.Equal([Range(0xff000000, 16 * MiB), Range(0x100000000, 48 * MiB)], board.TagStorage.Select(span => span.Storage));
        Assert.Equal([Range(0x80000000, 512 * MiB), Range(0xa0000000, 0x5f000000)], board.TagStorage.Select(span => span.Covered));
        BoardAudit.Check(board, PageGeometry.Page4K);
    }

    [Fact]
    public void ItCanBeLeftOut() => Assert.Empty(Read(Root(Ram(0x80000000, GiB)), carveOut: false).TagStorage);

    [Fact]
    public void RamAtTheEndOfAddressesHasNoRoomForIt() => Refused(Root(Ram((1UL << 52) - GiB, GiB)), "no room for tag storage");

    [Fact]
    public void AFlatBoardIsTheRecordedGuest()
    {
        MemoryBoard flat = MemoryBoard.Flat(2 * GiB, PageGeometry.Page4K);
        MemoryBoard guest = ReadSample("small.guest.dtb");
        Assert.Equal(guest.Banks, flat.Banks);
        Assert.Equal(guest.TagStorage, flat.TagStorage);
        Assert.Equal(guest.Zones, flat.Zones);
    }

    [Theory]
    [InlineData(0, 0x40000000)]
    [InlineData(4097, 0x40000000)]
    [InlineData(4096, 0x40000001)]
    [InlineData(1UL << 52, 0)]
    [InlineData(4096, 1UL << 63)]
    public void AFlatBoardOfImpossibleRamIsRefused(ulong ram, ulong start) =>
        Assert.Contains("--ram", Assert.Throws<InputException>(() => MemoryBoard.Flat(ram, PageGeometry.Page4K, start)).Message);
}
