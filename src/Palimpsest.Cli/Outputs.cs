using Palimpsest.Reports;
using Palimpsest.Reports.Json;
using Palimpsest.Reports.Text;

namespace Palimpsest.Cli;

/// <summary>Where the results of one call go.</summary>
/// <param name="made">Says what made them; asked when the first is written that tells.</param>
/// <param name="tables">Names of files, in the folder <paramref name="csv"/>.</param>
internal sealed class Outputs(Func<Provenance> made, string? json, string? html, string? smallHtml, string? csv,
    IReadOnlyList<string> tables, string? perfetto)
{
    private const string ProvenanceFile = "provenance.json";

    private readonly Lazy<Provenance> _made = new(made);

    /// <summary>Nothing for people is printed: they do not want it, or standard output is taken.</summary>
    public required bool IsQuiet { get; init; }

    public void Check()
    {
        foreach (string path in new[] { json, html, smallHtml, perfetto }.OfType<string>())
        {
            OutputFile.Check(path);
        }

        if (csv is not null)
        {
            OutputFile.Check(Directory.Exists(csv) ? Path.Combine(csv, tables[0]) : csv);
        }
    }

    public void Json(Action<Stream, Provenance> write) => To(json, stream => write(stream, _made.Value));

    public void Html(Action<TextWriter, Provenance> write) => ToText(html, writer => write(writer, _made.Value));

    public void SmallHtml(Action<TextWriter, Provenance> write) => ToText(smallHtml, writer => write(writer, _made.Value));

    public void Perfetto(Action<Stream> write) => To(perfetto, write);

    /// <summary>One of the tables; beside the first lies what made them.</summary>
    public void Table(string file, Action<TextWriter> write)
    {
        bool isFirst = file == tables[0];
        if (csv == OutputFile.StandardOutput)
        {
            ToText(isFirst ? csv : null, write);
        }
        else if (csv is not null)
        {
            OutputFile.MakeFolder(csv);
            ToText(Path.Combine(csv, file), write);
            To(isFirst ? Path.Combine(csv, ProvenanceFile) : null, stream => ProvenanceJson.Write(stream, _made.Value));
        }
    }

    public void Text(Action<Terminal> write)
    {
        if (!IsQuiet)
        {
            Shown.Write(write);
        }
    }

    /// <summary>What is known already, while the rest is still at work.</summary>
    public void Say(string text)
    {
        if (!IsQuiet)
        {
            Shown.Text(text);
        }
    }

    private static void To(string? path, Action<Stream> write)
    {
        if (path is not null)
        {
            OutputFile.Write(path, write);
        }
    }

    private static void ToText(string? path, Action<TextWriter> write)
    {
        if (path is not null)
        {
            OutputFile.WriteText(path, write);
        }
    }
}
