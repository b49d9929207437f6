using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Text;

/// <summary>Text for people.</summary>
/// <param name="hasStyles">The writer is a terminal that shows bold and red.</param>
/// <param name="width">Columns that it has.</param>
public sealed class Terminal(TextWriter writer, bool hasStyles, int width = Terminal.UsualWidth)
{
    /// <summary>Of text that goes nowhere in particular.</summary>
    public const int UsualWidth = 100;

    private const string BoldOn = "\e[1m";
    private const string RedOn = "\e[31m";
    private const string Off = "\e[0m";

    /// <summary>Columns that a line may have, 40 at least.</summary>
    public int Width { get; } = Math.Max(40, width);

    /// <summary>A line as it is, however wide.</summary>
    public void Line(string text = "")
    {
        writer.Write(text);
        writer.Write('\n');
    }

    /// <summary>As with a string; numbers are written the same everywhere.</summary>
    public void Line(InvariantText text) => Line(InvariantText.Of(text));

    /// <summary>The one sentence that comes first, bold, wrapped at words.</summary>
    public void Headline(InvariantText text) => Wrapped(InvariantText.Of(text), 0, Bold);

    /// <summary>What is wrong, red, wrapped at words.</summary>
    public void Alarm(InvariantText text) => Wrapped(InvariantText.Of(text), 0, line => Styled(RedOn, line));

    /// <summary>Words in as many lines as they need.</summary>
    public void Paragraph(string text, int indent = 0) => Wrapped(text, indent, line => line);

    /// <summary>A name and words beside it, in as many lines as they need, each below the first of the words.</summary>
    /// <param name="width">Of the names, in letters.</param>
    public void Entry(string name, int width, string words)
    {
        const int gap = 2;
        int start = Math.Min(width, Width / 2) + gap;
        string first = name.PadRight(start - gap) + new string(' ', gap);
        Wrapped(words, first.Length > start ? 0 : start, line => line, first.TrimEnd().Length == 0 ? null : first);
    }

    internal string Bold(string text) => Styled(BoldOn, text);

    private void Wrapped(string text, int indent, Func<string, string> styled, string? first = null)
    {
        string margin = new(' ', indent);
        string line = first ?? margin;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length + word.Length > Width && line.Length > indent)
            {
                Line(styled(line.TrimEnd()));
                line = margin;
            }

            line += word + " ";
        }

        Line(styled(line.TrimEnd()));
    }

    private string Styled(string on, string text) => hasStyles && text.Length > 0 ? on + text + Off : text;
}
