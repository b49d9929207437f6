namespace Palimpsest.Reports.Tests.Html;

/// <summary>A strict reader of the HTML that the reports write: what opens is closed, in order, and nothing stands where it may
/// not.</summary>
internal static class Tags
{
    private static readonly string[] Void = ["meta", "link", "br", "input", "img", "hr"];
    private static readonly string[] Verbatim = ["script", "style"];

    /// <summary>First thing that is wrong; null when nothing is.</summary>
    public static string? FirstMistake(string page)
    {
        Stack<string> open = [];
        HashSet<string> ids = [];
        for (int at = page.IndexOf('<', StringComparison.Ordinal); at >= 0; at = page.IndexOf('<', at))
        {
            int end = EndOf(page, at);
            if (end < 0)
            {
                return $"no end of {page[at..Math.Min(page.Length, at + 30)]}";
            }

            string tag = page[(at + 1)..end];
            string name = string.Concat(tag.TrimStart('/', '!').TakeWhile(char.IsLetterOrDigit)).ToLowerInvariant();
            string? mistake = tag[0] switch
            {
                '!' => tag == "!DOCTYPE html" && open.Count == 0 ? null : $"<{tag}>",
                '/' => open.TryPop(out string? last) && last == name ? null : $"</{name}> closes {last}",
                _ => Opened(tag, name, open, ids),
            };
            if (mistake is not null)
            {
                return mistake;
            }

            at = Verbatim.Contains(name) && tag[0] != '/' ? page.IndexOf($"</{name}>", end, StringComparison.Ordinal) : end;
        }

        return open.Count == 0 ? null : $"<{open.Peek()}> is never closed";
    }

    private static string? Opened(string tag, string name, Stack<string> open, HashSet<string> ids)
    {
        if (name.Length == 0)
        {
            return $"<{tag}>";
        }

        if (!Void.Contains(name) && !tag.EndsWith('/'))
        {
            open.Push(name);
        }

        foreach ((string attribute, string value) in Attributes(tag[name.Length..]))
        {
            if (attribute == "id" && !ids.Add(value))
            {
                return $"two are called {value}";
            }
        }

        return null;
    }

    private static IEnumerable<(string Name, string Value)> Attributes(string text) =>
        System.Text.RegularExpressions.Regex.Matches(text, "([a-z-]+)=\"([^\"]*)\"").Select(
            match => (match.Groups[1].Value, match.Groups[2].Value));

    private static int EndOf(string page, int at)
    {
        bool isQuoted = false;
        for (; at < page.Length; at++)
        {
            isQuoted ^= page[at] == '"';
            if (page[at] == '>' && !isQuoted)
            {
                return at;
            }
        }

        return -1;
    }
}
