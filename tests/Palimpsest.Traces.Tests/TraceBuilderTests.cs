using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests;

/// <summary>A trace is what its reader found: events that are kept, counts of all, and a sentence for each thing assumed.</summary>
public sealed class TraceBuilderTests
{
    [Fact]
    public void EventsThatAreKeptAreInTheTraceAndAllAreCounted()
    {
        TraceBuilder builder = new(options: null);
        Record(builder, "mm_page_alloc", new TraceEvent { Kind = TraceEventKind.Allocate, TimeNs = 5, Cpu = 2 });
        Record(builder, "sched_switch", new TraceEvent { TimeNs = 9, Cpu = 7 }, isKept: false);
        Record(builder, "mm_page_free", new TraceEvent { Kind = TraceEventKind.Free, TimeNs = 12 });
        Record(builder, "sched_switch", new TraceEvent { TimeNs = 20 }, isKept: false);
        Trace trace = builder.Build("name", "a-format");

        Assert.Equal([TraceEventKind.Allocate, TraceEventKind.Free], Kinds(trace));
        Assert.Equal((4, 3, "a-format"), (trace.EventCount, trace.Cpus, trace.Format));
        Assert.Equal((5, 20, 7), (trace.FirstTimeNs, trace.LastTimeNs, trace.DurationNs));
        Assert.Equal([("mm_page_alloc", 1L), ("mm_page_free", 1L), ("sched_switch", 2L)],
            trace.EventsByType.Select(type => (type.Key, type.Value)));
    }

    [Fact]
    public void PagesSeenTaggedAreKeptBesideTheEvents()
    {
        TraceBuilder builder = new(options: null);
        Record(builder, "mm_page_alloc", new TraceEvent { Kind = TraceEventKind.Allocate });
        Record(builder, "k_mte_sync_tags",
            new TraceEvent { Kind = TraceEventKind.TaggedMapping, Pfn = new Pfn(77), Value = 512, TimeNs = 9, Cpu = 3 });
        Record(builder, "mm_page_free", new TraceEvent { Kind = TraceEventKind.Free });
        builder.NoteEvents();
        Trace trace = builder.Build("name", "format");

        Assert.Equal([new TaggedMapping(BeforeEvent: 1, new Pfn(77), 512, 9, 3)], trace.TaggedMappings);
        Assert.Equal(2, trace.Events.Count);
        Assert.Equal(["Arguments of mte_sync_tags were decoded as page table entries of arm64 with 4 KiB pages."], trace.Notes);
    }

    [Fact]
    public void ASinkGetsTaggedMappingsAmongTheEvents()
    {
        List<TraceEventKind> told = [];
        TraceBuilder builder = new(
            new TraceReadOptions { Sink = (events, _) => told.AddRange(events.ToArray().Select(item => item.Kind)) });
        Record(builder, "mm_page_alloc", new TraceEvent { Kind = TraceEventKind.Allocate });
        Record(builder, "k_mte_sync_tags", new TraceEvent { Kind = TraceEventKind.TaggedMapping });
        Trace trace = builder.Build("name", "format");

        Assert.Equal([TraceEventKind.Allocate, TraceEventKind.TaggedMapping], told);
        Assert.Empty(trace.TaggedMappings);
        Assert.Equal(0, trace.Events.Count);
    }

    [Theory]
    [InlineData("mm_page_alloc", "The file has no mm_page_free event.")]
    [InlineData("mm_page_free", "The file has no mm_page_alloc event.")]
    [InlineData("mm_page_free_direct", "The file has no mm_page_alloc event.")]
    public void HalfOfARecordingIsNoted(string name, string note)
    {
        TraceBuilder builder = new(options: null);
        Record(builder, name, new TraceEvent { Kind = TraceEventKind.Free });
        builder.NoteEvents();

        Assert.Equal([note], builder.Build("name", "format").Notes);
    }

    [Fact]
    public void EntriesOfMigrationsAreNotedAsAssumed()
    {
        TraceBuilder builder = new(options: null);
        Record(builder, "mm_page_alloc", new TraceEvent { Kind = TraceEventKind.Allocate });
        Record(builder, "mm_page_free", new TraceEvent { Kind = TraceEventKind.Free });
        Record(builder, "set_migration_pte", new TraceEvent { Kind = TraceEventKind.MigrationSource });
        builder.NoteEvents();

        Assert.Equal(["Entries of set_migration_pte and remove_migration_pte were decoded as those of arm64 with 4 KiB pages."],
            builder.Build("name", "format").Notes);
    }

