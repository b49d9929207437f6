namespace Palimpsest.Reports.Html;

/// <summary>What made the page, and how to get it again.</summary>
internal static class ProvenanceSection
{
    public static void Write(Markup html, Provenance? provenance)
    {
        if (provenance is null)
        {
            return;
        }

        html.Line($"<section id=\"reproduce\"><h2>Reproduce</h2>");
        html.Line($"<p class=\"note\">Made by {provenance.Build}. The same build, command and inputs give this page byte for byte.</p>");
        html.Line($"<pre><code>{provenance.Line}</code></pre>");
        if (provenance.Inputs.Count > 0)
        {
            html.Line($"<div class=\"scroll\"><table class=\"plain words\"><thead><tr><th>input</th><th>as</th><th>bytes</th>"
                + $"<th>sha256</th></tr></thead><tbody>");
            foreach (InputDigest input in provenance.Inputs)
            {
                html.Line($"<tr><td>{input.Name}</td><td>{input.Role}</td>"
                    + $"<td>{(input.Bytes is { } bytes ? Figures.Count(bytes) : Figures.None)}</td>"
                    + $"<td><code>{input.Sha256 ?? Figures.None}</code></td></tr>");
            }

            html.Line($"</tbody></table></div>");
        }

        html.Line($"</section>");
    }
}
