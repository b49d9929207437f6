using System.CommandLine;
using Palimpsest.Lab.Census;
using Palimpsest.Lab.Inspection;
using Palimpsest.Lab.Tracing;
using Palimpsest.Reports;
using Palimpsest.Reports.Json;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>palimpsest record: a recording of the running kernel, with all that the other verbs need.</summary>
internal sealed class RecordCommand
{
    private readonly Argument<string?> _folder = new("FOLDER") { Description = "new folder for the recording and the snapshots",
        Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<double> _seconds = new("--seconds") { Description = "end after this time; Ctrl-C ends it too",
        HelpName = "SECONDS", DefaultValueFactory = _ => 60 };
    private readonly Option<ulong?> _size = new("--size") { Description = "end when the events have this size; 1G without it",
        HelpName = "SIZE", CustomParser = SizeSyntax.Parse };
    private readonly Option<ulong?> _buffer = new("--buffer") { Description = "ring buffer of each CPU; 32M without it", HelpName = "SIZE",
        CustomParser = SizeSyntax.Parse };
    private readonly Option<bool> _print = new("--print") { Description = "print the commands that do the same on a phone or a server" };

    public static Command Create() => new RecordCommand().Build();

    private Command Build()
    {
        Command command = new("record", "Records the running kernel (Linux, root), or says how to.") { _folder, _seconds, _size, _buffer,
            _print };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(_print))
        {
            PrintCommands();
            return ExitCode.Holds;
        }

        string folder = parsed.GetValue(_folder) ?? throw new UsageException("record: give a new folder, or --print for the commands");
        double seconds = parsed.GetValue(_seconds);
        ulong size = parsed.GetValue(_size) ?? 1UL << 30;
        ulong buffer = parsed.GetValue(_buffer) ?? 32UL << 20;
        if (seconds is not (> 0 and <= 1e6) || size is 0 or > 1UL << 50 || buffer is < 1 << 12 or > 1UL << 40)
        {
            throw new UsageException($"record: --seconds {seconds}, --size {size}, --buffer {buffer}: give more than 0 and less than a "
                + "million seconds, sizes that a machine has");
        }

        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            PrintCommands();
            throw new UsageException($"record: tracing needs "
                + $"{(OperatingSystem.IsLinux() ? $"root: sudo ./palimpsest record {folder}" : "Linux")}; the commands above do the same "
                + "by hand");
        }

        RecordingSummary summary = Recorder.Run(new RecordingOptions(folder, TimeSpan.FromSeconds(seconds), (long)size,
            (int)(buffer >> 10)), cancellation);
        Keep(folder, Recorder.StartName, summary.StartCensus);
        Keep(folder, Recorder.EndName, summary.EndCensus);
        Shown.Lines(Lines(folder, summary));
        return ExitCode.Holds;
    }

    private static void Keep(string folder, string snapshot, CensusResult? census)
    {
        if (census is not null)
        {
            OutputFile.Write(Path.Combine(folder, snapshot, "census.json"), stream => CensusJson.Write(stream, census));
        }
    }

    private static IEnumerable<string> Lines(string folder, RecordingSummary summary)
    {
        long lost = summary.Lost.Sum();
        yield return InvariantText.Of($"{Path.Combine(folder, Recorder.TraceName)}: {summary.Time.TotalSeconds:F1} s, "
            + $"{summary.Bytes / 1024.0 / 1024:N1} MiB of events from {summary.Lost.Count} "
            + $"CPUs{(summary.IsFull ? "; ended by --size" : "")}");
        yield return lost == 0
            ? "no event was lost"
            : InvariantText.Of($"{lost:N0} EVENTS WERE LOST "
                + $"({string.Join(", ", summary.Lost.Select((count, cpu) => InvariantText.Of($"CPU {cpu}: {count:N0}")))}); give a "
                    + $"larger --buffer");
        if (summary.Missing.Count > 0)
        {
            yield return $"this kernel has no {string.Join(", ", summary.Missing)}";
        }

        yield return summary.HasProbe
            ? "pages mapped tagged are in it: --tag-source mapped"
            : "pages mapped tagged are not in it (the probe on mte_sync_tags is for arm64 with CONFIG_KPROBES)";
        foreach ((string name, CensusResult? census) in new[] { ("start", summary.StartCensus), ("end", summary.EndCensus) })
        {
            yield return census is null
                ? $"census at the {name}: none, this kernel shows no kpageflags"
                : $"census at the {name}: {CensusWords.Line(census)}";
        }

        string board = summary.HasBoard ? $" --board {Path.Combine(folder, Recorder.BoardName)}" : "";
        yield return $"next: ./palimpsest inspect {Path.Combine(folder, Recorder.TraceName)}";
        yield return $"      ./palimpsest compare {Path.Combine(folder, Recorder.TraceName)} --snapshot "
            + $"{Path.Combine(folder, Recorder.StartName)}{board}";
        yield return $"      ./palimpsest verify {Path.Combine(folder, Recorder.TraceName)} --snapshot "
            + $"{Path.Combine(folder, Recorder.EndName)} --start {Path.Combine(folder, Recorder.StartName)}{board}";
    }

    private static void PrintCommands() => Shown.Lines(RecordingAdvice.NextTime);
}
