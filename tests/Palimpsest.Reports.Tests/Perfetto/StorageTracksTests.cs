using Palimpsest.Designs;
using Palimpsest.Lab.Courses;
using Palimpsest.Lab.Recordings;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Perfetto;
using Palimpsest.Traces;

namespace Palimpsest.Reports.Tests.Perfetto;

/// <summary>What a design does about tag storage is read back by our own reader of Perfetto, event for event.</summary>
public sealed class StorageTracksTests
{
    private const long StartNs = 7_000_000_000;

    private static readonly ComparisonResult Tiny = TinyComparison.Run(
        [DesignCatalog.Parse("cma-no-tagged"), DesignCatalog.Parse("no-mte")], new CourseRequest { KeepsEvents = true });

    [Fact]
    public void OurReaderCountsWhatWasWritten()
    {
        StorageEvent[] written = [.. Tiny.Designs.SelectMany(design => design.Course!.Events!.Events)];
        Trace read = ReadBack(Tiny with { Recording = Tiny.Recording with { StartNs = StartNs } });
        Dictionary<string, long> counts = read.EventsByType.ToDictionary();

        Assert.NotEmpty(written);
        Assert.Equal("perfetto", read.Format);
        Assert.Equal(Count(written, StorageEventKind.Reserved), counts["tag_block_reserved"]);
        Assert.Equal(Count(written, StorageEventKind.Untagged), counts["page_left_untagged"]);
        Assert.Equal(StartNs + written.Min(happened => happened.TimeNs), read.FirstTimeNs);
    }

    [Fact]
    public void WhatFailedSaysWhy()
    {
        StorageEvents events = Tiny.Designs[1].Course!.Events!;

        Assert.All(events.Events, happened => Assert.Equal(
            (StorageEventKind.Untagged, "there is no storage for its tags"), (happened.Kind, happened.Reason)));
        Assert.Equal(Tiny.Designs[1].Counts.RefusedTagged, events.Events.Count + events.More);
        Assert.All(events.Events, happened => Assert.NotNull(happened.Pfn));
    }

    [Fact]
    public void ACpuDoesOneThingAtATime()
    {
        foreach (DesignResult design in Tiny.Designs)
        {
            foreach (IGrouping<int, StorageEvent> cpu in design.Course!.Events!.Events.GroupBy(happened => happened.Cpu.Index))
            {
                StorageEvent[] events = [.. cpu];
                Assert.All(events.Zip(events.Skip(1)), pair => Assert.True(
                    pair.First.TimeNs + pair.First.ModelledNs <= pair.Second.TimeNs));
            }
        }
    }

    [Fact]
    public void ReservationsAndReleasesAreThoseThatWereCounted()
    {
        DesignResult design = Tiny.Designs[0];
        IReadOnlyList<StorageEvent> events = design.Course!.Events!.Events;

        Assert.Equal(design.Counts.ReleasedBlocks, Count(events, StorageEventKind.Released));
        Assert.True(Count(events, StorageEventKind.Reserved) >= design.Counts.ReservedFree + design.Counts.ReservedByMigration);
    }

    private static int Count(IEnumerable<StorageEvent> events, StorageEventKind kind) => events.Count(happened => happened.Kind == kind);

    // A recording without an allocation is none to our reader, so that one stands at the end.
    private static Trace ReadBack(ComparisonResult result)
    {
        using MemoryStream stream = new();
        ComparisonPerfetto.Write(stream, result);
        new PerfettoTrace(stream).KernelEvent(0, StartNs * 2, pid: 1, "mm_page_alloc", ("pfn", 4711UL), ("order", 0UL),
            ("migratetype", 1UL), ("gfp_flags", 0UL));
        stream.Position = 0;
        return TraceFile.Read(stream, "written");
    }
}
