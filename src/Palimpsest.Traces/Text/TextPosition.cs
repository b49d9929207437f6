using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Text;

/// <summary>A place in a text file, moved on line by line, that messages name.</summary>
internal sealed class TextPosition(string file)
{
    public string File { get; } = file;

    /// <summary>Number of the current line, from 1.</summary>
    public long Line { get; set; }

    public InputException Error(string whatAndWhatToDo) => new($"{File}: line {Line}: {whatAndWhatToDo}");
}
