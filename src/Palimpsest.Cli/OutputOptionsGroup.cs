using System.CommandLine;
using System.CommandLine.Parsing;
using Palimpsest.Lab.Courses;
using Palimpsest.Reports;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>The options that say where a result goes, beside the terminal.</summary>
internal sealed class OutputOptionsGroup
{
    private readonly OutputOption _json;
    private readonly OutputOption? _html;
    private readonly OutputOption? _smallHtml;
    private readonly OutputOption? _csv;
    private readonly OutputOption? _perfetto;
    private readonly DisplayOption _quiet = new("--quiet") { Description = "print nothing but errors" };

    /// <param name="json">Name and version of the JSON that it writes.</param>
    /// <param name="html">What the page is; null for a verb without one.</param>
    /// <param name="csv">What the tables are; null for a verb without them.</param>
    /// <param name="perfetto">What the trace holds; null for a verb without one.</param>
    /// <param name="smallHtml">What the page for a mail leaves out; null where the page is small itself.</param>
    public OutputOptionsGroup(string json, string? html = null, string? csv = null, string? smallHtml = null,
        string? perfetto = null)
    {
        _json = new("--json") { Description = $"write {json}; - for standard output", HelpName = "FILE" };
        _csv = csv is null ? null : new("--csv") { Description = $"write {csv} into a folder; - for the first of them on standard output",
            HelpName = "DIR" };
        _html = html is null ? null : new("--html") { Description = $"write {html}; - for standard output", HelpName = "FILE" };
        _perfetto = perfetto is null ? null : new("--perfetto")
        {
            Description = $"write {perfetto}, for ui.perfetto.dev and trace_processor", HelpName = "FILE",
        };
        _smallHtml = smallHtml is null ? null : new("--html-small") { Description = $"the same page {smallHtml}, for a mail",
            HelpName = "FILE" };
    }

    public void AddTo(Command command)
    {
        foreach (Option option in new Option?[] { _json, _csv, _html, _smallHtml, _perfetto, _quiet }.OfType<Option>())
        {
            command.Add(option);
        }
    }

    /// <summary>What the outputs need of how memory fares; null where none shows it.</summary>
    public CourseRequest? Courses(ParseResult parsed)
    {
        bool hasEvents = Value(parsed, _perfetto) is not null;
        bool hasPictures = _smallHtml is not null && Value(parsed, _html) is not null;
        return hasEvents || hasPictures ? new CourseRequest { KeepsEvents = hasEvents } : null;
    }

    /// <summary>Fails before hours of work, not after, when something cannot be written.</summary>
    /// <param name="made">Says what made the result, once it is there.</param>
    /// <param name="tables">Files that go into the folder of tables, the first of which goes to standard output.</param>
    /// <exception cref="UsageException">Two outputs go to one place.</exception>
    /// <exception cref="OutputException">One cannot be made.</exception>
    public Outputs Open(ParseResult parsed, Func<Provenance> made, params IReadOnlyList<string> tables)
    {
        RequireApart(parsed);
        Outputs outputs = new(made, Value(parsed, _json), Value(parsed, _html), Value(parsed, _smallHtml), Value(parsed, _csv), tables,
            Value(parsed, _perfetto))
        {
            IsQuiet = parsed.GetValue(_quiet) || Places(parsed).Any(place => place.Path == OutputFile.StandardOutput),
        };
        outputs.Check();
        return outputs;
    }

    private static string? Value(ParseResult parsed, OutputOption? option) => option is null ? null : parsed.GetValue(option);

    private static IEnumerable<(string Option, string Path)> Places(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<OptionResult>().Where(result => result.Option is OutputOption && result.Tokens.Count > 0)
            .Select(result => (result.Option.Name, result.Tokens[0].Value));

    private static void RequireApart(ParseResult parsed)
    {
        Dictionary<string, string> taken = [];
        foreach ((string option, string path) in Places(parsed).Where(place => place.Path.Length > 0))
        {
            string place = path == OutputFile.StandardOutput ? path : Path.GetFullPath(path);
            if (!taken.TryAdd(place, option) && !place.StartsWith("/dev/", StringComparison.Ordinal))
            {
                throw new UsageException($"{taken[place]} and {option} both go to {path}: the second would replace the first; give two "
                    + "names");
            }
        }
    }
}
