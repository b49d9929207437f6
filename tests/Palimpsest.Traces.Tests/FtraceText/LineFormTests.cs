using System.Text;
using Palimpsest.Traces.FtraceText;
using Palimpsest.Traces.Text;

namespace Palimpsest.Traces.Tests.FtraceText;

/// <summary>What a line says before its event, form by form; and a form once seen is kept to.</summary>
public sealed class LineFormTests
{
    private readonly TaskTable _tasks = new();

    [Theory]
    [InlineData("9.316274: x", 9_316_274_000L, TimeStampKind.Time, 9)]
    [InlineData("0.000001: x", 1_000L, TimeStampKind.Time, 9)]
    [InlineData("12.5: x", 12_500_000_000L, TimeStampKind.Time, 5)]
    [InlineData("1044.127864123: x", 1_044_127_864_123L, TimeStampKind.Time, 15)]
    [InlineData("2716298610013: x", 2_716_298_610_013L, TimeStampKind.Bare, 14)]
    [InlineData("0:", 0L, TimeStampKind.Bare, 2)]
    public void ATimeIsSecondsOrABareNumber(string text, long value, object kind, int end)
    {
        Assert.True(TimeStamp.TryRead(Bytes(text), out TimeStamp time, out int at));

        Assert.Equal((value, (TimeStampKind)kind, end), (time.Value, time.Kind, at));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("12")]
    [InlineData("12.:")]
    [InlineData(".5:")]
    [InlineData("12.5")]
    [InlineData("1.0000000001:")]
    [InlineData("1234567890123456789:")]
    [InlineData("9223372037.0:")]
    [InlineData("-1.5:")]
    [InlineData("a1:")]
    public void WhatIsNoTimeIsRefused(string text) => Assert.False(TimeStamp.TryRead(Bytes(text), out _, out _));

    [Theory]
    [InlineData("            init-1       [003] .....     9.316274: mm_page_free: x", "init 1 cpu 3")]
    [InlineData("            init-1       [003]     9.316274: mm_page_free: x", "init 1 cpu 3")]
    [InlineData("            init-1     (    1) [003] d..2.     9.316274: mm_page_free: x", "init 1 cpu 3")]
    [InlineData("            init-1     (-----) [003] d..2.     9.316274: mm_page_free: x", "init 1 cpu 3")]
    [InlineData("            init-1       [003] .....     9.316274: (+31) mm_page_free: x", "init 1 cpu 3")]
    [InlineData("     kworker/0:1-1234567 [000] .....     9.316274: mm_page_free: x", "kworker/0:1 1234567 cpu 0")]
    [InlineData("          <idle>-0       [1023] .....     9.316274: mm_page_free: x", "<idle> 0 cpu 1023")]
    [InlineData("        a-b [1]-77       [001] .....     9.316274: mm_page_free: x", "a-b [1] 77 cpu 1")]
    [InlineData("rec:             init-1       [003] .....     9.316274: mm_page_free: x", "init 1 cpu 3")]
    [InlineData("init-1 [3] 9.316274: mm_page_free: x", "init 1 cpu 3")]
    public void TheStandardFormNamesTaskCpuAndTime(string line, string said) =>
        Assert.Equal(said + " 9316274000 mm_page_free: x", Read(new StandardForm(_tasks).TryRead, line));

    [Theory]
    [InlineData("            init-1       [003] ....... 9.316274: ")]
    [InlineData("            init-1       [003] .........     9.316274: mm_page_free: x")]
    [InlineData("            init         [003] .....     9.316274: mm_page_free: x")]
    [InlineData("            init-x       [003] .....     9.316274: mm_page_free: x")]
    [InlineData("            init-1       [x03] .....     9.316274: mm_page_free: x")]
    [InlineData("            init-1       (003) .....     9.316274: mm_page_free: x")]
    [InlineData("            init-99999999999 [003] .....     9.316274: mm_page_free: x")]
    [InlineData("mm_page_free: page=1")]
    public void WhatIsNotOfTheStandardFormIsNotReadAsIt(string line) => Assert.Null(Read(new StandardForm(_tasks).TryRead, line));

    [Theory]
    [InlineData("            init     1 [003]     9.316274: kmem:mm_page_free: x", "init 1 cpu 3")]
    [InlineData("            init 1/17 [003]     9.316274: kmem:mm_page_free: x", "init 17 cpu 3")]
    [InlineData("     Web Content  2233 [003]     9.316274: kmem:mm_page_free: x", "Web Content 2233 cpu 3")]
    [InlineData("            init    -1 [003]     9.316274: kmem:mm_page_free: x", "init -1 cpu 3")]
    [InlineData("            init     1 [003]     9.316274:          1 kmem:mm_page_free: x", "init 1 cpu 3")]
    public void PerfScriptNamesTaskCpuAndTime(string line, string said) =>
        Assert.Equal(said + " 9316274000 mm_page_free: x", Read(new PerfForm(_tasks).TryRead, line));

