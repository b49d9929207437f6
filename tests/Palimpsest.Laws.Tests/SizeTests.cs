using System.Text.RegularExpressions;

namespace Palimpsest.Laws.Tests;

/// <summary>What has to be read at once fits on a screen: files, methods and lines of sources, tests and benchmarks.</summary>
public sealed partial class SizeTests
{
    private const int MostLines = 350;
    private const int MostLinesOfMethod = 60;
    private const int MostColumns = 140;

    [Fact]
    public void NoFileIsLongerThanIsReadInOneSitting() => Assert.Empty(
        SourceTree.All().Where(file => File.ReadLines(file).Count() > MostLines).Select(Path.GetFileName));

    [Fact]
    public void NoMethodIsLongerThanAScreen() => Assert.Empty(SourceTree.All().SelectMany(file =>
        Blocks(File.ReadAllLines(file)).Where(block => block.Lines > MostLinesOfMethod)
            .Select(block => $"{Path.GetFileName(file)}: line {block.First}, {block.Lines} lines")));

    [Fact]
    public void NoLineIsWiderThanAScreen() => Assert.Empty(SourceTree.All().SelectMany(file =>
        File.ReadLines(file).Index().Where(line => line.Item.Length > MostColumns).Select(
            line => $"{Path.GetFileName(file)}: line {line.Index + 1}")));

    [Theory]
    [InlineData("class A", 61, false)]
    [InlineData("void A()", 60, false)]
    [InlineData("void A()", 61, true)]
    [InlineData("int A => x switch", 61, true)]
    [InlineData("void A(string x = \"class\")", 61, true)]
    public void TheScanSeesWhatIsTooLong(string head, int lines, bool isTooLong)
    {
        string[] text = ["class Outer", "{", $"    {head}", "    {", .. Enumerable.Repeat("        x();", lines - 3), "    }", "}"];

        Assert.Equal(isTooLong, Blocks(text).Any(block => block.Lines > MostLinesOfMethod));
    }

    /// <summary>What stands between braces of one column, with its head, and is no type.</summary>
    private static IEnumerable<(int First, int Lines)> Blocks(string[] lines)
    {
        Stack<(int Column, int First, string Head)> open = [];
        for (int index = 0; index < lines.Length; index++)
        {
            string text = lines[index].Trim();
            int column = lines[index].Length - lines[index].TrimStart().Length;
            if (text == "{")
            {
                int first = FirstOfHead(lines, index);
                open.Push((column, first, string.Join(' ', lines[first..index])));
            }
            else if (text.StartsWith('}') && open.TryPeek(out (int Column, int First, string Head) last) && last.Column == column)
            {
                open.Pop();
                if (!TypeWord().IsMatch(Quoted().Replace(last.Head, "")))
                {
                    yield return (last.First + 1, index - last.First + 1);
                }
            }
        }
    }

    private static int FirstOfHead(string[] lines, int brace)
    {
        int first = brace;
        while (first > 0 && lines[first - 1].Trim() is { Length: > 0 } above && above is not ("{" or "}") && !above.EndsWith(';')
            && !above.StartsWith("//", StringComparison.Ordinal))
        {
            first--;
        }

        return first;
    }

    [GeneratedRegex(@"\b(class|struct|record|interface|enum|namespace)\b")]
    private static partial Regex TypeWord();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();
}