    [Fact]
    public void TheFirstBreakIsTheOneThatCounts()
    {
        TraceBuilder builder = new(options: null);
        Record(builder, "mm_page_alloc", new TraceEvent { Kind = TraceEventKind.Allocate });
        builder.NoteCutOff("first");
        builder.NoteCutOff("second");
        Trace trace = builder.Build("name", "format");

        Assert.Equal("first", trace.CutOff);
        Assert.Equal(["first", "second"], trace.Notes);
    }

    [Fact]
    public void AFilterIsSaidAndLeavesOutWhatItSays()
    {
        TraceBuilder builder = new(new TraceReadOptions { Filter = new TraceFilter { Cpus = [1] } });
        Record(builder, "mm_page_alloc", new TraceEvent { Kind = TraceEventKind.Allocate, Cpu = 1 });
        Record(builder, "mm_page_alloc", new TraceEvent { Kind = TraceEventKind.Allocate, Cpu = 2 });
        Trace trace = builder.Build("name", "format");

        Assert.True(builder.HasFilter);
        Assert.Equal((1, 1), (trace.Events.Count, trace.EventCount));
        Assert.Equal(["Left by the filters: events on CPU 1."], trace.Notes);
    }

    [Fact]
    public void AFilterMayLeaveNothing() =>
        Assert.Equal(0, new TraceBuilder(new TraceReadOptions { Filter = new TraceFilter { Cpus = [1] } })
            .Build("name", "format").EventCount);

    [Fact]
    public void WithoutPagesARecordingIsRefusedByWhatItHas()
    {
        TraceBuilder builder = new(options: null);
        foreach (int n in Enumerable.Range(1, 10))
        {
            for (int times = 0; times < n; times++)
            {
                Record(builder, $"event_{n:d2}", default, isKept: false);
            }
        }

        string message = Assert.Throws<InputException>(() => builder.Build("name", "format")).Message;
        Assert.StartsWith(
            "name: no mm_page_alloc or mm_page_free event, it only has event_10 (10), event_09 (9), ", message, StringComparison.Ordinal);
        Assert.Contains("event_03 (3); record kmem:mm_page_alloc and kmem:mm_page_free", message, StringComparison.Ordinal);
        Assert.DoesNotContain("event_02", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "name: no mm_page_alloc or mm_page_free event, it has no events at all; record ")]
    [InlineData("3 lines", "name: no mm_page_alloc or mm_page_free event, and no other event either; 3 lines; record ")]
    public void AnEmptyRecordingIsRefusedWithWhatWasNotUnderstood(string? notUnderstood, string message)
    {
        TraceBuilder builder = new(options: null) { NotUnderstood = notUnderstood };

        Assert.StartsWith(message, Assert.Throws<InputException>(() => builder.Build("name", "format")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatTheReaderSaidOfTheRecordingIsInTheTrace()
    {
        TraceBuilder builder = new(new TraceReadOptions { KernelRelease = "6.12.1" })
        {
            PageBytes = 16_384, Clock = TraceClock.Ticks, LostEvents = 9,
        };
        Record(builder, "mm_page_free", new TraceEvent { Kind = TraceEventKind.Free, Task = builder.Tasks.IndexOf(5, "five"u8) });
        Trace trace = builder.Build("name", "format");

        Assert.Equal(("6.12.1", 16_384, TraceClock.Ticks, 9L), (trace.KernelRelease, trace.PageBytes, trace.Clock, trace.LostEvents));
        Assert.Equal(new TraceTask(5, "five"), trace.Tasks[trace.Events[0].Task]);
    }

    private static void Record(TraceBuilder builder, string name, in TraceEvent item, bool isKept = true) =>
        builder.Record(builder.Tally.SlotOf(System.Text.Encoding.ASCII.GetBytes(name)), isKept, item);

    private static List<TraceEventKind> Kinds(Trace trace)
    {
        List<TraceEventKind> kinds = [];
        foreach (ref readonly TraceEvent item in trace.Events)
        {
            kinds.Add(item.Kind);
        }

        return kinds;
    }
}
