using Palimpsest.Vocabulary;

namespace Palimpsest.Traces;

/// <summary>Events of a text are not in the order of time, and could be put into it if the text were read again.</summary>
internal sealed class TimeGoesBackException(string file, long line) : InputException(
    $"{file}: line {line}: time goes back, as where the files of several CPUs follow each other; "
    + "give the text as a file, which can be read twice and put into order, or the kernel's own trace, which is in order")
{
    /// <summary>Where it goes back for the first time.</summary>
    public long Line { get; } = line;
}
