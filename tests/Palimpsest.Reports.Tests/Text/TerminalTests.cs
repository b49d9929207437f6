using CsCheck;
using Palimpsest.Reports.Text;

namespace Palimpsest.Reports.Tests.Text;

/// <summary>Text fits a hundred columns, and only a terminal gets styles.</summary>
public sealed class TerminalTests
{
    private static string Written(Action<Terminal> write, bool hasStyles = false)
    {
        using StringWriter text = new();
        write(new Terminal(text, hasStyles));
        return text.ToString();
    }

    [Fact]
    public void AParagraphIsWrappedAtWordsAndKeepsAllOfThem() =>
        Law.Holds(Gen.Select(Gen.Char['a', 'z'].Array[1, 30].Array[0, 80], Gen.Int[0, 4]), 200, drawn =>
        {
            string[] words = [.. drawn.Item1.Select(letters => new string(letters))];
            string[] lines = Written(terminal => terminal.Paragraph(string.Join(' ', words), drawn.Item2)).TrimEnd('\n').Split('\n');

            Assert.All(lines, line => Assert.True(line.Length <= Terminal.UsualWidth && line == line.TrimEnd(), line));
            Assert.Equal(words, lines.SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
            Assert.All(lines.Where(line => line.Length > 0),
                line => Assert.StartsWith(new string(' ', drawn.Item2), line, StringComparison.Ordinal));
        });

    [Fact]
    public void AWordLongerThanALineHasALineOfItsOwn()
    {
        string word = new('x', 120);

        Assert.Equal($"a\n{word}\nb\n", Written(terminal => terminal.Paragraph($"a {word} b")));
    }

    [Fact]
    public void StylesAreForTerminalsOnly()
    {
        Assert.Equal("head 1,000\n", Written(terminal => terminal.Headline($"head {1000:N0}")));
        Assert.Equal("\e[1mhead\e[0m\n", Written(terminal => terminal.Headline($"head"), hasStyles: true));
        Assert.Equal("\e[31mbroken\e[0m\n", Written(terminal => terminal.Alarm($"broken"), hasStyles: true));
    }

    [Fact]
    public void ALongHeadlineIsBoldOnEachOfItsLines()
    {
        string[] lines = Written(terminal => terminal.Headline($"{string.Join(' ', Enumerable.Repeat("word", 30))}"), hasStyles: true)
            .TrimEnd('\n').Split('\n');

        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.True(line.StartsWith("\e[1m", StringComparison.Ordinal)
            && line.EndsWith("\e[0m", StringComparison.Ordinal), line));
    }
}
