using System.Text;
using System.Text.RegularExpressions;

namespace Palimpsest.Sweeps.Experiments;

/// <summary>Paths with * and ? for any letters but a slash, and ** for any folders.</summary>
internal static class RecordingGlob
{
    private static readonly char[] Wild = ['*', '?'];

    /// <summary>Files that a pattern names, in ordinal order of their paths, so that a plan does not depend on a file system.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern)
    {
        string whole = Path.GetFullPath(Path.Combine(folder, pattern));
        int wild = whole.IndexOfAny(Wild);
        if (wild < 0)
        {
            return File.Exists(whole) ? [whole] : [];
        }

        string root = whole[..(whole.LastIndexOf('/', wild) + 1)];
        if (!Directory.Exists(root))
        {
            return [];
        }

        Regex matches = new(Expression(whole), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        EnumerationOptions options = new()
        {
            RecurseSubdirectories = whole[wild..].Contains('/', StringComparison.Ordinal) || whole.Contains("**", StringComparison.Ordinal),
            AttributesToSkip = FileAttributes.None,
        };
        return [.. Directory.EnumerateFiles(root, "*", options).Where(file => matches.IsMatch(file)).Order(StringComparer.Ordinal)];
    }

    private static string Expression(string pattern)
    {
        StringBuilder expression = new("^");
        for (int at = 0; at < pattern.Length; at++)
        {
            bool isAnyFolder = pattern.AsSpan(at).StartsWith("**/");
            expression.Append(isAnyFolder ? "(.*/)?" : pattern[at] switch
            {
                '*' => "[^/]*",
                '?' => "[^/]",
                var letter => Regex.Escape(letter.ToString()),
            });
            at += isAnyFolder ? 2 : 0;
        }

        return expression.Append('$').ToString();
    }
}
