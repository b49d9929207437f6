using System.CommandLine;
using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Experiments;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Reports;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;
using Spectre.Console;

namespace Palimpsest.Cli;

/// <summary>palimpsest compare: what each design gives back on a recording, and what it costs.</summary>
internal sealed class CompareCommand
{
    private readonly Argument<string?> _trace = new("TRACE") { Description = "recording (ftrace text, trace.dat, perf.data, Perfetto, systrace, or what trace-cmd report or perf script print; .gz or .zst, - for stdin); the bundled sample without one", Arity = ArgumentArity.ZeroOrOne };
    private readonly BoardOptionsGroup _board = new();
    private readonly TraceOptionsGroup _traceOptions = new();
    private readonly Option<string[]> _designs = new("--design") { Description = "design to replay, NAME or NAME:PARAMETER=VALUE,...; may be repeated; all without it", HelpName = "DESIGN" };
    private readonly Option<string> _tagSource = new("--tag-source") { Description = "what is tagged: flag, mapped (a kprobe on mte_sync_tags), snapshot (kpageflags of --snapshot), or policy:NAME,pid=N,...", HelpName = "SOURCE", DefaultValueFactory = _ => "flag" };
    private readonly Option<string?> _snapshot = new("--snapshot") { Description = "folder with copies of /proc/zoneinfo, kpageflags, dmesg at the start", HelpName = "DIR" };
    private readonly Option<ulong?> _used = new("--used") { Description = "memory in use at the start", HelpName = "SIZE", CustomParser = SizeSyntax.Parse };
    private readonly Option<double> _pinned = new("--pinned") { Description = "share of movable pages that cannot be migrated, 0 to 1", HelpName = "SHARE" };
    private readonly Option<int?> _cpus = new("--cpus") { Description = "CPUs of the machine; as the recording shows without it", HelpName = "N" };
    private readonly Option<bool> _noThp = new("--no-thp") { Description = "the kernel ran with transparent_hugepage=never (lower watermarks)" };
    private readonly Option<string?> _costs = new("--costs") { Description = "JSON file with nanoseconds a step, for modelled times", HelpName = "FILE" };
    private readonly Option<string?> _json = new("--json") { Description = "write palimpsest.compare version 1", HelpName = "FILE" };
    private readonly Option<string?> _csv = new("--csv") { Description = "write designs.csv and timeline.csv into a folder", HelpName = "DIR" };
    private readonly Option<string?> _html = new("--html") { Description = "write a self-contained report", HelpName = "FILE" };
    private readonly Option<bool> _truncated = new("--allow-truncated") { Description = "use what there is of a file that was cut off" };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "print nothing but errors" };

    public static Command Create() => new CompareCommand().Build();

    private Command Build()
    {
        Command command = new("compare", "What each design gives back on a recording of a real kernel, and what it costs.") { _trace };
        _board.AddTo(command);
        foreach (Option option in new Option[] { _designs, _tagSource, _snapshot, _used, _pinned, _cpus, _noThp, _costs, _json, _csv, _html, _truncated, _quiet })
        {
            command.Add(option);
        }

        _traceOptions.AddTo(command);
        OptionalTrace.RefuseOptions(_trace);
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        IReadOnlyList<DesignChoice> designs = parsed.GetValue(_designs) is { Length: > 0 } names ? [.. names.Select(DesignCatalog.Parse)] : DesignCatalog.Defaults;
        TagSource tagSource = TagSource.Parse(parsed.GetValue(_tagSource)!);
        double pinned = parsed.GetValue(_pinned);
        if (pinned is not (>= 0 and <= 1))
        {
            throw new UsageException($"--pinned {pinned}: give a share from 0 to 1");
        }

        if (tagSource == TagSource.Snapshot && parsed.GetValue(_snapshot) is null)
        {
            throw new UsageException("--tag-source snapshot: give the folder with the kpageflags, --snapshot DIR");
        }

        CheckOutputs(parsed);
        CostTable costs = parsed.GetValue(_costs) is { } file ? CostFile.Parse(InputFile.ReadBytes(file, 1 << 20), file) : CostTable.Default;
        bool isSample = parsed.GetValue(_trace) is null;
        string tracePath = parsed.GetValue(_trace) ?? Samples.Trace;
        string? snapshotPath = parsed.GetValue(_snapshot) ?? (isSample ? Samples.Snapshot : null);
        SnapshotFolder? snapshot = snapshotPath is null ? null : SnapshotFolder.Read(snapshotPath);
        (MemoryBoard board, PageGeometry geometry, string boardName) = _board.Read(parsed, isSample ? Samples.Board : null, snapshot);
        MemoryLayout layout = MemoryLayout.For(board, geometry);

        using ProgressLine progress = new(isOn: !parsed.GetValue(_quiet));
        Trace trace = TraceFile.Read(tracePath, _traceOptions.Read(parsed, progress.Reading(tracePath), followsPages: true));
        OptionalTrace.RequireWhole(trace, tracePath, parsed.GetValue(_truncated));
        (IStartState? start, string startText) = StartOf(parsed, snapshot, snapshotPath, layout);
        Workload workload = WorkloadBuilder.Build(trace, layout, new WorkloadOptions(tagSource, pinned, start, snapshot?.PerCpuCounts, snapshot?.FreeChunks)
        {
            TaggedAtSnapshots = tagSource == TagSource.Snapshot ? TaggedPages.Find(trace, layout, snapshot!) : [],
        });
        if (workload.Allocations == 0 && _traceOptions.Filter(parsed) is { } filter)
        {
            throw new UsageException($"{tracePath}: no allocation is left by the filters ({filter.Sentence().TrimEnd('.')}); inspect shows which processes and times there are");
        }

        MachineOptions machine = new(CpusOf(parsed, workload, snapshot), TransparentHugePages: !parsed.GetValue(_noThp)) { Unmanaged = snapshot?.Unmanaged ?? [] };
        IReadOnlyList<DesignResult> results = new Comparison(layout, workload, machine, costs)
            .Run(designs, progress.Replaying(designs), cancellation);
        progress.Dispose();

        ComparisonReport report = new()
        {
            TraceName = isSample ? Samples.TraceName : tracePath,
            BoardName = isSample && boardName == Samples.Board ? Samples.BoardName : boardName,
            Trace = trace,
            Workload = workload,
            Layout = layout,
            Costs = costs,
            PinnedShare = pinned,
            Designs = results,
            Assumptions = [.. Assumptions.Of(trace, workload, layout, pinned, startText), .. start?.Note is { } note ? [note] : Array.Empty<string>()],
        };
        Write(parsed, report);
        return report.LawViolations == 0 ? ExitCode.Holds : ExitCode.LawViolated;
    }

    private (IStartState? State, string Text) StartOf(ParseResult parsed, SnapshotFolder? snapshot, string? snapshotPath, MemoryLayout layout)
    {
        if (snapshot is not null)
        {
            return (snapshot.StartState(layout), $"from the snapshot {Path.GetFileName(Path.TrimEndingDirectorySeparator(snapshotPath!))}");
        }

        return parsed.GetValue(_used) is { } used
            ? (new UsedFrames((long)(used >> layout.Geometry.PageShift)), "memory in use as given by --used")
            : (null, "memory in use inferred from the events; what no event names counts as free (--snapshot, --used)");
    }

    private int CpusOf(ParseResult parsed, Workload workload, SnapshotFolder? snapshot)
    {
        int least = Math.Max(workload.Cpus, snapshot?.Cpus ?? 1);
        int cpus = parsed.GetValue(_cpus) ?? least;
        return cpus >= workload.Cpus && cpus <= 4096
            ? cpus
            : throw new UsageException($"--cpus {cpus}: the recording has events of {workload.Cpus} CPUs, and 4,096 are the most");
    }

    private void CheckOutputs(ParseResult parsed)
    {
        foreach (string path in new[] { parsed.GetValue(_json), parsed.GetValue(_html) }.OfType<string>())
        {
            OutputFile.Check(path);
        }

        if (parsed.GetValue(_csv) is { } folder)
        {
            OutputFile.RequireName(folder);
            try
            {
                Directory.CreateDirectory(folder);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new InputException($"{folder}: cannot be made ({exception.Message.TrimEnd('.')}); give another folder", exception);
            }

            OutputFile.Check(Path.Combine(folder, CsvReport.DesignsFile));
        }
    }

    private void Write(ParseResult parsed, ComparisonReport report)
    {
        if (parsed.GetValue(_json) is { } json)
        {
            OutputFile.Write(json, stream => JsonReport.Write(stream, report));
        }

        if (parsed.GetValue(_csv) is { } folder)
        {
            OutputFile.WriteText(Path.Combine(folder, CsvReport.DesignsFile), writer => CsvReport.WriteDesigns(writer, report));
            OutputFile.WriteText(Path.Combine(folder, CsvReport.TimeLineFile), writer => CsvReport.WriteTimeLine(writer, report));
        }

        if (parsed.GetValue(_html) is { } html)
        {
            OutputFile.WriteText(html, writer => HtmlReport.Write(writer, report));
        }

        if (!parsed.GetValue(_quiet))
        {
            ComparisonTable.Print(AnsiConsole.Console, report);
        }
    }
}
