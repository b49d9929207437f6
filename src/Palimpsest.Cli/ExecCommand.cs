using System.Collections;
using System.CommandLine;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports;
using Palimpsest.Reports.Html;
using Palimpsest.Reports.Json;
using Palimpsest.Reports.Text;
using Palimpsest.Userland;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>palimpsest exec: an arm64 Linux program on the running system.</summary>
internal sealed class ExecCommand
{
    private const string AllDesigns = "all";
    private const string Compiler = "compiler";
    private const string Interpreter = "interpreter";

    private readonly Argument<string[]> _program = new("PROGRAM") { Description = "arm64 Linux program and its arguments, behind --",
        Arity = ArgumentArity.OneOrMore };
    private readonly BoardOptionsGroup _board = new();
    private readonly Option<string[]> _designs = new("--design", "--designs") { Description = "design to run under, NAME or "
        + "NAME:PARAMETER=VALUE,...; may be repeated; all for each of them; packed without it", HelpName = "DESIGN" };
    private readonly Option<string?> _root = new("--root") { Description = "folder that the program sees as /, beside the working folder; "
        + "it is only read: what the program writes stays in the model", HelpName = "FOLDER" };
    private readonly Option<ulong?> _swap = new("--swap") { Description = "compressed swap in memory (zram); half of RAM without it",
        HelpName = "SIZE", CustomParser = SizeSyntax.Parse };
    private readonly Option<ulong> _seed = new("--seed") { Description = "another seed, other random numbers", HelpName = "N",
        DefaultValueFactory = _ => 1 };
    private readonly Option<int> _slice = new("--slice") { Description = "instructions that a thread runs before the next one",
        HelpName = "N", DefaultValueFactory = _ => 50_000 };
    private readonly Option<long?> _limit = new("--limit") { Description = "instructions after which the program is ended",
        HelpName = "N" };
    private readonly Option<ulong?> _limitMemory = new("--limit-memory") { Description = "memory that its processes may "
        + "have together, swapped or not, after which the program is ended", HelpName = "SIZE", CustomParser = SizeSyntax.Parse };
    private readonly Option<string> _engine = new("--engine") { Description = "how instructions are executed: compiler (what is hot is "
        + "compiled; a native program has none and says so) or interpreter; the outcome is the same", HelpName = "ENGINE",
        DefaultValueFactory = _ => Compiler };
    private readonly Option<bool> _verify = new("--verify-jit") { Description = "run it in both engines, without input, and compare "
        + "what each leaves; a difference is told with its instruction" };
    private readonly Option<int> _hot = new("--hot") { Description = "branches to an instruction before it is compiled", HelpName = "N",
        DefaultValueFactory = _ => 3000 };
    private readonly OutputOption _record = new("--record")
    {
        Description = "write what the machine does as a trace.dat, which inspect, compare and trace-cmd report read; takes one --design",
        HelpName = "FILE",
    };
    private readonly ExecExploration _exploration = new();
    private readonly OutputOptionsGroup _output = new(
        $"{ExecJson.Format} version {ExecJson.Version}, with --explore {ExploreJson.Format}", "a page without scripts");

    public static Command Create() => new ExecCommand().Build();

    private Command Build()
    {
        Command command = new("exec", "A real arm64 Linux program, instruction by instruction, its tags in lent tag storage.") { _program };
        _board.AddTo(command);
        foreach (Option option in new Option[] { _designs, _root, _swap, _seed, _slice, _limit, _limitMemory, _engine, _hot,
            _verify, _record })
        {
            command.Add(option);
        }

        _exploration.AddTo(command);
        _output.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    /// <returns>What the program's own shell would be told; the table is on standard error, which is not its output.</returns>
    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        Outputs outputs = _output.Open(parsed, () => Made(parsed));
        if (_exploration.IsAsked(parsed))
        {
            return Explore(parsed, outputs, cancellation);
        }

        _exploration.RequireAsked(parsed);
        CheckRecording(parsed.GetValue(_record));
        using Stream input = Console.OpenStandardInput();
        using BufferedStream output = new(Console.OpenStandardOutput());
        using Stream error = Console.OpenStandardError();
        ExecResult result;
        try
        {
            result = Read(parsed, input, output, error).Run(cancellation);
        }
        finally
        {
            output.Flush();
        }

        outputs.Json((stream, made) => ExecJson.Write(stream, result, made));
        outputs.Html((writer, made) => ExecHtml.Write(writer, result, made));
        // Not while the program runs: it would see the file grow in the working folder.
        if (parsed.GetValue(_record) is { } recording)
        {
            OutputFile.Write(recording, result.WriteRecording!);
        }

        if (!outputs.IsQuiet)
        {
            using StringWriter text = new();
            ExecTable.Write(new Terminal(text, hasStyles: false), result);
            Console.Error.Write(text.ToString());
        }

        if (result.EngineStops is { } stops)
        {
            Console.Error.WriteLine(result.EngineDifference is { } other
                ? $"engines: they differ behind {other.From:x} ({other.Encoding:x8}), thread {other.Thread}, at {other.Pc:x} after "
                    + $"{other.Instructions} instructions; a smaller --slice narrows it. Compiled: {other.State}"
                : $"engines: the same at {stops} places");
        }

        bool isSound = result.EngineDifference is null && result.LawViolations == 0 && result.Others.Count == 0;
        return isSound ? result.ExitStatus : ExitCode.LawViolated;
    }

