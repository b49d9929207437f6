namespace Palimpsest.Vocabulary;

/// <summary>Text that quotes what is in a file, made fit for a message.</summary>
public static class OneLine
{
    /// <summary>What to quote of a text that may be of any length.</summary>
    public static string Quote(string text, int most = 40) => text.Length <= most ? text : text[..most];

    /// <summary>The text with a question mark for each control character.</summary>
    public static string Of(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter)) : text;
}
