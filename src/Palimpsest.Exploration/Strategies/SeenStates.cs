using Palimpsest.Exploration.Runs;

namespace Palimpsest.Exploration.Strategies;

/// <summary>States from which a search has gone on already.</summary>
/// <param name="withPreemptions">A state that was come to with more preemptions left is worth another look.</param>
internal sealed class SeenStates(bool withPreemptions)
{
    private readonly Dictionary<ulong, int> _preemptions = [];

    /// <summary>False when the same was there before.</summary>
    public bool Add(Execution run)
    {
        ulong state = run.HashState(withPreemptions);
        int used = withPreemptions ? run.Preemptions : 0;
        if (_preemptions.TryGetValue(state, out int before) && before <= used)
        {
            return false;
        }

        _preemptions[state] = used;
        return true;
    }
}
