using Palimpsest.Lab.Fidelity;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing.Scripts;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Fidelity;

/// <summary>Tag storage of a recorded kernel over time, from its events alone.</summary>
public sealed class RecordedStorageTests
{
    private static readonly MemoryLayout Layout = TestBoards.OneBank(PageGeometry.Page4K, 0x4000_0000, 64 << 20, 4096);

    private static readonly string[] Lines =
    [
        "mm_page_alloc: page=00000000c3b0c4fd pfn=0x40040 order=0 migratetype=1 gfp_flags=GFP_HIGHUSER_MOVABLE",
        "mm_page_alloc: page=00000000c3b0c4fd pfn=0x44001 order=1 migratetype=1 gfp_flags=GFP_HIGHUSER_MOVABLE",
        "mts_block: block=0x44002 pages=1 op=take refs=1 how=contig",
        "mts_reserve: pfn=0x40040 order=0 where=alloc block=0x44002 nblocks=1 present=0 free=0 contig=1 path=contig ret=0",
        "cma_alloc_range_finish: name=cma0 start=44002 count=1 attempts=1 err=0 free=0",
        "mm_page_free: page=00000000c3b0c4fd pfn=0x44001 order=0",
        "mts_block: block=0x44002 pages=1 op=put refs=0 how=release",
        "mts_free: pfn=0x40040 order=0 tagged=1 block=0x44002 nblocks=1 released=1",
    ];

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1, 0, 2, 0)]
    [InlineData(2, 1, 1, 0)]
    [InlineData(4, 1, 1, 1)]
    [InlineData(5, 1, 0, 1)]
    [InlineData(9, 0, 0, 0)]
    public void AtAMomentItIsWhatTheEventsBeforeSay(int millisecond, int reserved, int data, int tagged)
    {
        RecordedStorage storage = new(Trace(), Layout);
        storage.Advance(millisecond * 1_000_000L);

        Assert.Equal((reserved, data, tagged), (storage.Reserved, storage.Data, storage.Tagged));
    }

    [Fact]
    public void MeansAreWeightedByTimeAndMaximaAreKept()
    {
        RecordedStorage storage = new(Trace(), Layout);
        storage.Advance(2_000_000);
        storage.Advance(10_000_000);

        Assert.Equal((1, 2, 1), (storage.ReservedMax, storage.DataMax, storage.Ranges));
        Assert.Equal(0.4, storage.ReservedMean, 6);
        Assert.Equal(0.5, storage.DataMean, 6);
        Assert.Equal(0.4, storage.TaggedMean, 6);
    }

    private static Trace Trace()
    {
        string text = string.Concat(Lines.Select((line, index) => $"            init-1       [000] .....   100.{index:d3}000: {line}\n"));
        return TraceFile.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes("# tracer: nop\n#\n" + text)), "recording");
    }
}
