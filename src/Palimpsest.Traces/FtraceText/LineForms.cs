using Palimpsest.Traces.Text;

namespace Palimpsest.Traces.FtraceText;

/// <summary>Tells which of the forms a line has; a file keeps to one.</summary>
internal sealed class LineForms(TaskTable tasks, TextPosition position)
{
    private readonly StandardForm _standard = new(tasks);
    private readonly PerfForm _perf = new(tasks);
    private readonly LatencyForm _latency = new(tasks);
    private readonly GraphForm _graph = new(tasks);
    private readonly BareForm _bare = new(tasks);
    private Form _form;

    private enum Form : byte
    {
        Unknown,
        Standard,
        Perf,
        Latency,
        Graph,
        Bare,
    }

    /// <summary>Is this the text of perf script?</summary>
    public bool IsPerf => _form == Form.Perf;

    public bool TryRead(ReadOnlySpan<byte> line, ref LineHead found)
    {
        bool isRead = _form switch
        {
            Form.Standard => _standard.TryRead(line, ref found),
            Form.Perf => _perf.TryRead(line, ref found),
            Form.Latency => _latency.TryRead(line, ref found),
            Form.Graph => _graph.TryRead(line, ref found),
            _ => TryReadAny(line, ref found),
        };
        if (isRead && found.Cpu >= TraceBuilder.MostCpus)
        {
            throw position.Error(
                $"CPU {found.Cpu} is above {TraceBuilder.MostCpus - 1}; the line is damaged, record or copy the file again");
        }

        return isRead;
    }

    // Bare lines come last and bind nobody: the rest of a cut line, or of a mark with a line end in it, looks like one.
    private bool TryReadAny(ReadOnlySpan<byte> line, ref LineHead found)
    {
        Form form = _perf.TryRead(line, ref found) ? Form.Perf
            : _standard.TryRead(line, ref found) ? Form.Standard
            : _latency.TryRead(line, ref found) ? Form.Latency
            : _graph.TryRead(line, ref found) ? Form.Graph
            : _bare.TryRead(line, ref found) ? Form.Bare : Form.Unknown;
        _form = form == Form.Unknown ? _form : form;
        return form != Form.Unknown;
    }
}
