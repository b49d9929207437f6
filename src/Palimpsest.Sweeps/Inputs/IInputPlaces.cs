using Palimpsest.Vocabulary;

namespace Palimpsest.Sweeps.Inputs;

/// <summary>Knows where inputs lie on this machine.</summary>
// Two implementations: the files that an experiment names, and what a worker was sent.
public interface IInputPlaces
{
    /// <summary>A path at which an input lies until the next call of the same thread.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is not what it was.</exception>
    string PathOf(CellInput input);
}
