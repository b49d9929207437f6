using System.Buffers.Binary;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Tests.Workloads;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;
using Xunit;

namespace Palimpsest.Lab.Tests.Snapshots;

/// <summary>What /proc says of the start is taken as it is written.</summary>
public sealed class SnapshotTests
{
    [Fact]
    public void ZoneInfoGivesCountsByZone()
    {
        ZoneInfoEntry zone = ZoneInfo.Parse(
            [
                "Node 0, zone      DMA",
                "  pages free     470049",
                "        boost    0",
                "        min      5632",
                "        low      7040",
                "        high     8448",
                "        present  524288",
                "        managed  507360",
                "        cma      16384",
                "  pagesets",
                "    cpu: 0",
                "              count: 1053",
                "              high:  3520",
                "              batch: 63",
                "    cpu: 1",
                "              count: 1317",
            ],
            "zoneinfo").Single();

        Assert.Equal((470049, 5632, 7040, 524288, 507360, 16384), (zone.Free, zone.Min, zone.Low, zone.Present, zone.Managed, zone.Cma));
        Assert.Equal([1053L, 1317L], zone.PerCpuCounts);
    }

    [Fact]
    public void AFileWithoutZonesIsRefused() => Assert.Throws<InputException>(() => ZoneInfo.Parse(["nothing here"], "zoneinfo"));

    [Fact]
    public void TheKernelLogNamesCmaAreas()
    {
        IReadOnlyList<CmaPool> pools = KernelLog.CmaPools(
        [
            "[    0.000000] cma: Reserved 64 MiB at 0x00000000b9a00000",
            "[    0.000000] cma: Reserved 64 MiB at 0x00000000b9a00000 on node -1",
            "[    0.000000] Reserved memory: created CMA memory pool at 0x0000000036000000, size 128 MiB",
            "[    0.000000] cma: Reserved 0 MiB at 0x0",
        ]);

        Assert.Equal([(0xb9a00000UL, 64UL << 20), (0x36000000UL, 128UL << 20)], pools.Select(pool => (pool.Range.Start.Value, pool.Range.Bytes)));
    }

    [Fact]
    public void UsedFramesAreTheLowestThatNoEventNames()
    {
        InitialPage[] pages = [.. new UsedFrames(5).Unseen(new StartEvidence(Recording.Layout, name => name == 1, [new InitialPage(8, false), new InitialPage(9, false)], []))];

        Assert.Equal([0, 2, 3], pages.Select(page => page.Name));
    }

    [Theory]
    [InlineData(0x40000)]
    [InlineData(0)]
    public void PageFlagsMayBeginAtTheFirstBankOrAtPfnZero(int firstPfn)
    {
        const int frames = 16384;
        byte[] flags = new byte[(0x40000 - firstPfn + frames) * 8];
        for (int frame = 0; frame < frames; frame++)
        {
            ulong value = frame switch { 3 => 1UL << 5, 4 => 0, _ => 1UL << 10 };
            BinaryPrimitives.WriteUInt64LittleEndian(flags.AsSpan((0x40000 - firstPfn + frame) * 8), value);
        }

        InitialPage[] pages = [.. new PageFlagsSnapshot(flags, Recording.Layout, "kpageflags").Unseen(new StartEvidence(Recording.Layout, _ => false, [], []))];

        Assert.Equal([new InitialPage(3, IsMovable: true), new InitialPage(4, IsMovable: false)], pages);
    }

    [Fact]
    public void ATornPageFlagsFileIsRefused() =>
        Assert.Throws<InputException>(() => new PageFlagsSnapshot(new byte[13], Recording.Layout, "kpageflags"));
}