    private int Explore(ParseResult parsed, Outputs outputs, CancellationToken cancellation)
    {
        foreach (Option option in new Option[] { _record, _verify, _engine, _hot, _slice })
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                throw new UsageException($"{option.Name}: a search of --explore has nothing for it; leave it out");
            }
        }

        ExecTrial trial = Read(parsed, Stream.Null, Stream.Null, Stream.Null);
        return _exploration.Run(parsed, trial, _board.Read(parsed), outputs, cancellation);
    }

    private static ulong AtLeastAPage(ulong memory) => memory >= GuestOptions.PageBytes ? memory
        : throw new UsageException($"--limit-memory {memory}: give a page at least, {GuestOptions.PageBytes}");

    private static void CheckRecording(string? path)
    {
        if (path == OutputFile.StandardOutput)
        {
            throw new UsageException("--record -: standard output is the program's; give the name of a file");
        }

        if (path is not null)
        {
            OutputFile.Check(path);
        }
    }

    /// <summary>The program is an input; where it and its root lie is the caller's business.</summary>
    private Provenance Made(ParseResult parsed)
    {
        string program = parsed.GetValue(_program)![0];
        string?[] paths = [program, parsed.GetValue(_root)];
        (string, string)[] inputs = File.Exists(program) ? [(Call.NameOf(program), program)] : [];
        Provenance made = Call.ProvenanceOf(parsed, inputs, standardInput: null);
        return made with { Command = [.. made.Command.Select(word => paths.Contains(word) ? Call.NameOf(word) : word)] };
    }

    private ExecTrial Read(ParseResult parsed, Stream input, Stream output, Stream error)
    {
        string? root = parsed.GetValue(_root);
        if (root is not null && !Directory.Exists(root))
        {
            throw new UsageException($"--root {root}: there is no such folder");
        }

        GuestOptions guest = new(parsed.GetValue(_program)!)
        {
            Environment = Variables(),
            Root = root is null ? null : Path.GetFullPath(root),
            WorkingFolder = Directory.GetCurrentDirectory(),
            Input = parsed.GetValue(_verify) ? Stream.Null : input, Output = output, Error = error,
            Seed = parsed.GetValue(_seed),
            SliceInstructions = Positive("--slice", parsed.GetValue(_slice)),
            IsInterpreted = IsInterpreted(parsed),
            HotBranches = Positive("--hot", parsed.GetValue(_hot)),
            MostInstructions = parsed.GetValue(_limit) is { } limit ? Positive("--limit", limit) : null,
            MostResidentPages = parsed.GetValue(_limitMemory) is { } memory
                ? (long)(AtLeastAPage(memory) / GuestOptions.PageBytes) : null,
        };
        string[] designs = parsed.GetValue(_designs) ?? [];
        BoardInput board = _board.Read(parsed);
        ExecTrial trial = new(guest)
        {
            Designs = designs.Length == 0 ? ["packed"] : designs is [AllDesigns] ? [] : designs,
            IsRecorded = parsed.GetValue(_record) is not null,
            VerifiesCompiler = parsed.GetValue(_verify),
            SwapBytes = parsed.GetValue(_swap),
        };
        return board is { TreePath: null, RamBytes: null } ? trial : trial with { Board = board };
    }

    /// <summary>What this program was given, in order of the names, without what is meant for its own runtime.</summary>
    private static IReadOnlyList<string> Variables() =>
    [
        .. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(entry => !((string)entry.Key).StartsWith("DOTNET_", StringComparison.Ordinal))
            .Select(entry => $"{entry.Key}={entry.Value}").Order(StringComparer.Ordinal),
    ];

    /// <summary>A native program says that it has no compiler where one was asked for.</summary>
    private bool IsInterpreted(ParseResult parsed)
    {
        string engine = parsed.GetValue(_engine)!;
        bool isAsked = engine == Compiler && parsed.GetResult(_engine) is { Implicit: false };
        if ((isAsked || parsed.GetValue(_verify)) && !GuestSystem.CanCompile)
        {
            throw new UsageException("--engine compiler: this is a native program, which interprets only");
        }

        return engine is Interpreter or Compiler
            ? engine == Interpreter : throw new UsageException($"--engine {engine}: {Compiler} or {Interpreter}");
    }

    private static T Positive<T>(string option, T value)
        where T : System.Numerics.INumber<T> =>
        value > T.Zero ? value : throw new UsageException($"{option} {value}: give a number above 0");
}
