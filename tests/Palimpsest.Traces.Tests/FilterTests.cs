using CsCheck;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests;

/// <summary>A filter lets through what its words say, and says which words those are.</summary>
public sealed class FilterTests
{
    [Theory]
    [InlineData("init", "init", true)]
    [InlineData("init", "init2", false)]
    [InlineData("init", "ainit", false)]
    [InlineData("kworker/*", "kworker/0:1", true)]
    [InlineData("kworker/*", "kworker", false)]
    [InlineData("*", "", true)]
    [InlineData("?", "a", true)]
    [InlineData("?", "ab", false)]
    [InlineData("a.c", "abc", false)]
    [InlineData("a[b]", "a[b]", true)]
    [InlineData("(x)", "(x)", true)]
    [InlineData("Init", "init", false)]
    public void ANameMayHaveStarsAndQuestionMarks(string pattern, string name, bool isMeant)
    {
        Assert.Equal(isMeant, TraceFilter.NameRule(pattern).IsMatch(name));
        Assert.Equal(isMeant, TraceFilter.TaskRule(pattern)(new TraceTask(7, name)));
    }

    [Theory]
    [InlineData("kmem:mm_page_alloc", "mm_page_alloc", true)]
    [InlineData("mm_page_*", "mm_page_free", true)]
    [InlineData("kmem:mm_page_*", "cma_release", false)]
    public void AnEventMayHaveItsSystem(string pattern, string name, bool isMeant) =>
        Assert.Equal(isMeant, TraceFilter.EventRule(pattern).IsMatch(name));

    [Theory]
    [InlineData("pid=7", 7, true)]
    [InlineData("pid=7", 70, false)]
    [InlineData("pid=", 7, false)]
    [InlineData("pid=-7", -7, false)]
    [InlineData("pid=x", 7, false)]
    public void AProcessMayBeMeantByItsNumber(string pattern, int pid, bool isMeant) =>
        Assert.Equal(isMeant, TraceFilter.TaskRule(pattern)(new TraceTask(pid, "other")));

    [Fact]
    public void APatternThatLooksLikeANumberButIsNoneIsAName() =>
        Assert.True(TraceFilter.TaskRule("pid=x")(new TraceTask(1, "pid=x")));

    [Theory]
    [InlineData(0, long.MaxValue, 5, true)]
    [InlineData(5, 9, 5, true)]
    [InlineData(5, 9, 9, true)]
    [InlineData(5, 9, 4, false)]
    [InlineData(5, 9, 10, false)]
    public void AWindowHasBothItsEnds(long from, long to, long time, bool isIn) =>
        Assert.Equal(isIn, new TraceFilter { FromNs = from, ToNs = to }.HasTime(time));

    [Fact]
    public void WithoutAnyCpuAllAreMeant()
    {
        Assert.True(new TraceFilter().HasCpu(77));
        Assert.True(new TraceFilter { Cpus = [1, 77] }.HasCpu(77));
        Assert.False(new TraceFilter { Cpus = [1, 77] }.HasCpu(7));
    }

    [Fact]
    public void TheSentenceNamesEachWord()
    {
        TraceFilter all = new()
        {
            FromNs = 1_500_000_000, ToNs = 2_000_000_000, Cpus = [3, 1], Events = ["mm_*", "cma_*"], Processes = ["init", "pid=7"],
        };

        Assert.Equal("Left by the filters: from 1.5 s to 2 s; events mm_*, cma_*; events of init, pid=7; events on CPU 1, 3.",
            all.Sentence());
        Assert.Equal("Left by the filters: from 1.5 s on; pages allocated by init; pages allocated on CPU 2.",
            new TraceFilter { FromNs = 1_500_000_000, Processes = ["init"], Cpus = [2], FollowsPages = true }.Sentence());
        Assert.Equal("Left by the filters: .", new TraceFilter().Sentence());
    }

    [Theory]
    [InlineData("cpu", "1 3")]
    [InlineData("task", "0 1 2")]
    [InlineData("event", "2")]
    [InlineData("window", "1 2")]
    [InlineData("cpu and task", "1")]
    [InlineData("nothing", "0 1 2 3")]
    public void EventsThatAllWordsMeanAreLetThrough(string words, string let)
    {
        TaskTable tasks = new();
        EventTally names = new();
        int init = tasks.IndexOf(1, "init"u8);
        int other = tasks.IndexOf(2, "other"u8);
        (int Slot, TraceEvent Item)[] events =
        [
            (names.SlotOf("mm_page_alloc"u8), new TraceEvent { TimeNs = 1_000, Cpu = 0, Task = init }),
            (names.SlotOf("mm_page_alloc"u8), new TraceEvent { TimeNs = 1_010, Cpu = 1, Task = init }),
            (names.SlotOf("mm_page_free"u8), new TraceEvent { TimeNs = 1_020, Cpu = 0, Task = init }),
            (names.SlotOf("mm_page_alloc"u8), new TraceEvent { TimeNs = 1_030, Cpu = 1, Task = other }),
        ];
        TraceFilter filter = words switch
        {
            "cpu" => new TraceFilter { Cpus = [1] },
            "task" => new TraceFilter { Processes = ["in*"] },
            "event" => new TraceFilter { Events = ["*free"] },
            "window" => new TraceFilter { FromNs = 10, ToNs = 20 },
            "cpu and task" => new TraceFilter { Cpus = [1], Processes = ["pid=1"] },
            _ => new TraceFilter(),
        };
        FilterVerdicts verdicts = new(filter, names, tasks);

        Assert.Equal(let, string.Join(' ', events.Index().Where(one => verdicts.Lets(one.Item.Slot, one.Item.Item)).Select(
            one => one.Index)));
    }

    [Fact]
    public void TimeIsCountedFromTheFirstEventEvenIfThatIsLeftOut()
    {
        FilterVerdicts verdicts = new(new TraceFilter { FromNs = 10, Cpus = [1] }, new EventTally(), new TaskTable());

        Assert.False(verdicts.Lets(0, new TraceEvent { TimeNs = 500, Cpu = 0 }));
        Assert.False(verdicts.Lets(0, new TraceEvent { TimeNs = 509, Cpu = 1 }));
        Assert.True(verdicts.Lets(0, new TraceEvent { TimeNs = 510, Cpu = 1 }));
    }

    [Fact]
    public void APageThatIsLeftOutStaysOutUntilItIsFreed() =>
        Law.Holds(Gen.Select(Gen.Int[0, 2], Gen.ULong[0, 40], Gen.Int[0, 3], Gen.Bool).Array[1, 60], 400, drawn =>
        {
            PagesLeftOut leftOut = new();
            bool[] isOut = new bool[80];
            foreach ((int what, ulong pfn, int order, bool isMeant) in drawn)
            {
                TraceEventKind kind =
                    what switch { 0 => TraceEventKind.Allocate, 1 => TraceEventKind.Free, _ => TraceEventKind.FreeBatched };
                TraceEvent item = new() { Kind = kind, Pfn = new Pfn(pfn), Order = (byte)order };
                bool lets = leftOut.Lets(item, isMeant);
                Range pages = (int)pfn..((int)pfn + (1 << order));
                switch (what)
                {
                    case 0:
                        Assert.Equal(isMeant, lets);
                        isOut.AsSpan()[pages].Fill(!isMeant);
                        break;
                    case 1:
                        Assert.Equal(!isOut[pfn], lets);
                        if (!lets)
                        {
                            isOut.AsSpan()[pages].Clear();
                        }

                        break;
                    default:
                        Assert.Equal(!isOut[pfn], lets);
                        break;
                }
            }
        });
}
