using System.Text;
using Palimpsest.Testing.Recordings;
using Palimpsest.Traces.Perfetto;

namespace Palimpsest.Traces.Tests.Perfetto;

/// <summary>Who a thread is: what the last event said, else a list, else its process; and columns of the scheduler.</summary>
public sealed class ThreadNameTests
{
    private readonly TaskTable _tasks = new();
    private readonly ThreadNames _names;

    public ThreadNameTests() => _names = new ThreadNames(_tasks);

    [Fact]
    public void AThreadThatNobodyNamedHasNoName() => Assert.Equal("<...>", NameOf(7));

    [Fact]
    public void ThreadZeroIsIdleWhateverIsSaid()
    {
        _names.Name(0, "swapper/3");

        Assert.Equal("<idle>", NameOf(0));
    }

    [Fact]
    public void TheLastNameCounts()
    {
        _names.Name(7, "first");
        Assert.Equal("first", NameOf(7));
        _names.Name(7, "second");
        Assert.Equal("second", NameOf(7));
        Assert.Equal(["first", "second"], _tasks.Tasks.Select(task => task.Comm));
    }

    [Fact]
    public void AListSaysWhatNoEventSaidAndOnlyOnce()
    {
        _names.List(7, "listed");
        _names.List(7, "again");
        Assert.Equal("listed", NameOf(7));

        _names.Name(7, "event");
        _names.List(7, "later");
        Assert.Equal("event", NameOf(7));
    }

    [Fact]
    public void AThreadOfAProcessIsCalledAsThatIs()
    {
        byte[] tree = new MessageWriter()
            .Message(1, process => process.Number(1, 100).Text(3, "/usr/bin/browser").Text(3, "--flag"))
            .Message(2, thread => thread.Number(1, 101).Number(3, 100))
            .Message(2, thread => thread.Number(1, 102).Text(2, "Worker").Number(3, 100)).ToArray();

        Assert.True(_names.TryReadTree(tree));
        Assert.Equal(["browser", "browser", "Worker"], new[] { 100, 101, 102 }.Select(NameOf));
    }

    [Fact]
    public void ATreeThatBreaksOffIsToldAndWhatThereIsIsKept()
    {
        byte[] tree = new MessageWriter().Message(1, process => process.Number(1, 100).Text(3, "one"))
            .Message(1, process => process.Number(1, 200).Text(3, "two")).ToArray();

        Assert.False(_names.TryReadTree(tree.AsSpan(0, tree.Length - 2)));
        Assert.Equal("one", NameOf(100));
    }

    [Fact]
    public void EqualTextsAreOneString()
    {
        Assert.Same(_names.TextOf("comm"u8), _names.TextOf("comm"u8));
        Assert.Equal(64, _names.TextOf(Encoding.ASCII.GetBytes(new string('x', 100))).Length);
    }

    [Fact]
    public void ColumnsOfTheSchedulerAreEventsInTime()
    {
        byte[] message = new MessageWriter().Text(5, "one").Text(5, "two")
            .Packed(1, 100, 5, 5).Packed(3, 7, 8, 7).Packed(6, 0, 1, 1).ToArray();
        List<(long, int, string?)> said = [];
        ulong latest = 0;
        TimeOrder<PendingEvent> order = new(
            (items, places, count) => said.AddRange(
                places[..count].Select(at => (items[at].Event.TimeNs, items[at].Named, items[at].Comm))),
            mostPending: 100);

        Assert.True(CompactSched.Switches(message).TryAdd(default, CompactSched.Table(message, _names), order, ref latest));
        order.End();
        Assert.Equal([(100, 7, "one"), (105, 8, "two"), (110, 7, "two")], said);
        Assert.Equal(110UL, latest);
    }

    [Theory]
    [InlineData(new ulong[] { 1, 2 }, new ulong[] { 7 }, new ulong[] { 0, 0 })]
    [InlineData(new ulong[] { 1, 2 }, new ulong[] { 7, 8 }, new ulong[] { 0 })]
    [InlineData(new ulong[] { 1 }, new ulong[] { 7 }, new ulong[] { 5 })]
    public void ColumnsThatDoNotFitEachOtherAreBroken(ulong[] times, ulong[] threads, ulong[] names)
    {
        byte[] message = new MessageWriter().Text(5, "one").Packed(7, times).Packed(8, threads).Packed(11, names).ToArray();
        ulong latest = 0;
        TimeOrder<PendingEvent> order = new((_, _, _) => { }, mostPending: 100);

        Assert.False(CompactSched.Wakings(message).TryAdd(default, CompactSched.Table(message, _names), order, ref latest));
    }

    [Theory]
    [InlineData(KnownEvents.SchedWaking, 2u, 1u)]
    [InlineData(KnownEvents.ProcessExit, 2u, 1u)]
    [InlineData(KnownEvents.TaskNewTask, 1u, 2u)]
    [InlineData(KnownEvents.TaskRename, 1u, 3u)]
    [InlineData(KnownEvents.ProcessFork, 4u, 3u)]
    [InlineData(KnownEvents.SchedSwitch, 6u, 5u)]
    public void EventsOfTasksSayWhoIsCalledWhat(uint number, uint thread, uint comm)
    {
        PendingEvent item = default;
        TaskEvent.Learn(number, new MessageWriter().Number(thread, 77).Text(comm, "name").ToArray(), _names, ref item);

        Assert.Equal((77, "name"), (item.Named, item.Comm));
    }

    [Fact]
    public void ASwitchSaysWhoLeftToo()
    {
        PendingEvent item = default;
        byte[] message = new MessageWriter().Text(1, "leaving").Number(2, 5).Text(5, "coming").Number(6, 6).ToArray();
        TaskEvent.Learn(KnownEvents.SchedSwitch, message, _names, ref item);

        Assert.Equal(("leaving", "<...>"), (NameOf(5), NameOf(6)));
        Assert.Equal("coming", item.Comm);
    }

    private string NameOf(int thread) => _tasks.Tasks[_names.TaskOf(thread)].Comm;
}
