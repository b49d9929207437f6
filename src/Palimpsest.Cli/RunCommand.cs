using System.CommandLine;
using System.Globalization;
using Palimpsest.Designs;
using Palimpsest.Kernel.Processes;
using Palimpsest.Lab.ClosedLoops;
using Palimpsest.Lab.Reports;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;
using Spectre.Console;

namespace Palimpsest.Cli;

/// <summary>palimpsest run: a closed loop on the running system, under each design.</summary>
internal sealed class RunCommand
{
    private const ulong DefaultRam = 64 << 20;

    private readonly Argument<string> _workload = new("WORKLOAD") { Description = string.Join("; ", LoopCatalog.All.Select(loop => $"{loop.Name}: {loop.Essence}")) };
    private readonly BoardOptionsGroup _board = new();
    private readonly Option<string[]> _designs = new("--design") { Description = "design to run, NAME or NAME:PARAMETER=VALUE,...; may be repeated; all without it", HelpName = "DESIGN" };
    private readonly Option<int?> _steps = new("--steps") { Description = "requests, tabs, queries or app steps", HelpName = "N" };
    private readonly Option<ulong?> _size = new("--size") { Description = "memory that the workload wants; a quarter more than RAM without it", HelpName = "SIZE", CustomParser = SizeSyntax.Parse };
    private readonly Option<string> _tagged = new("--tagged") { Description = "share of its heaps that is PROT_MTE, e.g. 0.3, or 0.1..0.8 from start to end", HelpName = "SHARE", DefaultValueFactory = _ => "0.3" };
    private readonly Option<ulong> _seed = new("--seed") { Description = "another seed, another run", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<ulong?> _swap = new("--swap") { Description = "compressed swap in memory (zram); half of RAM without it", HelpName = "SIZE", CustomParser = SizeSyntax.Parse };
    private readonly Option<int> _cpus = new("--cpus") { Description = "CPUs of the machine", HelpName = "N", DefaultValueFactory = _ => 4 };
    private readonly Option<bool> _thp = new("--thp") { Description = "transparent huge pages everywhere" };
    private readonly Option<string?> _json = new("--json") { Description = $"write {LoopJson.Format} version {LoopJson.Version}", HelpName = "FILE" };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "print nothing but errors" };

    public static Command Create() => new RunCommand().Build();

    private Command Build()
    {
        Command command = new("run", "A workload that feels what it is given: swap, refaults and kills under each design.") { _workload };
        _board.AddTo(command);
        foreach (Option option in new Option[] { _designs, _steps, _size, _tagged, _seed, _swap, _cpus, _thp, _json, _quiet })
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string name = parsed.GetValue(_workload)!;
        LoopEntry loop = LoopCatalog.All.FirstOrDefault(entry => entry.Name == name)
            ?? throw new UsageException($"run {name}: there is no such workload; choose from {string.Join(", ", LoopCatalog.All.Select(entry => entry.Name))}");
        IReadOnlyList<DesignChoice> designs = parsed.GetValue(_designs) is { Length: > 0 } names ? [.. names.Select(DesignCatalog.Parse)] : DesignCatalog.Defaults;
        if (parsed.GetValue(_json) is { } path)
        {
            OutputFile.Check(path);
        }

        (MemoryBoard board, PageGeometry geometry, string boardName) = BoardOf(parsed);
        LoopParameters parameters = ParametersOf(parsed, loop, board, geometry);
        int swapPages = Pages(parsed.GetValue(_swap) ?? board.DataBytes / 2, geometry);
        LinuxMachineOptions options = new()
        {
            Cpus = InRange("--cpus", parsed.GetValue(_cpus), 64),
            Geometry = geometry,
            SwapPages = swapPages,
            HugePagesByDefault = parsed.GetValue(_thp),
        };

        using ProgressLine progress = new(isOn: !parsed.GetValue(_quiet));
        IReadOnlyList<LoopResult> results = new LoopRun(board, loop, parameters, options).Run(designs, progress.Replaying(designs), cancellation);
        progress.Dispose();
        LoopReport report = new(loop, parameters, board, boardName, geometry, swapPages, results);
        if (parsed.GetValue(_json) is { } json)
        {
            OutputFile.Write(json, stream => LoopJson.Write(stream, report));
        }

        if (!parsed.GetValue(_quiet))
        {
            LoopTable.Print(AnsiConsole.Console, report);
        }

        return report.LawViolations == 0 ? ExitCode.Holds : ExitCode.LawViolated;
    }

    private (MemoryBoard Board, PageGeometry Geometry, string Name) BoardOf(ParseResult parsed)
    {
        if (parsed.GetValue(_board.Board) is null && parsed.GetValue(_board.Ram) is null)
        {
            PageGeometry geometry = PageGeometry.Page4K;
            return (MemoryBoard.Flat(DefaultRam, geometry), geometry, "flat memory");
        }

        return _board.Read(parsed, boardPath: null, snapshot: null);
    }

    private LoopParameters ParametersOf(ParseResult parsed, LoopEntry loop, MemoryBoard board, PageGeometry geometry)
    {
        int steps = InRange("--steps", parsed.GetValue(_steps) ?? loop.DefaultSteps, 100_000_000);
        (double from, double to) = ShareOf(parsed.GetValue(_tagged)!);
        return new LoopParameters(Math.Max(64, Pages(parsed.GetValue(_size) ?? board.DataBytes * 5 / 4, geometry)), steps, from, to, parsed.GetValue(_seed));
    }

    private static int Pages(ulong bytes, PageGeometry geometry) => (int)Math.Min(bytes >> geometry.PageShift, int.MaxValue / 4);

    private static int InRange(string option, int value, int most) =>
        value >= 1 && value <= most ? value : throw new UsageException($"{option} {value}: give 1 to {most:N0}");

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
