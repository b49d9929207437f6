using System.CommandLine;
using System.CommandLine.Completions;
using Palimpsest.Reports.Json;
using Palimpsest.Reports.Lists;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>palimpsest list: what can be named on the command line, and what is in a result.</summary>
internal sealed class ListCommand
{
    private static readonly string Kinds = string.Join(", ", Listing.All.Select(listing => listing.Kind));

    private readonly Argument<string> _kind = new("KIND") { Description = Kinds, HelpName = "KIND" };
    private readonly OwnLibrary _own = new(OwnKinds.All);
    private readonly OutputOptionsGroup _output = new($"{ListJson.Format} version {ListJson.Version}");

    public static Command Create() => new ListCommand().Build();

    private Command Build()
    {
        Command command = new("list", "What there is to name: designs, races, workloads and so on, a line each.") { _kind };
        _kind.CompletionSources.Add(_ => Listing.All.Select(listing => new CompletionItem(listing.Kind)));
        _own.AddTo(command);
        _output.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string kind = parsed.GetValue(_kind)!;
        Listing listing = _own.Read(parsed).Listings.FirstOrDefault(listing => listing.Kind == kind)
            ?? throw new UsageException($"list {kind}: there is no such list{Nearest.Hint(kind, Listing.All.Select(one => one.Kind))}; "
                + $"choose from {Kinds}");
        Outputs outputs = _output.Open(parsed, () => Call.ProvenanceOf(parsed, [], standardInput: null));
        outputs.Json((stream, made) => ListJson.Write(stream, listing, made));
        outputs.Text(terminal =>
        {
            int width = listing.Items.Max(item => item.Name.Length);
            foreach (Listed item in listing.Items)
            {
                terminal.Entry(item.Name, width, item.Words);
            }
        });
        return ExitCode.Holds;
    }
}
