namespace Palimpsest.Reports.Html;

/// <summary>What a page opens and closes with: it needs nothing else, no network and no file beside it.</summary>
internal static class PageShell
{
    // The page proves that it loads nothing: a browser that obeys this refuses everything but what is written inline.
    private const string Scripts = "script-src 'unsafe-inline'; ";
    private const string InlineOnly = "style-src 'unsafe-inline'; img-src data:";

    /// <param name="runsScripts">False for a page of markup alone, where a browser then refuses any script.</param>
    /// <param name="connects">What it may connect to besides, as the policy says it; nothing without it.</param>
    public static void Open(Markup html, string title, bool runsScripts, string connects = "")
    {
        html.Line($"<!DOCTYPE html>");
        html.Line($"<html lang=\"en\"><head><meta charset=\"utf-8\">");
        html.Line($"<meta http-equiv=\"Content-Security-Policy\" "
            + $"content=\"{"default-src 'none'; " + (runsScripts ? Scripts : "") + connects + InlineOnly}\">");
        html.Line($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.Line($"<meta name=\"color-scheme\" content=\"light dark\">");
        html.Line($"<title>Palimpsest: {title}</title>");
        html.Line($"<link rel=\"icon\" href=\"data:,\">");
        html.Raw("<style>\n" + WebAssets.StyleSheet + "</style>\n");
        html.Line($"</head><body><main>");
    }

    /// <summary>Ends what is read; scripts may follow before <see cref="Close"/>.</summary>
    public static void EndContent(Markup html) => html.Line($"</main>");

    public static void Close(Markup html) => html.Line($"</body></html>");
}
