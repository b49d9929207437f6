using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Html;

/// <summary>The page that follows sweeps, fed by a socket.</summary>
public static class SweepViewHtml
{
    /// <param name="title">Which sweeps, for people.</param>
    /// <param name="port">Port of this machine that the page comes from, and the only one that it may speak to.</param>
    public static void Write(TextWriter writer, string title, int port)
    {
        Markup html = new(writer);
        PageShell.Open(html, title, runsScripts: true, InvariantText.Of($"connect-src ws://127.0.0.1:{port} ws://localhost:{port}; "));
        html.Line($"<header><h1>Sweeps: {title}</h1><p id=\"state\" class=\"note\" role=\"status\">looking</p></header>");
        html.Line($"<noscript><p class=\"alarm\">This page needs scripts; palimpsest results says the same in text.</p></noscript>");
        html.Line($"<div id=\"sweeps\"></div><div id=\"so-far\"></div>");
        PageShell.EndContent(html);
        html.Raw("<script>\n" + WebAssets.SweepViewScript + "</script>\n");
        PageShell.Close(html);
    }
}
