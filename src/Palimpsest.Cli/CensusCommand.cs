using System.CommandLine;
using Palimpsest.Lab.Census;
using Palimpsest.Reports;
using Palimpsest.Reports.Html;
using Palimpsest.Reports.Json;
using Palimpsest.Reports.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>palimpsest census: how pages lie in the blocks of a real machine.</summary>
internal sealed class CensusCommand
{
    private readonly InputArgument _path = new("PATH")
    {
        Description = "folder with a copy of /proc/kpageflags (plain, .zst or .gz), or the copy; this machine without it (root)",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => CensusTrial.OwnMachine,
    };

    private readonly Option<string> _candidates = new("--candidates")
    {
        Description = "what is taken to be tagged: anonymous (all anonymous memory), mt (areas that smaps marks so, on a machine with "
            + "MTE), tagged (what has tags now)",
        HelpName = "WHAT",
        DefaultValueFactory = _ => CensusWords.Name(CensusCandidates.Anonymous),
    };

    private readonly Option<string[]> _processes = new("--process") { Description = "only memory of these processes, NAME (with * and ?) "
        + "or PID; may be repeated", HelpName = "NAME|PID" };
    private readonly Option<string?> _pageSize = new("--page-size") { Description = "base page: 4K, 16K or 64K; as the files tell without "
        + "it, else 4K", HelpName = "SIZE" };
    private readonly Option<double?> _every = new("--every") { Description = "again and again, e.g. every 5s; Ctrl-C ends it",
        HelpName = "DURATION", CustomParser = DurationSyntax.Parse };
    private readonly Option<double?> _for = new("--for") { Description = "with --every: no longer than, e.g. 2m", HelpName = "DURATION",
        CustomParser = DurationSyntax.Parse };
    private readonly OutputOptionsGroup _output = new($"{CensusJson.Format} version {CensusJson.Version}", "a self-contained page with "
        + "the map");

    public static Command Create() => new CensusCommand().Build();

    private Command Build()
    {
        Command command = new("census", "How many tag pages a real machine's memory would need where it lies, without tracing and "
            + "without MTE.") { _path };
        foreach (Option option in new Option[] { _candidates, _processes, _pageSize, _every, _for })
        {
            command.Add(option);
        }

        _output.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        CensusTrial trial = Read(parsed);
        Outputs outputs = _output.Open(parsed, () => Call.ProvenanceOf(parsed, [], standardInput: null));
        if (parsed.GetValue(_every) is { } every)
        {
            CensusCourse course = Watch(outputs, new CensusWatch(trial, every) { ForSeconds = parsed.GetValue(_for) }, cancellation);
            outputs.Json((stream, made) => CensusJson.Write(stream, course, made));
            outputs.Html((writer, made) => CensusHtml.Write(writer, course, made));
            return ExitCode.Holds;
        }

        using ProgressLine progress = new(isOn: !outputs.IsQuiet);
        CensusResult census = trial.Run(progress.Of(trial.Path, runs: 0), cancellation);
        progress.Dispose();
        outputs.Json((stream, made) => CensusJson.Write(stream, census, made));
        outputs.Html((writer, made) => CensusHtml.Write(writer, census, made));
        outputs.Text(terminal => CensusTable.Write(terminal, census));
        return ExitCode.Holds;
    }

    /// <summary>Ends also when nobody reads the lines any more.</summary>
    private CensusCourse Watch(Outputs outputs, CensusWatch watch, CancellationToken cancellation)
    {
        if (outputs.IsQuiet)
        {
            return watch.Run(each: null, cancellation);
        }

        CensusLine line = new();
        bool hasHeading = false;
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        return watch.Run(Show, enough.Token);

        void Show(CensusMoment moment)
        {
            string text = (hasHeading ? "" : CensusLine.Heading + "\n") + line.Of(moment) + "\n";
            hasHeading = true;
            if (!Shown.TryWrite(text))
            {
                enough.Cancel();
            }
        }
    }

    private CensusTrial Read(ParseResult parsed)
    {
        if (parsed.GetValue(_for) is not null && parsed.GetValue(_every) is null)
        {
            throw new UsageException("--for: says how long --every goes on; give --every too, e.g. --every 5s");
        }

        string candidates = parsed.GetValue(_candidates)!;
        CensusCandidates[] known = Enum.GetValues<CensusCandidates>();
        int index = Array.FindIndex(known, item => CensusWords.Name(item) == candidates);
        return new CensusTrial
        {
            Path = parsed.GetValue(_path)!,
            Candidates = index >= 0 ? known[index] : throw new UsageException(
                $"--candidates {candidates}: give {string.Join(", ", known.Select(CensusWords.Name))}"),
            Processes = parsed.GetValue(_processes) ?? [],
            PageBytes = parsed.GetValue(_pageSize) is { } size ? BoardOptionsGroup.PageBytesOf(size) : null,
        };
    }
}
