using System.Globalization;
using System.Text.RegularExpressions;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces;

/// <summary>Which events of a recording are looked at.</summary>
public sealed record TraceFilter
{
    /// <summary>Nanoseconds since the first event of the recording, from 0 and to the end without.</summary>
    public long FromNs { get; init; }

    /// <summary>Last time that is taken, in nanoseconds from the first event.</summary>
    public long ToNs { get; init; } = long.MaxValue;

    /// <summary>All if there are none.</summary>
    public IReadOnlyList<int> Cpus { get; init; } = [];

    /// <summary>Names with * and ?; all events if there are none.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Process names with * and ?, or pid=N; all if there are none.</summary>
    public IReadOnlyList<string> Processes { get; init; } = [];

    /// <summary>
    /// Processes and CPUs are those that allocate a page: what happens to it later counts, whoever does it. Pages are often
    /// freed by another task on another CPU, and a replay would keep them for ever.
    /// </summary>
    public bool FollowsPages { get; init; }

    /// <summary>Is a moment, in nanoseconds since the first event, in the window?</summary>
    public bool HasTime(long time) => time >= FromNs && time <= ToNs;

    /// <summary>Is a CPU among those looked at?</summary>
    public bool HasCpu(int cpu) => Cpus.Count == 0 || Cpus.Contains(cpu);

    /// <summary>The filter in a sentence, for reports.</summary>
    public string Sentence()
    {
        List<string> parts = [];
        parts.AddRange(FromNs > 0 || ToNs < long.MaxValue ? [Window()] : []);
        parts.AddRange(Events.Count > 0 ? [$"events {string.Join(", ", Events)}"] : []);
        string pages = FollowsPages ? "pages allocated by " : "events of ";
        parts.AddRange(Processes.Count > 0 ? [$"{pages}{string.Join(", ", Processes)}"] : []);
        parts.AddRange(Cpus.Count > 0
            ? [$"{(FollowsPages ? "pages allocated on" : "events on")} CPU {string.Join(", ", Cpus.Order())}"]
            : []);
        return $"Left by the filters: {string.Join("; ", parts)}.";
    }

    private string Window() =>
        InvariantText.Of($"from {FromNs / 1e9} s ") + (ToNs < long.MaxValue
        ? InvariantText.Of($"to {ToNs / 1e9} s")
        : "on");

    /// <summary>Tells whether a task is meant by a name with * and ?, or by pid=N.</summary>
    public static Func<TraceTask, bool> TaskRule(string pattern)
    {
        if (pattern.StartsWith("pid=", StringComparison.Ordinal)
            && int.TryParse(pattern.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
        {
            return task => task.Pid == pid;
        }

        Regex regex = NameRule(pattern);
        return task => regex.IsMatch(task.Comm);
    }

    /// <summary>An event's name with * and ?, with or without its system as trace-cmd writes it: kmem:mm_page_alloc.</summary>
    public static Regex EventRule(string pattern) => NameRule(pattern[(pattern.IndexOf(':', StringComparison.Ordinal) + 1)..]);

    /// <summary>A name with * and ? as an expression.</summary>
    public static Regex NameRule(string pattern) =>
        new("^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal) + "$",
            RegexOptions.CultureInvariant);
}
