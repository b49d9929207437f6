using Palimpsest.Traces.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.FtraceText;

/// <summary>
/// Reads the text of /sys/kernel/tracing/trace and trace_pipe, in all the forms that trace options give it, of trace-cmd report and of perf
/// script.
/// </summary>
internal sealed class FtraceTextReader
{
    private const int MostLookedAt = 256;

    private readonly LineBuffer _lines;
    private readonly TraceBuilder _trace;
    private readonly LineForms _forms;
    private readonly EventRecorder _events;
    private readonly HeaderLines _header = new();
    private readonly SortedEvents? _sorted;
    private long _stackTraces;
    private long _strangeLines;
    private long _firstStrangeLine;
    private string _firstStrangeText = "";
    private InputException? _foreign;

    /// <param name="sortFrom">Line at which time goes back, as an earlier reading found; null for a text that is not known to.</param>
    public FtraceTextReader(LineBuffer lines, TraceReadOptions? options, long? sortFrom = null)
    {
        _trace = new TraceBuilder(options);
        _lines = lines;
        _forms = new LineForms(_trace.Tasks, lines.Position);
        _sorted = sortFrom is { } line ? new SortedEvents(_trace, lines.Position, line) : null;
        _events = new EventRecorder(_trace, lines.Position, _sorted);
    }

    public Trace Read()
    {
        while (_lines.TryNext(out ReadOnlySpan<byte> line))
        {
            ReadLine(line);
        }

        _sorted?.End();
        if (_trace.Tally.Total == 0 && _lines.Break is { } broken)
        {
            throw new InputException($"{_lines.Position.File}: {broken} No event comes before that; copy the file again");
        }

        if (_foreign is not null && _events.Count == 0)
        {
            throw _foreign;
        }

        NoteAssumptions();
        _trace.Clock = _events.Clock();
        _trace.LostEvents = _header.LostEvents;
        return _trace.Build(_lines.Position.File, _lines.Wrapping
            ?? (_forms.IsPerf ? "perf-script" : _header.IsTraceCmd ? "trace-cmd-report" : "ftrace-text"));
    }

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        if (line.EndsWith("\r"u8))
        {
            line = line.TrimEnd((byte)'\r');
        }

        // Before the first event, "rec: CPU:1 [3156 EVENTS DROPPED]" looks like a bare one.
        if (line.EndsWith("]"u8) && _header.TryRead(line))
        {
            return;
        }

        var found = default(LineHead);
        if (!line.IsEmpty && line[0] != '#' && _forms.TryRead(line, ref found) && TryReadEvent(line, found))
        {
            return;
        }

        if (!line.IsEmpty && !_header.TryRead(line) && !line.StartsWith(" => "u8) && !GraphForm.IsCall(line) && !PerfForm.IsFrame(line))
        {
            ReadStrangeLine(line);
        }
    }

    private bool TryReadEvent(ReadOnlySpan<byte> line, in LineHead found)
    {
        ReadOnlySpan<byte> text = line[found.EventStart..found.EventEnd];
        if (_events.TryRecord(text, found))
        {
            return true;
        }

        bool isStack = text.StartsWith("<stack trace>"u8) || text.StartsWith("<user stack trace>"u8);
        _stackTraces += isStack ? 1 : 0;
        return isStack;
    }

    // A mark may hold line ends, and a copy may begin in the middle of a line: such lines are reported, not refused.
    private void ReadStrangeLine(ReadOnlySpan<byte> line)
    {
        if (_strangeLines++ == 0)
        {
            _firstStrangeLine = _lines.Position.Line;
            _firstStrangeText = ForeignLine.Quoted(line);
        }

        // The first lines tell what a text is of which nothing is understood; a text with events may quote anything.
        if (_events.Count == 0 && _strangeLines <= MostLookedAt && ForeignLine.Of(line) is { } what)
        {
            _foreign ??= _lines.Position.Error($"this is {what}");
        }
    }

    private void NoteAssumptions()
    {
        _header.Note(_trace, _events.Count + _stackTraces);
        _events.Note();
        if (_lines.Break is { } broken)
        {
            _trace.NoteCutOff($"{broken} Read up to line {_lines.Position.Line}.");
        }

        if (_lines.UnfinishedBytes > 0)
        {
            _trace.NoteCutOff($"Line {_lines.Position.Line + 1}, the last, has no line end and was dropped: the file was cut off there.");
        }

        if (_strangeLines > 0)
        {
            _trace.NotUnderstood = $"not understood: {_strangeLines} lines, line {_firstStrangeLine} first, {_firstStrangeText}";
            _trace.Note($"{_strangeLines} lines are no ftrace text and were passed over, line {_firstStrangeLine} first.");
        }
    }
}
