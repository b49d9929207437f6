using Palimpsest.Kernel.Frames;
using Palimpsest.Lab.Workloads;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Replay;

/// <summary>
/// Pages of a recording that were read ahead, by the flags of their requests: clean, as far as a recording tells, so that a design may
/// lose them. Whoever misses one reads it again, and the recording does not say when: it is gone from then on.
/// </summary>
/// <param name="frameOf">Frame of each recorded page, or -1.</param>
internal sealed class ReadAheadPages(int[] frameOf)
{
    private readonly bool[] _isReadAhead = new bool[frameOf.Length];

    public bool Has(int name) => _isReadAhead[name];

    public void Allocated(in WorkloadStep step, bool isDone) =>
        _isReadAhead.AsSpan(step.Name, 1 << step.Order).Fill(isDone && step.Gfp.IsReadAhead());

    public void Renamed(int name, int newName) => (_isReadAhead[newName], _isReadAhead[name]) = (_isReadAhead[name], false);

    public bool TryLose(int name, FrameTable frames)
    {
        // Names behind the last are those of a filling cache.
        bool isLost = name < _isReadAhead.Length && _isReadAhead[name];
        if (isLost)
        {
            frameOf.AsSpan(name, 1 << frames[new Frame(frameOf[name])].Order).Fill(-1);
        }

        return isLost;
    }
}
