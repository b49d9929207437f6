using System.CommandLine;
using Palimpsest.Lab.Inspection;
using Palimpsest.Lab.Trials;
using Palimpsest.Machine.Memory;
using Palimpsest.Reports.Json;
using Palimpsest.Reports.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>palimpsest inspect: what is in a device tree or a recording.</summary>
internal sealed class InspectCommand
{
    private readonly InputArgument _file = new("FILE") { Description = "device tree (.dtb) or recording" };
    private readonly BoardOptionsGroup _board = new();
    private readonly TraceOptionsGroup _traceOptions = new();
    private readonly OutputOptionsGroup _output = new(
        $"{InspectJson.Format} version {InspectJson.Version} of a recording, {BoardJson.Format} version {BoardJson.Version} of a tree");

    public static Command Create() => new InspectCommand().Build();

    private Command Build()
    {
        Command command = new("inspect", "What is in a device tree or a recording.") { _file };
        command.Add(_board.Ram);
        command.Add(_board.PageSize);
        command.Add(_board.Cma);
        _traceOptions.AddTo(command);
        _output.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetValue(_file)!;
        RecordingInput recording = _traceOptions.Read(parsed, path);
        Outputs outputs = _output.Open(parsed, () => Call.ProvenanceOf(parsed, [], recording.StandardInput));
        IEnumerable<string> lines = TreeFile.IsTree(path) ? DescribeBoard(parsed, outputs, path) : DescribeTrace(outputs, recording);
        // Any process names itself, and must not command the terminal of who looks.
        outputs.Text(terminal =>
        {
            foreach (string line in lines)
            {
                terminal.Line(OneLine.Of(line));
            }
        });
        return ExitCode.Holds;
    }

    private IReadOnlyList<string> DescribeBoard(ParseResult parsed, Outputs outputs, string path)
    {
        RecordedMachine machine = (_board.Read(parsed) with { TreePath = path }).Read(release: _traceOptions.Release(parsed));
        BoardFacts facts = BoardFacts.Of(machine.Name, machine.Board, machine.Geometry);
        outputs.Json((stream, made) => BoardJson.Write(stream, facts, made));
        return BoardDescription.Lines(machine.Board, machine.Geometry);
    }

    private static IEnumerable<string> DescribeTrace(Outputs outputs, RecordingInput recording)
    {
        using ProgressLine progress = new(isOn: !outputs.IsQuiet);
        InspectionResult result = new InspectionTrial(recording).Run(progress.Of(recording.Path, runs: 0));
        outputs.Json((stream, made) => InspectJson.Write(stream, result, made));
        return TraceDescription.Lines(result);
    }
}