    [Theory]
    [InlineData("            init     1 [003]     9.316274:     250000 cpu-clock:pppH:  ffff800008 f+0x1", "cpu-clock")]
    [InlineData("            init     1 [003]     9.316274: cycles:  ffff800008 f+0x1", "cycles")]
    public void ASampleOfACounterHasNothingButItsName(string line, string name)
    {
        LineHead head = default;
        Assert.True(new PerfForm(_tasks).TryRead(Bytes(line), ref head));

        Assert.True(head.IsSample);
        Assert.Equal(name, line[head.EventStart..head.EventEnd]);
    }

    [Theory]
    [InlineData("\tffff8000081a2b3c get_page_from_freelist+0x1 ([kernel.kallsyms])", true)]
    [InlineData("        ffff8000 f", true)]
    [InlineData("ffff8000 f", false)]
    [InlineData("  zzz f", false)]
    [InlineData("  12345678901234567 f", false)]
    public void FramesOfACallGraphAreKnown(string line, bool isFrame) => Assert.Equal(isFrame, PerfForm.IsFrame(Bytes(line)));

    [Theory]
    [InlineData("    init-1         3d..2. 9316274us+: mm_page_free: x", "init 1 cpu 3 9316274000 mm_page_free: x")]
    [InlineData("    init-1         3d..2. 9316274us : mm_page_free: x", "init 1 cpu 3 9316274000 mm_page_free: x")]
    [InlineData("    init-1         3d..2. 9316274: mm_page_free: x", "init 1 cpu 3 9316274 mm_page_free: x")]
    [InlineData("    init-1         3d..2. 9.316274: mm_page_free: x", "init 1 cpu 3 9316274000  mm_page_free: x")]
    public void TheLatencyFormHasMicroseconds(string line, string said) =>
        Assert.Equal(said, Read(new LatencyForm(_tasks).TryRead, line));

    [Theory]
    [InlineData(" 3)   init-1   |               |  /* mm_page_free: x */", "init 1 cpu 3 0 mm_page_free: x")]
    [InlineData(" 3)               |  /* mm_page_free: x */", "<unknown> -1 cpu 3 0 mm_page_free: x")]
    [InlineData(" 9.316274 |   3)   init-1   |  |  /* mm_page_free: x */", "init 1 cpu 3 9316274000 mm_page_free: x")]
    public void EventsInAGraphAreComments(string line, string said) => Assert.Equal(said, Read(new GraphForm(_tasks).TryRead, line));

    [Theory]
    [InlineData(" 24)   0.5 us    |  kfree();", true)]
    [InlineData(" 24)               |    f() {", true)]
    [InlineData(" 24) nothing", false)]
    [InlineData("abc) | f();", false)]
    public void CallsOfAGraphAreNoEvents(string line, bool isCall) => Assert.Equal(isCall, GraphForm.IsCall(Bytes(line)));

    [Theory]
    [InlineData("mm_page_free: x", "<unknown> -1 cpu 0 0 mm_page_free: x")]
    [InlineData("mm page free: x", null)]
    [InlineData("9lives: x", null)]
    [InlineData("mm_page_free:x", null)]
    [InlineData(": x", null)]
    public void ABareLineIsAnEventAlone(string line, string? said) => Assert.Equal(said, Read(new BareForm(_tasks).TryRead, line));

    [Fact]
    public void AFileKeepsToTheFormThatItBeganWith()
    {
        LineForms forms = new(_tasks, new TextPosition("text"));
        LineHead head = default;

        Assert.True(forms.TryRead(Bytes("mm_page_free: bare"), ref head));
        Assert.True(forms.TryRead(Bytes("            init-1       [003] .....     9.316274: mm_page_free: x"), ref head));
        Assert.False(forms.TryRead(Bytes("mm_page_free: bare"), ref head));
        Assert.False(forms.IsPerf);
    }

    [Fact]
    public void PerfScriptIsKnownAsSuch()
    {
        LineForms forms = new(_tasks, new TextPosition("text"));
        LineHead head = default;
        Assert.True(forms.TryRead(Bytes("            init     1 [003]     9.316274: kmem:mm_page_free: x"), ref head));

        Assert.True(forms.IsPerf);
    }

    [Fact]
    public void ALineLikeTheLastIsReadAsTheLastWas()
    {
        StandardForm form = new(_tasks);
        string[] lines = [.. Enumerable.Range(0, 50).Select(n =>
            $"            init-{1 + (n % 3),-7} [00{n % 4}] .....     9.3162{n:d2}: mm_page_free: {n}")];

        Assert.All(lines.Index(), line => Assert.Equal(
            $"init {1 + (line.Index % 3)} cpu {line.Index % 4} {9_316_200_000 + (1000 * line.Index)} mm_page_free: {line.Index}",
            Read(form.TryRead, line.Item)));
        Assert.Equal(3, _tasks.Tasks.Count);
    }

    private delegate bool Reader(ReadOnlySpan<byte> line, ref LineHead head);

    private string? Read(Reader read, string line)
    {
        LineHead head = default;
        if (!read(Bytes(line), ref head))
        {
            return null;
        }

        TraceTask task = _tasks.Tasks[head.Task];
        return $"{task.Comm} {task.Pid} cpu {head.Cpu} {head.Time.Value} {line[head.EventStart..head.EventEnd]}";
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
