using CsCheck;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Snapshots;

/// <summary>Copies of /proc files: whatever is in them is read, or refused in one line that names the file.</summary>
public sealed class SnapshotTextLaws
{
    private static readonly string[] Words =
    [
        "Node", "0,", "0", "zone", "DMA", "Normal", "type", "Movable", "Unmovable", "CMA", ">100000", "7", "99999999999999999999", "-1",
            "Page",
        "block", "order:", "9", "Number", "of", "blocks", "pages", "free", "min", "low", "high", "present", "managed", "cma", "count:",
        "nr_free_cma", "pgalloc_dma", "40000000-4fffffff", ":", "System", "RAM", "reserved", "Kernel", "code", "cma:", "Reserved", "64",
            "MiB",
        "at", "0x40000000", "created", "CMA", "memory", "pool", "size", "0-ffffffffffffffff", "50000000-40000000",
    ];

    private static readonly Gen<string> Word = Gen.Int[0, Words.Length - 1].Select(index => Words[index]);

    private static readonly Gen<string[]> Lines = Word.Array[0, 8].Select(words => string.Join(' ', words)).Array[0, 30];

    public static TheoryData<string> Readers() => ["iomem", "set aside", "vmstat", "pagetypeinfo", "kernel log", "zoneinfo"];

    [Theory]
    [MemberData(nameof(Readers))]
    public void AnyLinesAreReadOrRefusedByName(string reader) => Law.Holds(Lines, 400, lines =>
    {
        try
        {
            Read(reader, lines);
        }
        catch (InputException refused)
        {
            Assert.StartsWith("a/file: ", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refused.Message);
        }
    });

    [Fact]
    public void RamIsWholePagesInOrderApartFromEachOther() => Law.Holds(
        Gen.Select(Gen.ULong[1, 1 << 20], Gen.ULong[1, 1 << 20]).Array[1, 10], 200, drawn =>
        {
            List<string> lines = [];
            ulong at = 0x4000_0000;
            ulong bytes = 0;
            foreach ((ulong gap, ulong length) in drawn)
            {
                at += gap;
                lines.Add($"{at:x}-{at + length:x} : System RAM");
                at += length + 1;
                bytes += length + 1;
            }

            PageGeometry geometry = PageGeometry.Page4K;
            IReadOnlyList<PhysicalRange> banks = IoMem.Ram(lines, geometry, "iomem");
            Assert.All(banks, bank => Assert.Equal((0UL, 0UL), (bank.Start.Value % 4096, bank.Bytes % 4096)));
            Assert.All(banks.Zip(banks.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start.Value));
            Assert.InRange(banks.Sum(bank => (long)bank.Bytes), (long)bytes - (drawn.Length * 2 * 4096L), (long)bytes);
        });

    [Fact]
    public void FreeFramesAreChunksByTheirSizes() =>
        Law.Holds(Gen.Select(Gen.Int[0, 5], Gen.Long[0, 500].Array[11], Gen.Long[0, 500].Array[11]), 200, drawn =>
        {
            (int type, long[] one, long[] other) = drawn;
            FreeChunkCounts first = Counts(type, one);
            FreeChunkCounts second = Counts(type, other);

            Assert.Equal(one.Select((count, order) => count << order).Sum(), first.FreeFrames);
            Assert.Equal(first.FreeFrames, first.FreeFramesOf(type));
            Assert.Equal(one, first.ByOrder(type));
            Assert.Equal(one.Zip(other, (a, b) => Math.Abs(a - b)).Select((count, order) => count << order).Sum(),
                first.DifferenceFrames(second));
            Assert.Equal(first.DifferenceFrames(second), second.DifferenceFrames(first));
            Assert.Equal(0, first.DifferenceFrames(first));
        });

    [Theory]
    [InlineData("Page block order: 9", 9)]
    [InlineData("Page block order: 10", 10)]
    [InlineData("Page block order: 3", null)]
    [InlineData("Page block order: 11", 11)]
    [InlineData("Page block order: 13", 13)]
    [InlineData("Page block order: 14", null)]
    [InlineData("Page block order: x", null)]
    public void AnOrderThatNoPageblockHasIsNotTaken(string line, int? order) => Assert.Equal(
        order, PageTypeInfo.Parse([line, "Node 0, zone DMA, type Movable 1"], "a/file").PageBlockOrder);

