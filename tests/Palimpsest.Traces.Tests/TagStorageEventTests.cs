using System.Text;

namespace Palimpsest.Traces.Tests;

/// <summary>The events of a kernel that runs RFC v3, as its text has them.</summary>
public sealed class TagStorageEventTests
{
    private const string Alloc = "mm_page_alloc: page=00000000c3b0c4fd pfn=0x43fff order=0 migratetype=0 gfp_flags=GFP_KERNEL";

    [Theory]
    [InlineData("mts_reserve_start: pfn=0x44a42 order=2 where=fault block=0x48252 nblocks=3",
        TraceEventKind.StorageReserveBegin, 0x44a42, 2, 0, 0x48252, 3)]
    [InlineData("mts_reserve: pfn=0x44a42 order=0 where=alloc block=0x48252 nblocks=1 present=0 free=0 contig=1 path=contig ret=0",
        TraceEventKind.StorageReserve, 0x44a42, 0, 3, 0x48252, 1)]
    [InlineData("mts_reserve: pfn=0x4c8a3 order=0 where=fault block=0x68645 nblocks=1 present=0 free=0 contig=0 path=failed ret=-16",
        TraceEventKind.StorageReserve, 0x4c8a3, 0, 5, 0x68645, 1)]
    [InlineData("mts_block: block=0x48058 pages=4 op=take refs=1 how=free", TraceEventKind.StorageBlock, 0x48058, 0, 1, 4, 1)]
    [InlineData("mts_block: block=0x48058 pages=4 op=put refs=0 how=release", TraceEventKind.StorageBlock, 0x48058, 0, 2, 4, 0)]
    [InlineData("mts_free: pfn=0x47f2f order=9 tagged=1 block=0x483f9 nblocks=16 released=7",
        TraceEventKind.StorageFree, 0x47f2f, 9, 1, 0x483f9, 7)]
    [InlineData("mts_mark: pfn=0x4439a nr=16 missing=5", TraceEventKind.StorageMark, 0x4439a, 0, 0, 16, 5)]
    [InlineData("mts_fault: addr=0xffffa2f8b000 pfn=0x4439a order=0 storage=1 outcome=replace ret=0 flags=0x1a55",
        TraceEventKind.StorageFault, 0x4439a, 0, 3, 0x1a55, 1)]
    [InlineData("mts_tagged: pfn=0x44a42 how=saved", TraceEventKind.StorageTagged, 0x44a42, 0, 4, 0, 0)]
    [InlineData("mts_saved: pfn=0x44e17 from=0x401fd op=to_hw", TraceEventKind.TagsSaved, 0x44e17, 0, 6, 0x401fd, 0)]
    [InlineData("cma_alloc_range_start: name=cma0 start=48252 count=1 tries=3", TraceEventKind.ExactRangeBegin, 0x48252, 0, 0, 1, 0)]
    [InlineData("cma_alloc_range_finish: name=cma0 start=48058 count=8 attempts=2 err=0 free=1",
        TraceEventKind.ExactRangeEnd, 0x48058, 0, 1, 8, 2)]
    public void AnEventSaysWhatItsLineSays(string line, TraceEventKind kind, int pfn, int order, int how, int value, int small)
    {
        TraceEvent at = Read(line).Events[0];

        Assert.Equal((kind, (ulong)pfn, order, how, value), (at.Kind, at.Pfn.Value, at.Order, at.MigrateType, at.Value));
        Assert.Equal(small, TagStorageEvents.SmallOf(at));
    }

    [Fact]
    public void WhereAndHowManyAndWhetherItFailedAreTold()
    {
        TraceEvent fault = Read("mts_fault: addr=0xff pfn=0x4439a order=0 storage=0 outcome=retry ret=-16 flags=0x55").Events[0];
        TraceEvent range = Read("cma_alloc_range_finish: name=cma0 start=68645 count=1 attempts=3 err=-16 free=0").Events[0];
        TraceEvent begin = Read("mts_reserve_start: pfn=0x44a42 order=0 where=init block=0x48252 nblocks=1").Events[0];
        TraceEvent free = Read("mts_free: pfn=0x47f2f order=9 tagged=0 block=0x483f9 nblocks=16 released=7").Events[0];

        Assert.True(TagStorageEvents.HasFailed(fault));
        Assert.True(TagStorageEvents.HasFailed(range));
        Assert.Equal(2, TagStorageEvents.WhereOf(begin));
        Assert.Equal((1, 16), (TagStorageEvents.BlocksOf(begin), TagStorageEvents.BlocksOf(free)));
    }

    [Theory]
    [InlineData("mts_reserve: pfn=0x44a42 order=0 where=alloc block=0x48252 nblocks=1 path=stolen ret=0")]
    [InlineData("mts_free: pfn=0x47f2f tagged=1")]
    [InlineData("mts_tagged: pfn=0xffffffffffffffff how=zero")]
    public void WhatNoKernelOfTheProposalPrintsIsOnlyCounted(string line)
    {
        Trace trace = Read(line);

        Assert.Equal(TraceEventKind.Allocate, trace.Events[0].Kind);
        Assert.Equal(2, trace.EventCount);
    }

    [Fact]
    public void RecordsNameTheFieldsDifferently()
    {
        Assert.Contains("count", Fields("mts_block"));
        Assert.Contains("take", Fields("mts_block"));
        Assert.Contains("was_free", Fields("cma_alloc_range_finish"));
        Assert.Contains("path", Fields("mts_reserve"));
    }

    [Fact]
    public void ARecordGivesTheSameEventAsTheLine()
    {
        EventMeaning meaning = new("mts_reserve", TraceEventKind.StorageReserve);
        var values = default(EventValues);
        values[(int)EventRole.Page] = 0x44a42;
        values[(int)EventRole.MigrateType] = 3;
        values[(int)EventRole.Count] = 0x48252;
        values[(int)EventRole.End] = 1;
        values[(int)EventRole.Gfp] = 1;
        TraceEvent item = default;

        Assert.True(meaning.TryDecode(values, hasCount: true, new GfpSetTable(GfpBits.Of("6.12", [])), ref item, out string? complaint));
        Assert.Null(complaint);
        Assert.Equal((3, 0x48252, 1, 1),
            (item.MigrateType, item.Value, TagStorageEvents.WhereOf(item), TagStorageEvents.BlocksOf(item)));
    }

    private static IEnumerable<string> Fields(string name) =>
        TagStorageEvents.RecordFields(EventKinds.Of(Encoding.ASCII.GetBytes(name))).Select(field => field.Name);

    private static Trace Read(string line)
    {
        string text = string.Concat(new[] { line, Alloc }.Select(payload =>
            $"            init-1       [000] .....   100.000000: {payload}\n"));
        return TraceFile.Read(new MemoryStream(Encoding.UTF8.GetBytes("# tracer: nop\n#\n" + text)), "recording");
    }
}
