using System.CommandLine;
using System.Globalization;
using Palimpsest.Lab.Traces;
using Palimpsest.Machine.DeviceTree;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>palimpsest inspect: what is in a device tree or a recording.</summary>
internal sealed class InspectCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "device tree (.dtb) or recording" };
    private readonly BoardOptionsGroup _board = new();

    public static Command Create() => new InspectCommand().Build();

    private Command Build()
    {
        Command command = new("inspect", "What is in a device tree or a recording.") { _file };
        command.Add(_board.Ram);
        command.Add(_board.PageSize);
        command.Add(_board.Cma);
        command.Add(_board.Board);
        _board.Board.Hidden = true;
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetValue(_file)!;
        IEnumerable<string> lines = IsDeviceTree(path) ? DescribeBoard(parsed, path) : DescribeTrace(path);
        foreach (string line in lines)
        {
            Console.WriteLine(line);
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

    private static IEnumerable<string> DescribeTrace(string path)
    {
        Trace trace = TraceFile.Read(path);
        long span = trace.DurationNs;
        yield return Text($"{path}: {trace.Format}");
        yield return Text($"events      {trace.EventCount:N0}, {trace.LostEvents:N0} lost");
        yield return trace.Clock == TraceClock.Time ? Text($"time        {span / 1e9:N3} s") : Text($"time        none: the clock counts {trace.Clock}");
        yield return Text($"CPUs        {trace.Cpus}");
        yield return Text($"tasks       {trace.Tasks.Count:N0}");
        yield return "events by type";
        foreach ((string name, long count) in trace.EventsByType.OrderByDescending(entry => entry.Value))
        {
            yield return Text($"  {count,12:N0}  {name}");
        }

        foreach (string note in trace.Notes)
        {
            yield return "note: " + note;
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
