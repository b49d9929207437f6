using System.CommandLine;
using System.Globalization;
using Palimpsest.Lab.Trials;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>The options that say which part of a recording is looked at, and what its file does not tell.</summary>
/// <param name="from">Second from which events are looked at when nothing is said.</param>
internal sealed class TraceOptionsGroup(double from = 0)
{
    private const double LongestSeconds = 1e9;

    private readonly Option<double?> _from = new("--from") { Description = $"look at events from this second of the recording "
        + $"on{(from > 0 ? $"; {from} without it" : "")}", HelpName = "SECONDS" };
    private readonly Option<double?> _to = new("--to") { Description = "look at events up to this second of the recording",
        HelpName = "SECONDS" };
    private readonly Option<string[]> _process = new(
        "--process") { Description = "only events of these processes, NAME (with * and ?) or pid=N; may be repeated", HelpName = "NAME" };
    private readonly Option<string[]> _cpu = new("--cpu") { Description = "only events of this CPU; may be repeated", HelpName = "N" };
    private readonly Option<string[]> _event = new("--event") { Description = "only events of this name (with * and ?); may be repeated",
        HelpName = "NAME" };

    // For recordings whose flags are numbers.
    private readonly Option<string?> _kernel = new("--kernel") { Description = "release of the recorded kernel, e.g. 6.12, whose "
        + "rules and flags are followed; of the snapshot's kernel log or the file without it", HelpName = "RELEASE" };

    public void AddTo(Command command)
    {
        command.Add(_from);
        command.Add(_to);
        command.Add(_kernel);
        command.Add(_process);
        command.Add(_cpu);
        command.Add(_event);
    }

    /// <summary>Release of the recorded kernel as the user gives it; null without.</summary>
    public string? Release(ParseResult parsed) => parsed.GetValue(_kernel);

    /// <param name="name">What reports call the recording; its path without one.</param>
    public RecordingInput Read(ParseResult parsed, string path, string? name = null, bool mayBeTruncated = false) =>
        new(path)
        {
            Name = name, KernelRelease = parsed.GetValue(_kernel), Part = Filter(parsed), MayBeTruncated = mayBeTruncated,
            StandardInput = path == "-" ? new StandardInput() : null,
        };

    /// <summary>Null when all events are meant.</summary>
    private TraceFilter? Filter(ParseResult parsed)
    {
        double first = parsed.GetValue(_from) ?? from;
        double last = parsed.GetValue(_to) ?? LongestSeconds;
        if (first is not (>= 0 and <= LongestSeconds) || last is not (>= 0 and <= LongestSeconds) || first > last)
        {
            throw new UsageException($"--from {first} --to {last}: give seconds of the recording, the first not after the last");
        }

        string[] cpus = parsed.GetValue(_cpu) ?? [];
        TraceFilter filter = new()
        {
            FromNs = (long)(first * 1e9),
            ToNs = parsed.GetValue(_to) is null ? long.MaxValue : (long)(last * 1e9),
            Processes = parsed.GetValue(_process) ?? [],
            Events = parsed.GetValue(_event) ?? [],
            Cpus = [.. cpus.Select(CpuOf).Distinct()],
        };
        bool isAll = filter.FromNs == 0 && filter.ToNs == long.MaxValue && filter.Processes.Count + filter.Events.Count
            + filter.Cpus.Count == 0;
        return isAll ? null : filter;
    }

    private static int CpuOf(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int cpu)
        ? cpu
        : throw new UsageException($"--cpu {text}: give the number of a CPU");
}