    [Fact]
    public void TypesThatThisKernelHasNotAreLeftOut()
    {
        FreeChunkCounts counts = PageTypeInfo.Parse(
            [
                "Node 0, zone DMA, type Strange 7 7", "Node 0, zone DMA, type Movable 1 2",
                "Number of blocks type Strange Movable", "Node 0, zone DMA 40 50",
            ],
            "a/file");

        Assert.Equal(1 + (2 << 1), counts.FreeFrames);
        Assert.Equal(50, counts.Blocks.Sum());
    }

    [Fact]
    public void ZonesAreReadOneAfterTheOther()
    {
        IReadOnlyList<ZoneInfoEntry> zones = ZoneInfo.Parse(
            [
                "Node 0, zone DMA", "  pages free 1", "  min 2", "  low 3", "  high 4", "  present 5", "  managed 6", "  cma 7",
                "  nr_free_cma 8", "  count: 9", "Node 1, zone Normal", "  pages free 11", "  count: 19", "  count: 20",
            ],
            "a/file");
        ZoneInfoEntry first = zones[0];

        Assert.Equal([(0, "DMA"), (1, "Normal")], zones.Select(zone => (zone.Node, zone.Zone)));
        Assert.Equal((1, 2, 3, 4, 5, 6, 7, 8),
            (first.Free, first.Min, first.Low, first.High, first.Present, first.Managed, first.Cma, first.FreeCma));
        Assert.Equal([9L], first.PerCpuCounts);
        Assert.Equal([19L, 20L], zones[1].PerCpuCounts);
    }

    [Theory]
    [InlineData("cma: Reserved 64 MiB at 0x40000000", 0x4000_0000UL, 64UL << 20)]
    [InlineData("[ 0.0] Reserved memory: created CMA memory pool at 0x0000000048000000, size 16 MiB", 0x4800_0000UL, 16UL << 20)]
    [InlineData("cma: Reserved 64 KiB at 0x40000000", 0UL, 0UL)]
    [InlineData("cma: Reserved 0 MiB at 0x40000000", 0UL, 0UL)]
    [InlineData("cma: Reserved 9999999 MiB at 0x40000000", 0UL, 0UL)]
    [InlineData("cma: Reserved 64 MiB at 0x10000000000000", 0UL, 0UL)]
    [InlineData("cma: Failed to reserve 64 MiB", 0UL, 0UL)]
    public void TheKernelLogTellsOfAnArea(string line, ulong start, ulong bytes)
    {
        IReadOnlyList<CmaPool> pools = KernelLog.Read([line], "dmesg").CmaPools;

        Assert.Equal(bytes > 0 ? [(start, bytes)] : [], pools.Select(pool => (pool.Range.Start.Value, pool.Range.Bytes)));
    }

    [Theory]
    [InlineData(64, 64)]
    [InlineData(65, 64)]
    public void NoKernelHasMoreAreas(int lines, int pools) => Assert.Equal(
        pools, KernelLog.Read(Enumerable.Range(1, lines).Select(n => $"cma: Reserved 1 MiB at 0x{n:x}00000"), "dmesg").CmaPools.Count);

    [Fact]
    public void AnAreaOverAnotherIsTheSame() => Assert.Single(
        KernelLog.Read(["cma: Reserved 64 MiB at 0x40000000", "cma: Reserved 64 MiB at 0x42000000"], "dmesg").CmaPools);

    private static FreeChunkCounts Counts(int type, long[] chunks)
    {
        FreeChunkCounts counts = new();
        chunks.CopyTo(counts.Chunks[type], 0);
        return counts;
    }

    private static void Read(string reader, string[] lines)
    {
        switch (reader)
        {
            case "iomem":
                IoMem.Ram(lines, PageGeometry.Page4K, "a/file");
                break;
            case "set aside":
                IoMem.SetAside(lines);
                break;
            case "vmstat":
                Assert.InRange(VmStat.Read(lines).PagesAllocated ?? 0, 0, long.MaxValue / 16);
                break;
            case "pagetypeinfo":
                Assert.InRange(PageTypeInfo.Parse(lines, "a/file").FreeFrames, 0, long.MaxValue);
                break;
            case "kernel log":
                KernelLog.Read(lines, "dmesg");
                break;
            default:
                ZoneInfo.Parse(lines, "a/file");
                break;
        }
    }
}
