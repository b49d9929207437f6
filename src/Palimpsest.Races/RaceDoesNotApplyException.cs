using Palimpsest.Vocabulary;

namespace Palimpsest.Races;

/// <summary>A scenario cannot be set up under a design: what races there is never lent, or never tagged. The message is one line.</summary>
public sealed class RaceDoesNotApplyException(string message) : InputException(message);
