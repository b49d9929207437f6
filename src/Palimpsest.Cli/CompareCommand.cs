using System.CommandLine;
using Palimpsest.Lab.Courses;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Replay;
using Palimpsest.Lab.Trials;
using Palimpsest.Lab.Workloads;
using Palimpsest.Reports;
using Palimpsest.Reports.Csv;
using Palimpsest.Reports.Html;
using Palimpsest.Reports.Json;
using Palimpsest.Reports.Perfetto;
using Palimpsest.Reports.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>palimpsest compare: what each design gives back on a recording, and what it costs.</summary>
internal sealed class CompareCommand : IFilmedVerb
{
    private readonly InputArgument _trace = new("TRACE")
    {
        Description = "recording (ftrace text, trace.dat, perf.data, Perfetto, systrace, or what trace-cmd report or perf script print; "
            + ".gz or .zst, - for stdin); the bundled sample without one",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly BoardOptionsGroup _board = new();
    private readonly OwnLibrary _own = new(OwnKinds.Designs);
    private readonly TraceOptionsGroup _traceOptions = new();
    private readonly Option<string[]> _designs = new("--design") { Description = "design to replay, NAME or NAME:PARAMETER=VALUE,...; "
        + "may be repeated; all without it", HelpName = "DESIGN" };
    private readonly BothEnginesOption _engines = new();

    private readonly Option<string> _tagSource = new("--tag-source")
    {
        Description =
            "what is tagged: flag, mapped (a kprobe on mte_sync_tags), snapshot (kpageflags of --snapshot), or policy:NAME,pid=N,...",
        HelpName = "SOURCE",
        DefaultValueFactory = _ => "flag",
    };

    private readonly InputOption _snapshot =
        new("--snapshot") { Description = "folder with copies of /proc/zoneinfo, kpageflags, dmesg at the start", HelpName = "DIR" };
    private readonly Option<ulong?> _used = new("--used") { Description = "memory in use at the start", HelpName = "SIZE",
        CustomParser = SizeSyntax.Parse };
    private readonly Option<double> _pinned = new("--pinned") { Description = "share of movable pages that cannot be migrated, 0 to 1",
        HelpName = "SHARE" };
    private readonly Option<int?> _cpus = new("--cpus") { Description = "CPUs of the machine; as the recording shows without it",
        HelpName = "N" };
    private readonly Option<bool> _noThp =
        new("--no-thp") { Description = "the kernel ran with transparent_hugepage=never (lower watermarks)" };
    private readonly InputOption _costs = new("--costs") { Description = "JSON file with nanoseconds a step, for modelled times",
        HelpName = "FILE" };
    private readonly Option<bool> _full = new("--full")
    {
        Description = "a machine that has run for a while: a page cache takes what is free above the high watermark and is reclaimed "
            + "when memory is short",
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "of --full: which pages are reclaimed out of order", HelpName = "N", DefaultValueFactory = _ => 1,
    };

    private readonly Option<bool> _truncated = new("--allow-truncated") { Description = "use what there is of a file that was cut off" };
    private readonly DisplayOption _wide = new("--wide") { Description = "show all columns" };
    private readonly OutputOptionsGroup _output = new("palimpsest.compare version 1", "a self-contained report",
        "designs.csv and timeline.csv", "without pictures and scripts",
        "counters of each design, and reservations, moves and failures on tracks a CPU, on the recording's clock");

    public static Command Create() => new CompareCommand().Build();

    public Command Build()
    {
        Command command = new("compare", "What each design gives back on a recording of a real kernel, and what it costs.") { _trace };
        _board.AddTo(command);
        foreach (Option option in new Option[] { _designs, _engines, _tagSource, _snapshot, _used, _pinned, _cpus, _noThp, _costs, _full,
            _seed, _truncated })
        {
            command.Add(option);
        }

        _own.AddTo(command);
        command.Add(_wide);
        _designs.CompletionSources.Add(Names.Of("designs"));
        _output.AddTo(command);
        _traceOptions.AddTo(command);
        OptionalTrace.RefuseOptions(_trace);
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    public (string Title, Func<CourseRequest, CancellationToken, Film> Run) Filmed(ParseResult parsed)
    {
        ComparisonTrial trial = Read(parsed);
        return ($"compare {Call.NameOf(trial.Recording.Path)}", (request, cancellation) =>
            Film.Of((trial with { Courses = request }).Run(progress: null, cancellation)));
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        ComparisonTrial trial = Read(parsed);
        Outputs outputs = _output.Open(parsed, () => Call.ProvenanceOf(parsed, SamplesOf(parsed), trial.Recording.StandardInput),
            ComparisonCsv.DesignsFile, ComparisonCsv.TimeLineFile);
        using ProgressLine progress = new(isOn: !outputs.IsQuiet);
        ComparisonResult result = _own.Told(parsed, () => trial.Run(progress.Of(trial.Recording.Path, trial.Rows), cancellation));
        progress.Dispose();
        outputs.Json((stream, made) => ComparisonJson.Write(stream, result, made));
        outputs.Table(ComparisonCsv.DesignsFile, writer => ComparisonCsv.WriteDesigns(writer, result));
        outputs.Table(ComparisonCsv.TimeLineFile, writer => ComparisonCsv.WriteTimeLine(writer, result));
        outputs.Html((writer, made) => ComparisonHtml.Write(writer, result, made));
        outputs.SmallHtml((writer, made) => ComparisonHtml.WriteSmall(writer, result, made));
        outputs.Perfetto(stream => ComparisonPerfetto.Write(stream, result));
        outputs.Text(terminal => ComparisonTable.Write(terminal, result, parsed.GetValue(_wide)));
        return result.LawViolations == 0 ? ExitCode.Holds : ExitCode.LawViolated;
    }

    private IEnumerable<(string Name, string Path)> SamplesOf(ParseResult parsed) => parsed.GetValue(_trace) is not null ? [] :
    [
        (Samples.TraceName, Samples.Trace),
        .. _board.IsNamed(parsed) ? Array.Empty<(string, string)>() : [(Samples.BoardName, Samples.Board)],
        .. parsed.GetValue(_snapshot) is null ? [(Samples.SnapshotName, Samples.Snapshot)] : Array.Empty<(string, string)>(),
    ];

    private FullMachine? FullOf(ParseResult parsed)
    {
        bool isFull = parsed.GetValue(_full);
        return isFull || parsed.GetResult(_seed) is not { Implicit: false }
            ? isFull ? new FullMachine(parsed.GetValue(_seed)) : null
            : throw new UsageException("--seed: says which pages a full machine reclaims out of order; give --full too, or leave it out");
    }

    private ComparisonTrial Read(ParseResult parsed)
    {
        bool isSample = parsed.GetValue(_trace) is null;
        RecordingInput recording = _traceOptions.Read(
            parsed, parsed.GetValue(_trace) ?? Samples.Trace, isSample ? Samples.TraceName : null, parsed.GetValue(_truncated));
        BoardInput board = isSample ? _board.Read(parsed, Samples.Board, Samples.BoardName) : _board.Read(parsed);
        string tagSource = parsed.GetValue(_tagSource)!;
        return new ComparisonTrial(recording, board)
        {
            Designs = parsed.GetValue(_designs) ?? [],
            BothEngines = parsed.GetValue(_engines),
            Own = _own.Read(parsed).Designs,
            TagSource = tagSource,
            // The sample's has no kpageflags that could be a source of tags.
            SnapshotPath = parsed.GetValue(_snapshot) ?? (isSample && tagSource != TagSource.Snapshot.Name ? Samples.Snapshot : null),
            UsedBytes = parsed.GetValue(_used),
            PinnedShare = parsed.GetValue(_pinned),
            Cpus = parsed.GetValue(_cpus),
            TransparentHugePages = !parsed.GetValue(_noThp),
            Full = FullOf(parsed),
            Courses = _output.Courses(parsed),
            Costs = parsed.GetValue(_costs) is { } file ? CostFile.Read(file) : CostTable.Default,
        };
    }
}
