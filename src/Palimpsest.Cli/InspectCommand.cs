using System.CommandLine;
using Palimpsest.Lab.Inspection;
using Palimpsest.Machine.DeviceTree;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>palimpsest inspect: what is in a device tree or a recording.</summary>
internal sealed class InspectCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "device tree (.dtb) or recording" };
    private readonly BoardOptionsGroup _board = new();
    private readonly TraceOptionsGroup _traceOptions = new();
    private readonly Option<string?> _json = new("--json") { Description = $"write {InspectJson.Format} version {InspectJson.Version}, of a recording", HelpName = "FILE" };

    public static Command Create() => new InspectCommand().Build();

    private Command Build()
    {
        Command command = new("inspect", "What is in a device tree or a recording.") { _file };
        command.Add(_board.Ram);
        command.Add(_board.PageSize);
        command.Add(_board.Cma);
        command.Add(_board.Board);
        _board.Board.Hidden = true;
        _traceOptions.AddTo(command);
        command.Add(_json);
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetValue(_file)!;
        if (parsed.GetValue(_json) is { } json)
        {
            OutputFile.Check(json);
        }

        IEnumerable<string> lines = IsDeviceTree(path) ? DescribeBoard(parsed, path) : DescribeTrace(parsed, path);
        foreach (string line in lines)
        {
            // Any process names itself, and must not command the terminal of who looks.
            Console.WriteLine(OneLine.Of(line));
        }

        return ExitCode.Holds;
    }

    private static bool IsDeviceTree(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        Span<byte> head = stackalloc byte[8];
        using FileStream file = File.OpenRead(path);
        return FlattenedDeviceTree.HasMagic(head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]);
    }

    private IReadOnlyList<string> DescribeBoard(ParseResult parsed, string path)
    {
        (MemoryBoard board, PageGeometry geometry, _) = _board.Read(parsed, path, snapshot: null);
        return BoardDescription.Lines(board, geometry);
    }

    private IEnumerable<string> DescribeTrace(ParseResult parsed, string path)
    {
        using ProgressLine progress = new(isOn: true);
        TraceDigest digest = TraceDigest.Read(path, _traceOptions.Read(parsed, progress.Reading(path)));
        if (parsed.GetValue(_json) is { } json)
        {
            OutputFile.Write(json, stream => InspectJson.Write(stream, path, digest));
        }

        return TraceDescription.Lines(path, digest);
    }
}
