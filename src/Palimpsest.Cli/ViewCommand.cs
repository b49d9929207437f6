using System.CommandLine;
using System.CommandLine.Parsing;
using Palimpsest.Lab.Courses;
using Palimpsest.Lab.Trials;
using Palimpsest.Nats;
using Palimpsest.Reports;
using Palimpsest.Vocabulary;
using Palimpsest.View;

namespace Palimpsest.Cli;

/// <summary>A verb whose work can be looked at while it goes on.</summary>
internal interface IFilmedVerb
{
    Command Build();

    /// <summary>What runs, in words, and what runs it.</summary>
    (string Title, Func<CourseRequest, CancellationToken, Film> Run) Filmed(ParseResult parsed);
}

/// <summary>palimpsest view: a page of this machine with a slider over memory, which follows what runs.</summary>
internal sealed class ViewCommand
{
    private const int MostPorts = 65535;

    private readonly Argument<string[]> _what = new("WHAT")
    {
        Description = "TRACE with the options of compare; run WORKLOAD with those of run; a JSON that either wrote, whose command is run "
            + "again; a FOLDER that a sweep fills, or nats://HOST:4222 for the sweeps of a server; the bundled sample without anything",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<int> _port = new("--port") { Description = "port of 127.0.0.1; one that is free without it", HelpName = "N" };
    private readonly InputOption _folder = new("--in") { Description = "folder with the inputs of a JSON, by the names in it; this folder "
        + "without it", HelpName = "DIR" };

    private readonly ServerOptionsGroup _server = new();

    public static Command Create() => new ViewCommand().Build();

    private Command Build()
    {
        Command command = new("view", "Memory over time in a browser, a slider over each design's pageblocks, while it runs and after; or "
            + "how sweeps go on.")
        {
            _what, _port, _folder,
        };
        _server.AddTo(command);
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(Run);
        return command;
    }

    private async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        int port = parsed.GetValue(_port);
        if (port is < 0 or > MostPorts)
        {
            throw new UsageException(InvariantText.Of($"--port {port}: give 0 to {MostPorts}"));
        }

        string[]? what = parsed.GetValue(_what);
        if (what is not [var server] || !server.Contains("://", StringComparison.Ordinal))
        {
            _server.RequireNone(parsed, "nats://HOST:4222");
        }

        switch (what)
        {
            case [var place] when parsed.GetValue(_folder) is not null
                && (SweepLook.IsFolder(place) || place.Contains("://", StringComparison.Ordinal)):
                throw new UsageException($"--in: is for the JSON of a result; leave it out with {place}");
            case [var folder] when SweepLook.IsFolder(folder):
                await Follow(Call.NameOf(Path.GetFullPath(folder)), port, SweepLook.OfFolder(folder), cancellation);
                return ExitCode.Holds;
            case [var url] when url.Contains("://", StringComparison.Ordinal):
                NatsAddress address = _server.Read(parsed, url);
                await using (SweepWatch watch = await SweepWatch.Open(address, cancellation))
                {
                    await Follow($"{address}", port, SweepLook.OfServer(watch), cancellation);
                }

                return ExitCode.Holds;
        }

        string[] call = CallOf(parsed);
        IFilmedVerb verb = call[0] switch
        {
            "run" => new RunCommand(),
            "compare" => new CompareCommand(),
            _ => throw new UsageException($"view {call[0]}: only what compare and run do has memory over time to look at"),
        };
        (string title, Func<CourseRequest, CancellationToken, Film> run) = verb.Filmed(Parsed(verb.Build(), call));
        await ViewServer.Run(new ViewRequest(title, port, run),
            address => Shown.Text($"{title}: {address}\nCtrl-C ends it.\n"), cancellation);
        return ExitCode.Holds;
    }

    private static Task Follow(string title, int port, Func<CancellationToken, Task<byte[]>> look, CancellationToken cancellation) =>
        SweepView.Run(new SweepViewRequest(title, port, look), address => Shown.Text($"{title}: {address}\nCtrl-C ends it.\n"),
            cancellation);

    /// <summary>The verb and its words that are meant: those of a JSON's command, or what was given.</summary>
    private string[] CallOf(ParseResult parsed)
    {
        // In the order they were given: the parser keeps words that it does not know apart from those that it does.
        string[] words = [.. parsed.Tokens.SkipWhile(token => token.Value != parsed.CommandResult.Command.Name).Skip(1)
            .Select(token => token.Value)];
        string[] own = [_port.Name, _folder.Name];
        List<string> rest = [];
        for (int at = 0; at < words.Length; at++)
        {
            if (own.Contains(words[at]))
            {
                at++;
            }
            else
            {
                rest.Add(words[at]);
            }
        }

        if (rest is [var file, ..] && RerunCommand.IsResult(file))
        {
            return rest.Count == 1 ? RerunCommand.CallOf(file, parsed.GetValue(_folder))
                : throw new UsageException($"view {file}: its command is run as it is; leave {rest[1]} out");
        }

        if (rest is [var verb, ..] && verb is not ("run" or "compare") && !File.Exists(verb)
            && Verbs.Has(verb))
        {
            throw new UsageException($"view {verb}: only what compare and run do has memory over time to look at");
        }

        return rest is ["run" or "compare", ..] ? [.. rest] : ["compare", .. rest];
    }

    private static ParseResult Parsed(Command verb, string[] call)
    {
        ParseResult again = new RootCommand { verb }.Parse(call);
        if (again.Errors.Count > 0)
        {
            throw new UsageException(Verbs.Complaint(again));
        }

        return again.CommandResult.Children.OfType<OptionResult>()
            .FirstOrDefault(result => result.Option is OutputOption && !result.Implicit) is { } output
            ? throw new UsageException($"view: writes no file; leave {output.Option.Name} out, or give it to {verb.Name}")
            : again;
    }
}
