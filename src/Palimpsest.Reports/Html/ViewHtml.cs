using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Html;

/// <summary>The page of a view: the slider of a comparison's page, fed by a socket while the run goes on.</summary>
public static class ViewHtml
{
    /// <param name="title">What runs, for people.</param>
    /// <param name="port">Port of this machine that the page comes from, and the only one that it may speak to.</param>
    public static void Write(TextWriter writer, string title, int port)
    {
        Markup html = new(writer);
        PageShell.Open(html, title, runsScripts: true, InvariantText.Of($"connect-src ws://127.0.0.1:{port} ws://localhost:{port}; "));
        html.Line($"<header><h1>Memory over time: {title}</h1><p id=\"state\" class=\"note\" role=\"status\">reading</p></header>");
        html.Line($"<noscript><p class=\"alarm\">This page needs scripts; compare --html-small makes one that does not.</p></noscript>");
        ChartSections.WritePlayer(html, "2 MiB with pages of 4 KiB");
        html.Line($"<section id=\"result\" hidden><h2>Over the whole run</h2><div class=\"scroll\"><table class=\"designs\" id=\"figures\">"
            + $"</table></div><div id=\"unfit\"></div></section>");
        PageShell.EndContent(html);
        html.Raw("<script>\n" + WebAssets.ViewScript + "</script>\n");
        PageShell.Close(html);
    }
}
