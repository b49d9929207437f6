using System.CommandLine;
using Palimpsest.Reports.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>The options that say where a result goes, beside the terminal.</summary>
internal sealed class OutputOptionsGroup
{
    private readonly Option<string?> _json;
    private readonly Option<string?>? _html;
    private readonly Option<string?>? _csv;
    private readonly Option<bool>? _quiet;

    /// <param name="json">Name and version of the JSON that it writes.</param>
    /// <param name="html">What the page is; null for a verb without one.</param>
    /// <param name="csv">What the tables are; null for a verb without them.</param>
    /// <param name="hasQuiet">False for a verb that always prints.</param>
    public OutputOptionsGroup(string json, string? html = null, string? csv = null, bool hasQuiet = true)
    {
        _json = new("--json") { Description = $"write {json}", HelpName = "FILE" };
        _csv = csv is null ? null : new("--csv") { Description = $"write {csv} into a folder", HelpName = "DIR" };
        _html = html is null ? null : new("--html") { Description = $"write {html}", HelpName = "FILE" };
        _quiet = hasQuiet ? new("--quiet") { Description = "print nothing but errors" } : null;
    }

    public void AddTo(Command command)
    {
        foreach (Option option in new Option?[] { _json, _csv, _html, _quiet }.OfType<Option>())
        {
            command.Add(option);
        }
    }

    public bool IsQuiet(ParseResult parsed) => _quiet is not null && parsed.GetValue(_quiet);

    /// <summary>Fails before hours of work, not after, when something cannot be written.</summary>
    /// <param name="tables">Files that go into the folder of tables.</param>
    public void Check(ParseResult parsed, params IEnumerable<string> tables)
    {
        foreach (string path in new[] { parsed.GetValue(_json), _html is null ? null : parsed.GetValue(_html) }.OfType<string>())
        {
            OutputFile.Check(path);
        }

        if (_csv is not null && parsed.GetValue(_csv) is { } folder)
        {
            OutputFile.MakeFolder(folder);
            OutputFile.Check(Path.Combine(folder, tables.First()));
        }
    }

    public void Json(ParseResult parsed, Action<Stream> write)
    {
        if (parsed.GetValue(_json) is { } path)
        {
            OutputFile.Write(path, write);
        }
    }

    public void Html(ParseResult parsed, Action<TextWriter> write)
    {
        if (_html is not null && parsed.GetValue(_html) is { } path)
        {
            OutputFile.WriteText(path, write);
        }
    }

    public void Table(ParseResult parsed, string file, Action<TextWriter> write)
    {
        if (_csv is not null && parsed.GetValue(_csv) is { } folder)
        {
            OutputFile.WriteText(Path.Combine(folder, file), write);
        }
    }

    public void Text(ParseResult parsed, Action<Terminal> write)
    {
        if (!IsQuiet(parsed))
        {
            Shown.Write(write);
        }
    }
}
