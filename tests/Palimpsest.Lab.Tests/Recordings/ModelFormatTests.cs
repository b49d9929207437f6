using System.Text;
using Palimpsest.Kernel.Events;
using Palimpsest.Lab.Recordings;
using Palimpsest.Testing.Recordings;
using Palimpsest.Traces;
using Palimpsest.Traces.Writing;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Recordings;

/// <summary>Each thing that the model does has a format of its own, and is read back as what it was.</summary>
public sealed class ModelFormatTests
{
    [Fact]
    public void EveryKindHasAFormatAndOnlyAllocationsShareOne()
    {
        int[] formats = [.. Enum.GetValues<KernelEventKind>().Select(ModelFormats.IndexOf)];

        Assert.All(formats, format => Assert.InRange(format, 0, ModelFormats.All.Count - 1));
        Assert.Equal(ModelFormats.All.Count, formats.Distinct().Count());
        Assert.Equal([KernelEventKind.PageAllocated, KernelEventKind.AllocationFailed],
            Enum.GetValues<KernelEventKind>().Where(kind => ModelFormats.IndexOf(kind) == 0));
    }

    [Fact]
    public void NoTwoFormatsHaveOneNumberOrOneName()
    {
        Assert.Equal(ModelFormats.All.Count, ModelFormats.All.Select(format => format.Id).Distinct().Count());
        Assert.Equal(ModelFormats.All.Count, ModelFormats.All.Select(format => format.Name).Distinct().Count());
    }

    [Theory]
    [InlineData(KernelEventKind.PageAllocated, "kmem", "mm_page_alloc")]
    [InlineData(KernelEventKind.PageFreed, "kmem", "mm_page_free")]
    [InlineData(KernelEventKind.ZoneLocked, "kmem", "mm_page_alloc_zone_locked")]
    [InlineData(KernelEventKind.PerCpuDrained, "kmem", "mm_page_pcpu_drain")]
    [InlineData(KernelEventKind.ExternalFragmentation, "kmem", "mm_page_alloc_extfrag")]
    [InlineData(KernelEventKind.RangeAllocated, "cma", "cma_alloc_finish")]
    [InlineData(KernelEventKind.KswapdWoken, "vmscan", "mm_vmscan_kswapd_wake")]
    [InlineData(KernelEventKind.DirectReclaim, "vmscan", "mm_vmscan_direct_reclaim_begin")]
    [InlineData(KernelEventKind.FolioMoved, "palimpsest", "folio_moved")]
    [InlineData(KernelEventKind.BlockReserved, "palimpsest", "tag_block_reserved")]
    [InlineData(KernelEventKind.BlockReleased, "palimpsest", "tag_block_released")]
    [InlineData(KernelEventKind.StorageBusy, "palimpsest", "tag_storage_busy")]
    [InlineData(KernelEventKind.FaultOnAccess, "palimpsest", "fault_on_access")]
    [InlineData(KernelEventKind.PageTagged, "palimpsest", "page_tagged")]
    [InlineData(KernelEventKind.PageUntagged, "palimpsest", "page_untagged")]
    [InlineData(KernelEventKind.TagFault, "palimpsest", "tag_fault")]
    public void WhatTheKernelHasANameForIsCalledSo(KernelEventKind kind, string system, string name)
    {
        EventFormat format = ModelFormats.All[ModelFormats.IndexOf(kind)];

        Assert.Equal((system, name), (format.System, format.Name));
    }

    [Fact]
    public void EventsOfOursAreNoneThatAReaderKeeps() => Assert.All(
        ModelFormats.All.Where(format => format.System == "palimpsest"),
        format => Assert.Null(EventKinds.Of(Encoding.ASCII.GetBytes(format.Name))));

    [Fact]
    public void AnEventIsReadBackWithItsNumbers()
    {
        Trace trace = Recorded(
            new KernelEvent(KernelEventKind.PageAllocated, new CpuId(1), new Frame(5), 3, MigrateType.Movable,
                GfpFlags.HighUserMovable | GfpFlags.ZeroTags),
            new KernelEvent(KernelEventKind.AllocationFailed, CpuId.Boot, Frame.None, 9, MigrateType.Unmovable, GfpFlags.KernelDefault),
            new KernelEvent(KernelEventKind.PageFreed, new CpuId(1), new Frame(5), 3),
            new KernelEvent(KernelEventKind.ZoneLocked, CpuId.Boot, new Frame(7), 0, MigrateType.Reclaimable, Value: 1),
            new KernelEvent(KernelEventKind.PerCpuDrained, CpuId.Boot, new Frame(7), 0, MigrateType.Reclaimable),
            new KernelEvent(KernelEventKind.ExternalFragmentation, CpuId.Boot, new Frame(8), 2, MigrateType.Unmovable),
            new KernelEvent(KernelEventKind.RangeAllocated, CpuId.Boot, new Frame(512), Value: 64));

        Assert.Equal(
            [
                "Allocate 5 order 3 type 1 cpu 1", "AllocateFailed - order 9 type 0 cpu 0", "Free 5 order 3 type 0 cpu 1",
                "Refill 7 order 0 type 2 cpu 0 value 1", "Drain 7 order 0 type 2 cpu 0",
                "ExternalFragmentation 8 order 2 type 0 cpu 0 value 1",
                "CmaAllocate 512 order 0 type 0 cpu 0 value 64",
            ],
            trace.All().Select(Text));
        Assert.Equal(GfpFlags.HighUserMovable | GfpFlags.ZeroTags, trace.GfpOf(0));
    }

