using System.Text;
using System.Text.RegularExpressions;

namespace Palimpsest.Traces.FtraceText;

/// <summary>Lines of other tools' texts, told by their form: what the text is, and what to do instead.</summary>
internal static partial class ForeignLine
{
    private const int LongestQuote = 60;

    private const string WrongColumns = "print it again with: perf script -F comm,pid,tid,cpu,time,event,trace";

    private static readonly (Regex Form, string What)[] Forms =
    [
        (RawOrHex(), "a text recorded with trace option raw or hex, which drops what the events say; record again without it"),
        (PerfTrace(), "what perf trace prints, which has no CPUs and no names of flags; record with perf record -a -e 'kmem:*', "
            + "and give the perf.data"),
        (Babeltrace(), "what babeltrace prints of an LTTng trace, which is not read; record with ftrace, trace-cmd or perf"),
        (PerfWithoutCpu(), $"perf script without the CPU of each event; {WrongColumns} (of a recording made with -a)"),
        (PerfWithoutTime(), $"perf script without the time of each event; {WrongColumns}"),
        (PerfWithoutEvent(), $"perf script without the name of each event; {WrongColumns}"),
        (PerfDump(), "a dump of perf's records (perf script -D); give the perf.data itself"),
        (Bpftrace(), "what bpftrace prints; record the events with ftrace, trace-cmd or perf"),
    ];

    /// <summary>What the text is, after "this is", and what to do; null if unknown.</summary>
    public static string? Of(ReadOnlySpan<byte> line)
    {
        string text = Encoding.Latin1.GetString(line[..Math.Min(line.Length, 400)]);
        foreach ((Regex form, string what) in Forms)
        {
            if (form.IsMatch(text))
            {
                return what;
            }
        }

        return null;
    }

    /// <summary>The beginning of a line for a message.</summary>
    public static string Quoted(ReadOnlySpan<byte> line)
    {
        string text = Encoding.UTF8.GetString(line[..Math.Min(line.Length, LongestQuote)]);
        return $"\"{text.TrimEnd('\uFFFD')}{(line.Length > LongestQuote ? "..." : "")}\"";
    }

    // 24395 1 1047803795234 type: 653
    [GeneratedRegex(@"^[0-9a-f ]+ type: ")]
    private static partial Regex RawOrHex();

    // "     0.500 bash/812 kmem:mm_page_alloc(pfn: 267144", with "( 0.003 ms): " or "(         ): " where calls are traced too.
    [GeneratedRegex(@"^ *\d+\.\d{3} (?:\( *(?:\d+\.\d+ ms ?)?\): )?(?:.{1,16}/\d+ )?(?:\w+:\w+(?:\(|:)|\w+\(.*\) *(?:=|\.\.\.))")]
    private static partial Regex PerfTrace();

    // "[10:11:12.123456789] (+0.000000123) host kmem_mm_page_alloc: { cpu_id = 0 }, { page = ..."
    [GeneratedRegex(@": \{ (?:.*, )?cpu_id = \d+")]
    private static partial Regex Babeltrace();

    [GeneratedRegex(@"^[^\[]*\s\d+\.\d{6,9}:\s+(?:\d+ +)?[\w-]+:(?:\w+:)? ")]
    private static partial Regex PerfWithoutCpu();

    [GeneratedRegex(@"\[\d{3}\]\s+(?:\d+ +)?[A-Za-z_]\w*:[A-Za-z_]\w*: ")]
    private static partial Regex PerfWithoutTime();

    [GeneratedRegex(@"\[\d{3}\]\s+\d+\.\d{6,9}:\s+(?:\d+ +)?(?:page|pfn|name)=")]
    private static partial Regex PerfWithoutEvent();

    [GeneratedRegex(@"^(?:\d+ )?0x[0-9a-f]+ \[0x[0-9a-f]+\]: ")]
    private static partial Regex PerfDump();

    [GeneratedRegex(@"^Attaching \d+ probe")]
    private static partial Regex Bpftrace();
}
