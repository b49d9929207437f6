using System.CommandLine;
using System.Globalization;
using Palimpsest.Lab.ClosedLoops;
using Palimpsest.Lab.Courses;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports;
using Palimpsest.Reports.Csv;
using Palimpsest.Reports.Html;
using Palimpsest.Reports.Json;
using Palimpsest.Reports.Perfetto;
using Palimpsest.Reports.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>palimpsest run: a closed loop on the running system, under each design.</summary>
internal sealed class RunCommand : IFilmedVerb
{
    private const int DefaultSeeds = 5;

    private readonly Argument<string> _workload =
        new("WORKLOAD")
        {
            Description = string.Join("; ", LoopCatalog.All.Select(loop => $"{loop.Name}: {loop.Essence}")), HelpName = "WORKLOAD",
        };


    private readonly BoardOptionsGroup _board = new();
    private readonly OwnLibrary _own = new(OwnKinds.Designs | OwnKinds.Workloads);
    private readonly Option<string[]> _designs = new("--design") { Description = "design to run, NAME or NAME:PARAMETER=VALUE,...; may "
        + "be repeated; all without it", HelpName = "DESIGN" };
    private readonly BothEnginesOption _engines = new();

    private readonly Option<int?> _steps = new("--steps") { Description = "requests, tabs, queries or app steps", HelpName = "N" };
    private readonly Option<ulong?> _size = new("--size") { Description = "memory that the workload wants; a quarter more than RAM "
        + "without it", HelpName = "SIZE", CustomParser = SizeSyntax.Parse };
    private readonly Option<string> _tagged = new("--tagged") { Description = "share of its heaps that is PROT_MTE, e.g. 0.3, or "
        + "0.1..0.8 from start to end", HelpName = "SHARE", DefaultValueFactory = _ => "0.3" };
    private readonly Option<int?> _seeds = new("--seeds") { Description = $"runs of each design, with --seed and those that follow: what "
        + $"is chance and what is not; {DefaultSeeds} without it", HelpName = "N" };
    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "the first of the seeds; another seed, another run", HelpName = "N", DefaultValueFactory = _ => 1,
    };

    private readonly Option<ulong?> _swap = new("--swap") { Description = "compressed swap in memory (zram); half of RAM without it",
        HelpName = "SIZE", CustomParser = SizeSyntax.Parse };
    private readonly Option<int> _cpus = new("--cpus") { Description = "CPUs of the machine", HelpName = "N",
        DefaultValueFactory = _ => 4 };
    private readonly Option<bool> _thp = new("--thp") { Description = "transparent huge pages everywhere" };
    private readonly Option<bool> _full = new("--full")
    {
        Description = "a machine that has run for a while: a page cache takes what the workload leaves free, and is reclaimed when memory "
            + "is short",
    };
    private readonly OutputOption _record = new("--record")
    {
        Description = "write what the machine does as a trace.dat, which inspect, compare and trace-cmd report read; takes one --design",
        HelpName = "FILE",
    };
    private readonly DisplayOption _wide = new("--wide") { Description = "show all columns" };
    private readonly OutputOptionsGroup _output = new($"{LoopJson.Format} version {LoopJson.Version}", "a page without scripts",
        "designs.csv and seeds.csv", perfetto: "counters of each design with the first seed, and reservations, moves and failures on "
            + "tracks a CPU; a step counts as a millisecond");

    public static Command Create() => new RunCommand().Build();

    public Command Build()
    {
        Command command = new("run", "A workload that feels what it is given: swap, refaults and kills under each design.") { _workload };
        _board.AddTo(command);
        foreach (Option option in new Option[] { _designs, _engines, _steps, _size, _tagged, _seeds, _seed, _swap, _cpus, _thp, _full,
            _record })
        {
            command.Add(option);
        }

        _own.AddTo(command);
        command.Add(_wide);
        _workload.CompletionSources.Add(Names.Of("workloads"));
        _designs.CompletionSources.Add(Names.Of("designs"));
        _output.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    /// <summary>One seed, unless more are asked for: the first is what is looked at.</summary>
    public (string Title, Func<CourseRequest, CancellationToken, Film> Run) Filmed(ParseResult parsed)
    {
        LoopTrial trial = Read(parsed);
        int seeds = parsed.GetValue(_seeds) ?? 1;
        return ($"run {trial.Workload}", (request, cancellation) =>
            Film.Of((trial with { Courses = request }).Study(seeds, progress: null, cancellation)));
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        LoopTrial trial = Read(parsed);
        Outputs outputs = _output.Open(parsed, () => Call.ProvenanceOf(parsed, [], standardInput: null), LoopCsv.DesignsFile,
            LoopCsv.SeedsFile);
        using ProgressLine progress = new(isOn: !outputs.IsQuiet);
        LoopStudy study = _own.Told(parsed, () => Run(parsed, trial, progress, cancellation));
        progress.Dispose();
        outputs.Json((stream, made) => LoopJson.Write(stream, study, made));
        outputs.Table(LoopCsv.DesignsFile, writer => LoopCsv.WriteDesigns(writer, study));
        outputs.Table(LoopCsv.SeedsFile, writer => LoopCsv.WriteSeeds(writer, study));
        outputs.Html((writer, made) => LoopHtml.Write(writer, study, made));
        outputs.Perfetto(stream => LoopPerfetto.Write(stream, study));
        outputs.Text(terminal => LoopTable.Write(terminal, study, parsed.GetValue(_wide)));
        return study.LawViolations == 0 ? ExitCode.Holds : ExitCode.LawViolated;
    }

    private LoopStudy Run(ParseResult parsed, LoopTrial trial, ProgressLine progress, CancellationToken cancellation)
    {
        int? seeds = parsed.GetValue(_seeds);
        if (parsed.GetValue(_record) is not { } recording)
        {
            int runs = seeds ?? DefaultSeeds;
            return trial.Study(runs, progress.Of(path: null, trial.Rows * Math.Max(1, runs)), cancellation);
        }

        if (seeds > 1)
        {
            throw new UsageException("--record: a recording is of one run; leave --seeds out");
        }

        LoopResult? result = null;
        OutputFile.Check(recording);
        OutputFile.Write(recording, stream => result = trial.Run(progress.Of(path: null, trial.Rows), stream, cancellation));
        return new LoopStudy([result!]);
    }

    private LoopTrial Read(ParseResult parsed)
    {
        (double from, double to) = ShareOf(parsed.GetValue(_tagged)!);
        BoardInput board = _board.Read(parsed);
        OwnParts own = _own.Read(parsed);
        LoopTrial trial = new(parsed.GetValue(_workload)!)
        {
            Designs = parsed.GetValue(_designs) ?? [],
            BothEngines = parsed.GetValue(_engines),
            Own = own.Designs,
            OwnWorkloads = own.Workloads,
            Steps = parsed.GetValue(_steps),
            SizeBytes = parsed.GetValue(_size),
            TaggedFrom = from,
            TaggedTo = to,
            Seed = parsed.GetValue(_seed),
            SwapBytes = parsed.GetValue(_swap),
            Cpus = parsed.GetValue(_cpus),
            HugePages = parsed.GetValue(_thp),
            Full = parsed.GetValue(_full),
            Courses = _output.Courses(parsed),
        };
        return board is { TreePath: null, RamBytes: null } ? trial : trial with { Board = board };
    }

    private static (double From, double To) ShareOf(string text)
    {
        string[] ends = text.Split("..");
        return ends.Length <= 2 && TryShare(ends[0], out double from) && TryShare(ends[^1], out double to)
            ? (from, to)
            : throw new UsageException($"--tagged {text}: give a share from 0 to 1, or two as in 0.1..0.8");
    }

    private static bool TryShare(string text, out double share) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out share) && share is >= 0 and <= 1;
}
