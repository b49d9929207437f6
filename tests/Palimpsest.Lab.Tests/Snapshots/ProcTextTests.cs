using Palimpsest.Lab.Snapshots;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Snapshots;

/// <summary>/proc/meminfo, vmstat, iomem and zoneinfo, whole and mangled: what can be read is read, and nothing else is believed.</summary>
public sealed class ProcTextTests
{
    [Theory]
    [InlineData("MemTotal:        8039960 kB", 8039960UL << 10)]
    [InlineData("MemTotal: 0 kB", 0UL)]
    [InlineData("MemTotal:        8039960 MB", null)]
    [InlineData("MemTotal:        -1 kB", null)]
    [InlineData("MemTotal:        4398046511104 kB", null)] // 4 EiB
    [InlineData("MemTotal:        4398046511103 kB", 4398046511103UL << 10)]
    [InlineData("MemTotal:        99999999999999999999999 kB", null)]
    [InlineData("MemTotal:        12 kB more", null)]
    [InlineData("memtotal:        12 kB", null)]
    [InlineData("", null)]
    public void TheMemoryOfAMachineIsOneLine(string line, ulong? bytes) =>
        Assert.Equal(bytes, MemInfo.TotalBytes(["MemFree: 5 kB", line, "SwapTotal: 7 kB"]));

    [Fact]
    public void OfTwoTotalsTheFirstIsTaken() =>
        Assert.Equal(1024UL, MemInfo.TotalBytes(["MemTotal: 1 kB", "MemTotal: 2 kB"]));

    [Fact]
    public void CountersOfZonesAreAddedUp()
    {
        VmStat stat = VmStat.Read(
        [
            "nr_free_pages 1234", "pgalloc_dma 5", "pgalloc_dma32 0", "pgalloc_normal 7", "pgalloc_movable 100", "allocstall_normal 2",
            "allocstall_movable 1", "pageoutrun 9", "pswpin 3", "pswpout 4", "nr_zone_inactive_anon 55",
        ]);

        Assert.Equal(new VmStat(PagesAllocated: 112, FreePages: 1234, Stalls: 3, KswapdRuns: 9, SwapOuts: 4), stat);
    }

    [Theory]
    [InlineData("pswpout")]
    [InlineData("pswpout ")]
    [InlineData("pswpout -4")]
    [InlineData("pswpout 4 5")]
    [InlineData("pswpout 0x4")]
    [InlineData("pswpout 999999999999999999999")]
    [InlineData("pswpout  4")]
    [InlineData("PSWPOUT 4")]
    public void ALineThatIsMangledTellsNothing(string line) =>
        Assert.Equal(new VmStat(null, null, null, null, null), VmStat.Read([line]));

    [Fact]
    public void CountersThatAreTooLargeTogetherStayFinite()
    {
        VmStat stat = VmStat.Read(Enumerable.Range(0, 50).Select(zone => $"pgalloc_{zone} {(long.MaxValue / 16) - 1}"));

        Assert.Equal(long.MaxValue / 16, stat.PagesAllocated);
    }

    [Fact]
    public void RamIsInWholePagesAndNothingElse()
    {
        string[] lines =
        [
            "00000000-3fffffff : pci", "40000000-7fffffff : System RAM", "  40010000-40ffffff : Kernel code",
                "80000800-800027ff : System RAM",
            "90000000-90000ffe : System RAM", "a0000000-a0000000 : System RAM", "b0000000-afffffff : System RAM", "zzzz-ffff : System RAM",
        ];

        Assert.Equal(
            [(0x40000000UL, 0x40000000UL), (0x80001000UL, 0x1000UL)],
            IoMem.Ram(lines, PageGeometry.Page4K, "iomem").Select(range => (range.Start.Value, range.Bytes)));
        Assert.Equal([(0x40000000UL, 0x40000000UL)],
            IoMem.Ram(lines, PageGeometry.For(65536), "iomem").Select(range => (range.Start.Value, range.Bytes)));
    }

    [Theory]
    [InlineData("40000000-7fffffff : System RAM", "50000000-5fffffff : System RAM")]
    [InlineData("80000000-8fffffff : System RAM", "40000000-4fffffff : System RAM")]
    [InlineData("10000000000000-10000000ffffff : System RAM", "")]
    [InlineData("0-ffffffffffffff : System RAM", "")]
    public void RamThatCannotBeIsRefusedWithItsAddress(string first, string second)
    {
        InputException exception = Assert.Throws<InputException>(() => IoMem.Ram([first, second], PageGeometry.Page4K, "the copy"));

        Assert.StartsWith("the copy: System RAM at 0x", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void ACopyWithoutRootIsOfZerosAndTellsNothing()
    {
        string[] lines = ["00000000-00000000 : System RAM", "  00000000-00000000 : Kernel code", "  00000000-00000000 : reserved"];

        Assert.Empty(IoMem.Ram(lines, PageGeometry.Page4K, "iomem"));
        Assert.Empty(IoMem.SetAside(lines));
    }

    [Fact]
    public void WhatIsSetAsideIsTheImageAndThenFromTheTopDown()
    {
        string[] lines =
        [
            "40000000-7fffffff : System RAM", "  40010000-40ffffff : Kernel code", "  41000000-410fffff : reserved",
                "  41100000-411fffff : Kernel data",
            "  70000000-70000fff : reserved", "  7ff00000-7fffffff : reserved", "  50000000-500fffff : something",
        ];

        Assert.Equal(
            [0x40010000UL, 0x41100000, 0x7ff00000, 0x70000000, 0x41000000], IoMem.SetAside(lines).Select(range => range.Start.Value));
    }

    [Fact]
    public void ZonesAreApartAndWhatIsNoNumberIsZero()
    {
        IReadOnlyList<ZoneInfoEntry> zones = ZoneInfo.Parse(
            [
                "pages free 99", "Node 0, zone    DMA", "  pages free     x", "        min      -5",
                    "        spanned  99999999999999999999",
                "  start_pfn:           262144", "Node 1, zone Normal", "  pages free     7", "      nr_free_cma  3", "        high 8",
                "        spanned  5000000000", "    high: 9", "Node x, zone Movable",
            ],
            "zoneinfo");

        Assert.Equal([(0, "DMA"), (1, "Normal"), (0, "Movable")], zones.Select(zone => (zone.Node, zone.Zone)));
        Assert.Equal((0L, 0L, 0L, 262144L), (zones[0].Free, zones[0].Min, zones[0].Spanned, zones[0].StartPfn));
        Assert.Equal((7L, 3L, 8L, 5_000_000_000L), (zones[1].Free, zones[1].FreeCma, zones[1].High, zones[1].Spanned));
        Assert.Equal([9L], zones[1].PerCpuHighs);
        Assert.Null(zones[1].Cma);
        Assert.Null(zones[1].StartPfn);
    }

    [Fact]
    public void MoreZonesThanAKernelHasAreRefused() => Assert.Contains(
        "4096 zones", Assert.Throws<InputException>(() => ZoneInfo.Parse(Enumerable.Repeat("Node 0, zone DMA", 4097), "zoneinfo")).Message,
        StringComparison.Ordinal);
}