    [Fact]
    public void WhatNamesNoCpuIsDoneWhereTheLastWas()
    {
        Trace trace = Recorded(
            new KernelEvent(KernelEventKind.PageFreed, new CpuId(1), new Frame(5)),
                new KernelEvent(KernelEventKind.PageFreed, CpuId.None, new Frame(6)),
            new KernelEvent(KernelEventKind.PageFreed, CpuId.Boot, new Frame(7)),
                new KernelEvent(KernelEventKind.PageFreed, CpuId.None, new Frame(8)));

        Assert.Equal([1, 1, 0, 0], trace.All().Select(item => (int)item.Cpu));
    }

    [Fact]
    public void NoTwoEventsHaveOneTimeAndNoneGoesBack()
    {
        ModelRecorder recorder = new(Recording.Layout, cpus: 2);
        recorder.NowNs = 100;
        recorder.Happened(new KernelEvent(KernelEventKind.PageFreed, CpuId.Boot, new Frame(1)));
        recorder.Happened(new KernelEvent(KernelEventKind.PageFreed, new CpuId(1), new Frame(2)));
        recorder.NowNs = 50;
        recorder.Happened(new KernelEvent(KernelEventKind.PageFreed, CpuId.Boot, new Frame(3)));
        recorder.NowNs = 500;
        recorder.Happened(new KernelEvent(KernelEventKind.PageFreed, CpuId.Boot, new Frame(4)));

        Assert.Equal([100, 101, 102, 500], Read(recorder).All().Select(item => item.TimeNs));
        Assert.Equal(4, recorder.Events);
    }

    [Fact]
    public void WhoDoesItIsNamed()
    {
        ModelRecorder recorder = new(Recording.Layout, cpus: 1);
        recorder.Name(7, "seven");
        recorder.Pid = 7;
        recorder.Happened(new KernelEvent(KernelEventKind.PageFreed, CpuId.Boot, new Frame(1)));
        Trace trace = Read(recorder);

        Assert.Equal(new TraceTask(7, "seven"), trace.Tasks[trace.Events[0].Task]);
        Assert.Equal("6.1.0-palimpsest", trace.KernelRelease);
    }

    [Fact]
    public void EventsOfOursAreCountedUnderTheirNames()
    {
        Trace trace = Recorded(
            new KernelEvent(KernelEventKind.PageFreed, CpuId.Boot, new Frame(1)),
                new KernelEvent(KernelEventKind.BlockReserved, CpuId.Boot, new Frame(3), Value: 1),
            new KernelEvent(KernelEventKind.FolioMoved, CpuId.Boot, new Frame(3), Value: 4),
                new KernelEvent(KernelEventKind.TagFault, CpuId.Boot, new Frame(3)),
            new KernelEvent(KernelEventKind.KswapdWoken, CpuId.Boot, Frame.None, 2));

        Assert.Equal(["folio_moved", "mm_page_free", "mm_vmscan_kswapd_wake", "tag_block_reserved", "tag_fault"],
            trace.EventsByType.Select(type => type.Key));
        Assert.Equal(1, trace.Events.Count);
    }

    private static Trace Recorded(params KernelEvent[] events)
    {
        ModelRecorder recorder = new(Recording.Layout, cpus: 2);
        foreach (KernelEvent item in events)
        {
            recorder.Happened(item);
        }

        return Read(recorder);
    }

    private static Trace Read(ModelRecorder recorder)
    {
        using MemoryStream file = new();
        recorder.WriteTo(file);
        return SampleText.Read(file.ToArray());
    }

    private static string Text(TraceEvent item) =>
        $"{item.Kind} {(item.Pfn.Value == 0 ? "-" : $"{Recording.Layout.FrameOf(item.Pfn)}")} order {item.Order} type {item.MigrateType} "
            + $"cpu {item.Cpu}{(item.Value > 0 ? $" value {item.Value}" : "")}";
}
