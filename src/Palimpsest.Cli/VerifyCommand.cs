using System.CommandLine;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Html;
using Palimpsest.Reports.Json;
using Palimpsest.Reports.Text;

namespace Palimpsest.Cli;

/// <summary>palimpsest verify: how often the model decides as the recorded kernel did.</summary>
internal sealed class VerifyCommand
{
    private readonly InputArgument _trace = new("TRACE")
    {
        Description =
            "recording with the kmem events, mm_page_alloc_zone_locked and mm_page_pcpu_drain among them; the bundled boot without one",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly BoardOptionsGroup _board = new();
    private readonly InputOption _snapshot =
        new("--snapshot") { Description = "folder with copies of /proc/zoneinfo, pagetypeinfo, kpageflags at the end", HelpName = "DIR" };
    private readonly InputOption _start = new("--start")
    {
        Description = "the same from the start; without it, the last of the folders beside the other that was taken before the first event",
        HelpName = "DIR",
    };

    private readonly TraceOptionsGroup _traceOptions = new(from: 1);
    private readonly Option<int?> _explain = new("--explain") { Description = "show the lists before this miss, from 1", HelpName = "N" };
    private readonly Option<string?> _design = new("--design")
    {
        Description = "what the recorded kernel does with its tag storage, e.g. cma-no-tagged:fast-path=off; without it, as its events say",
        HelpName = "DESIGN",
    };

    private readonly Option<bool> _noThp = new("--no-thp") { Description = "the kernel ran with transparent_hugepage=never" };
    private readonly Option<bool> _truncated = new("--allow-truncated") { Description = "use what there is of a file that was cut off" };
    private readonly OutputOptionsGroup _output = new("palimpsest.verify version 1", "a self-contained report");

    public static Command Create() => new VerifyCommand().Build();

    private Command Build()
    {
        Command command = new("verify", "How often the model decides as the recorded kernel did.") { _trace };
        _board.AddTo(command);
        foreach (Option option in new Option[] { _snapshot, _start, _explain, _design, _noThp, _truncated })
        {
            command.Add(option);
        }

        _output.AddTo(command);
        _traceOptions.AddTo(command);
        OptionalTrace.RefuseOptions(_trace);
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        VerificationTrial trial = Read(parsed);
        Outputs outputs = _output.Open(parsed, () => Call.ProvenanceOf(parsed, SamplesOf(parsed), trial.Recording.StandardInput));
        using ProgressLine progress = new(isOn: !outputs.IsQuiet);
        TrialProgress told = progress.Of(trial.Recording.Path, runs: 0);
        if (parsed.GetValue(_explain) is { } miss)
        {
            IReadOnlyList<string> lines = trial.Explain(miss, told);
            progress.Dispose();
            Shown.Lines(lines);
            return ExitCode.Holds;
        }

        VerificationResult result = trial.Run(told);
        progress.Dispose();
        outputs.Json((stream, made) => VerifyJson.Write(stream, result, made));
        outputs.Html((writer, made) => VerifyHtml.Write(writer, result, made));
        outputs.Text(terminal => VerifyTable.Write(terminal, result));
        return result.Violations.Count == 0 ? ExitCode.Holds : ExitCode.LawViolated;
    }

    private IEnumerable<(string Name, string Path)> SamplesOf(ParseResult parsed) => parsed.GetValue(_trace) is not null ? [] :
    [
        (Samples.BootName, Samples.BootTrace),
        .. _board.IsNamed(parsed) ? Array.Empty<(string, string)>() : [(Samples.BootBoardName, Samples.BootBoard)],
        .. parsed.GetValue(_snapshot) is null ? [(Samples.BootSnapshotName, Samples.BootSnapshot)] : Array.Empty<(string, string)>(),
    ];

    private VerificationTrial Read(ParseResult parsed)
    {
        bool isSample = parsed.GetValue(_trace) is null;
        RecordingInput recording = _traceOptions.Read(
            parsed, parsed.GetValue(_trace) ?? Samples.BootTrace, isSample ? Samples.BootName : null, parsed.GetValue(_truncated));
        BoardInput board = isSample ? _board.Read(parsed, Samples.BootBoard, Samples.BootBoardName) : _board.Read(parsed);
        return new VerificationTrial(recording, board)
        {
            EndPath = parsed.GetValue(_snapshot) ?? (isSample ? Samples.BootSnapshot : null),
            StartPath = parsed.GetValue(_start),
            Design = parsed.GetValue(_design),
            UsesSiblings = parsed.GetValue(_snapshot) is not null,
            TransparentHugePages = !parsed.GetValue(_noThp) && !isSample,
        };
    }
}
