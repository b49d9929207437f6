using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.PageAllocator;

/// <summary>Watermarks, reserves and per-CPU limits come out as Linux 6.1 prints them in /proc/zoneinfo.</summary>
public sealed class ZoneSetupTests
{
    // A virtual machine of 2 GiB and 2 CPUs: one zone, 507,360 managed pages.
    [Fact]
    public void AMachineOfTwoGibibytesHasTheLimitsOfARealOne()
    {
        Zone zone = ZoneOf(ZoneKind.Dma, 507_360, cpus: 2);

        ZoneSetup.SetUp([zone], PageGeometry.Page4K, new MachineOptions(Cpus: 2));

        Assert.Equal(new Watermarks(5632, 7040, 8448), zone.Watermarks);
        Assert.All(zone.PerCpu, pages => Assert.Equal((3520, 63), (pages.State.High, pages.State.Batch)));
    }

    // A virtual machine of 448 MiB: 114,688 present, 105,281 managed; it has min 5216, low 6520, high 7824 and lists of 3260,
    // since a little was given back to the zone after the limits were set.
    [Fact]
    public void UnmanagedFramesCountForNoLimit()
    {
        Zone zone = ZoneOf(ZoneKind.Dma, 114_688, cpus: 2);

        ZoneSetup.SetUp([zone], PageGeometry.Page4K,
            new MachineOptions(Cpus: 2) { Unmanaged = [new UnmanagedFrames(zone.Node, ZoneKind.Dma, 9_407)] });

        Assert.Equal(105_281, zone.ManagedFrames);
        Assert.Equal(new Watermarks(5215, 6518, 7821), zone.Watermarks);
        Assert.All(zone.PerCpu, pages => Assert.Equal((3259, 31), (pages.State.High, pages.State.Batch)));
    }

    // min_free_kbytes = sqrt(16 * lowmem kB) = 5698 kB.
    [Fact]
    public void WithoutHugePagesTheMinimumIsTheRootOfLowMemory()
    {
        Zone zone = ZoneOf(ZoneKind.Dma, 507_360, cpus: 2);

        ZoneSetup.SetUp([zone], PageGeometry.Page4K, new MachineOptions(Cpus: 2, TransparentHugePages: false));

        Assert.Equal(5698 / 4, zone.Watermarks.Min);
        Assert.Equal(507, zone.Watermarks.Low - zone.Watermarks.Min);
        Assert.Equal(507, zone.Watermarks.High - zone.Watermarks.Low);
    }

    [Theory]
    [InlineData(100, 32)]
    [InlineData(2_000_000_000, 65_536)]
    public void TheMinimumStaysBetween128KiBAnd256MiB(int managed, int expected)
    {
        Zone zone = ZoneOf(ZoneKind.Normal, managed, cpus: 2);

        ZoneSetup.SetUp([zone], PageGeometry.Page4K, new MachineOptions(Cpus: 2, TransparentHugePages: false));

        Assert.Equal(expected, zone.Watermarks.Min);
    }

    // The first minimum is 282 and the first high watermark 422: (20,000 - 422) / 20.
    [Fact]
    public void HugePagesTakeNoMoreThanAFifthOfATenthOfSmallMemory()
    {
        Zone zone = ZoneOf(ZoneKind.Normal, 20_000, cpus: 2);

        ZoneSetup.SetUp([zone], PageGeometry.Page4K, new MachineOptions(Cpus: 2));

        Assert.Equal(978, zone.Watermarks.Min);
    }

    [Fact]
    public void ZonesShareTheMinimumByTheirSize()
    {
        Zone dma = ZoneOf(ZoneKind.Dma, 250_000, cpus: 2);
        Zone normal = ZoneOf(ZoneKind.Normal, 750_000, cpus: 2);

        ZoneSetup.SetUp([dma, normal], PageGeometry.Page4K, new MachineOptions(Cpus: 2));

        Assert.Equal((2816, 8448), (dma.Watermarks.Min, normal.Watermarks.Min));
    }

    [Fact]
    public void ALowZoneKeepsAPartOfWhatIsAboveIt()
    {
        Zone dma = ZoneOf(ZoneKind.Dma, 100_000, cpus: 2);
        Zone dma32 = ZoneOf(ZoneKind.Dma32, 200_000, cpus: 2);
        Zone normal = ZoneOf(ZoneKind.Normal, 320_000, cpus: 2);

        ZoneSetup.SetUp([dma, dma32, normal], PageGeometry.Page4K, new MachineOptions(Cpus: 2));

        Assert.Equal([0, 781, 2031, 2031, 2031], dma.LowmemReserve);
        Assert.Equal([0, 0, 1250, 1250, 1250], dma32.LowmemReserve);
        Assert.Equal([0, 0, 0, 0, 0], normal.LowmemReserve);
    }

    [Fact]
    public void AnotherNodeIsNotAbove()
    {
        Zone dma = ZoneOf(ZoneKind.Dma, 100_000, cpus: 2);
        Zone other = ZoneOf(ZoneKind.Normal, 320_000, cpus: 2, node: 1);

        ZoneSetup.SetUp([dma, other], PageGeometry.Page4K, new MachineOptions(Cpus: 2));

        Assert.All(dma.LowmemReserve, frames => Assert.Equal(0, frames));
    }

    [Theory]
    [InlineData(8_192, 4096, 1)]
    [InlineData(16_384, 4096, 3)]
    [InlineData(65_536, 4096, 15)]
    [InlineData(262_144, 4096, 63)]
    [InlineData(10_000_000, 4096, 63)]
    [InlineData(10_000_000, 16384, 15)]
    [InlineData(10_000_000, 65536, 3)]
    public void TheBatchIsAThousandthOfTheZoneUpToAQuarterOfAMebibyte(int managed, int pageBytes, int batch)
    {
        Zone zone = ZoneOf(ZoneKind.Normal, managed, cpus: 2);

        ZoneSetup.SetUp([zone], PageGeometry.For(pageBytes), new MachineOptions(Cpus: 2));

        Assert.Equal(batch, zone.PerCpu[0].State.Batch);
    }

    [Fact]
    public void ManyCpusShareTheLowWatermarkButKeepFourBatches()
    {
        Zone zone = ZoneOf(ZoneKind.Normal, 507_360, cpus: 64);

        ZoneSetup.SetUp([zone], PageGeometry.Page4K, new MachineOptions(Cpus: 64));

        Assert.Equal(252, zone.PerCpu[63].State.High);
    }

    private static Zone ZoneOf(ZoneKind kind, int managed, int cpus, int node = 0) =>
        new((int)kind, kind, node, isTagStorage: false, firstList: 0, sets: 1, cpus) { ManagedFrames = managed };
}
