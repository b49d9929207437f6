using Palimpsest.Machine.Memory;
using Palimpsest.Machine.Tests.DeviceTree;
using Palimpsest.Vocabulary;
using static Palimpsest.Machine.Tests.Memory.BoardSketch;

namespace Palimpsest.Machine.Tests.Memory;

/// <summary>Memory nodes become banks: sorted, disjoint, whole pages.</summary>
public sealed class MemoryNodesTests
{
    [Fact]
    public void RangesOfOneRegAreSortedAndTouchingOnesJoined()
    {
        NodeSketch memory = Ram(0, 0).Wide("reg", 4 * GiB, GiB, 0x40000000, MiB, 0x40100000, MiB);
        Assert.Equal([Range(0x40000000, 2 * MiB), Range(4 * GiB, GiB)], Banks(Root(memory)));
    }

    [Fact]
    public void TouchingBanksOfDifferentNodesStayApart()
    {
        NodeSketch root = Root(Ram(0, GiB).Cells("numa-node-id", 1), Ram(GiB, GiB).Cells("numa-node-id", 0));
        Assert.Equal([1, 0], Read(root, carveOut: false).Banks.Select(bank => bank.Node));
    }

    [Fact]
    public void OverlappingBanksOfOneNodeAreMergedWithANote()
    {
        MemoryBoard board = Read(Root(Ram(0, GiB), Ram(GiB / 2, GiB)), carveOut: false);
        Assert.Equal(Range(0, GiB + (GiB / 2)), Assert.Single(board.Banks).Range);
        Assert.Contains(board.Notes, note => note.Contains("overlaps", StringComparison.Ordinal));
    }

    [Fact]
    public void OverlappingBanksOfDifferentNodesAreRefused() =>
        Refused(Root(Ram(0, GiB), Ram(GiB / 2, GiB).Cells("numa-node-id", 1)), "of node 0 overlaps", "of node 1");

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    public void CellsOfOneOrTwoAreRead(int addressCells, int sizeCells)
    {
        uint[] reg = [.. new uint[addressCells - 1], 0x40000000, .. new uint[sizeCells - 1], 0x10000000];
        NodeSketch root = Root(Ram(0, 0).Cells("reg", reg))
            .Cells("#address-cells", (uint)addressCells).Cells("#size-cells", (uint)sizeCells);
        Assert.Equal([Range(0x40000000, 0x10000000)], Banks(root));
    }

    [Theory]
    [InlineData("#address-cells")]
    [InlineData("#size-cells")]
    public void OtherCellsAreRefused(string property)
    {
        Refused(Root(Ram(0, GiB)).Cells(property, 3), "/: ", $"{property} is 3");
        Refused(Root(Ram(0, GiB)).Cells(property, 0), $"{property} is 0");
        Refused(Root(Ram(0, GiB)).Without(property), $"{property} is missing");
    }

    [Fact]
    public void ANodeNamedMemoryNeedsNoDeviceType() =>
        Assert.Equal([Range(0, GiB)], Banks(Root(new NodeSketch("memory").Wide("reg", 0, GiB))));

    [Fact]
    public void OnlyAvailableNodesAtTheRootAreMemory()
    {
        NodeSketch controller = new NodeSketch("memory-controller@0").Wide("reg", 0, GiB);
        NodeSketch root = Root(
            Ram(0, GiB), Ram(2 * GiB, GiB).Text("status", "disabled"), new NodeSketch("soc").Child(Ram(4 * GiB, GiB)), controller);
        Assert.Equal([Range(0, GiB)], Banks(root));
    }

    [Fact]
    public void ABankIsCutToWholePages()
    {
        MemoryBoard board = Read(Root(Ram(0x80001000, GiB)), carveOut: false, pageBytes: 65536);
        Assert.Equal([Range(0x80010000, GiB - (64 * KiB))], board.Banks.Select(bank => bank.Range));
        Assert.Contains(board.Notes, note => note.Contains("whole pages of 64 KiB", StringComparison.Ordinal));
    }

    [Fact]
    public void ARegOfHalfAPairIsRefused() => Refused(Root(Ram(0, 0).Wide("reg", 0, GiB, 0)), "/memory@0", "not a multiple of 16");

    [Fact]
    public void AnEmptyRegIsRefused() => Refused(Root(Ram(0, 0).Flag("reg")), "/memory@0", "reg has 0 bytes");

    [Fact]
    public void MemoryBeyond52BitsIsRefused() => Refused(Root(Ram((1UL << 52) - GiB, 2 * GiB)), "/memory@", "52-bit");

    [Fact]
    public void AnOddNumaNodeIsRefused() => Refused(Root(Ram(0, GiB).Cells("numa-node-id", 1, 2)), "/memory@0", "numa-node-id");

    [Fact]
    public void ATreeWithoutMemoryIsRefused() => Refused(Root(), "/: no memory node", "--ram SIZE");

    [Fact]
    public void SizeZeroNeedsRam() =>
        Refused(Root(Ram(0x80000000, 0)), "/memory@80000000: the memory node has size 0", "--ram SIZE", "/sys/firmware/fdt");

    [Fact]
    public void RamFillsTheBlankNode()
    {
        MemoryBoard board = Read(Root(Ram(0x80000000, 0)), ram: 8 * GiB, carveOut: false);
        Assert.Equal([Range(0x80000000, 8 * GiB)], board.Banks.Select(bank => bank.Range));
        Assert.Contains(board.Notes, note => note.Contains("size 0", StringComparison.Ordinal));
    }

    [Fact]
    public void RamIsTheTotalAndTheBlankNodeGetsTheRest()
    {
        NodeSketch root = Root(Ram(0x40000000, GiB), Ram(0x100000000, 0));
        MemoryBoard board = Read(root, ram: 4 * GiB, carveOut: false);
        Assert.Equal([Range(0x40000000, GiB), Range(0x100000000, 3 * GiB)], board.Banks.Select(bank => bank.Range));
    }

    [Fact]
    public void BlankRangesBesideSizedOnesStayEmpty() =>
        Assert.Equal([Range(0x40000000, GiB)], Banks(Root(Ram(0, 0).Wide("reg", 0x40000000, GiB, 0x100000000, 0))));

    [Fact]
    public void RamBelowWhatTheTreeDescribesIsRefused() =>
        Refused(Root(Ram(0, GiB), Ram(2 * GiB, 0)), ram: GiB / 2, "--ram 512 MiB is less than the 1 GiB");

    [Fact]
    public void RamThatReachesIntoAnotherBankIsRefused() =>
        Refused(Root(Ram(0, 0), Ram(2 * GiB, GiB)), ram: 8 * GiB, "/memory@0", "would overlap /memory@80000000");

    [Fact]
    public void RamBeyondAddressesIsRefused() => Refused(Root(Ram(GiB, 0)), ram: 1UL << 52, "/memory@40000000", "52-bit");

    [Fact]
    public void RamThatTheTreeDoesNotNeedIsNoted() =>
        Assert.Contains(
            Read(Root(Ram(0, GiB)), ram: 2 * GiB).Notes, note => note.Contains("was not used", StringComparison.Ordinal));

    private static IEnumerable<PhysicalRange> Banks(NodeSketch root) =>
        Read(root, carveOut: false).Banks.Select(bank => bank.Range);
}
