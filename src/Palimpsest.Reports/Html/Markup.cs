namespace Palimpsest.Reports.Html;

/// <summary>
/// Writes HTML: what is spelled in the source is markup, what is put in between is text and gets escaped. So no name
/// from a trace or a device tree can become markup.
/// </summary>
internal sealed class Markup(TextWriter writer)
{
    public void Write(MarkupText markup) => writer.Write(MarkupText.Of(markup));

    public void Line(MarkupText markup)
    {
        Write(markup);
        writer.Write('\n');
    }

    /// <summary>Markup made elsewhere, with nothing of the input in it.</summary>
    public void Raw(string markup) => writer.Write(markup);

    /// <summary>A table of names and values.</summary>
    public void Facts(IEnumerable<(string Name, string Value)> facts)
    {
        Line($"<dl class=\"facts\">");
        foreach ((string name, string value) in facts)
        {
            Line($"<div><dt>{name}</dt><dd>{value}</dd></div>");
        }

        Line($"</dl>");
    }
}
