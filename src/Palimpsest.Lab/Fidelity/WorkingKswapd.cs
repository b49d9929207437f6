using Palimpsest.Traces;

namespace Palimpsest.Lab.Fidelity;

/// <summary>
/// When kswapd was at work, which shortens the per-CPU lists (ZONE_RECLAIM_ACTIVE, 6.12): from an event of its own to its next,
/// where they are not far apart.
/// </summary>
internal sealed class WorkingKswapd
{
    private const long LongestPauseNs = 50_000_000;

    private readonly List<(long First, long Last)> _spells = [];
    private int _next;

    public WorkingKswapd(Trace trace)
    {
        bool[] isKswapd = [.. trace.Tasks.Select(task => task.Comm.StartsWith("kswapd", StringComparison.Ordinal))];
        long lastNs = long.MinValue;
        for (long index = 0; index < trace.Events.Count; index++)
        {
            ref readonly TraceEvent at = ref trace.Events[index];
            if (!isKswapd[at.Task])
            {
                continue;
            }

            if (lastNs != long.MinValue && at.TimeNs - lastNs <= LongestPauseNs)
            {
                _spells[^1] = (_spells[^1].First, index);
            }
            else
            {
                _spells.Add((index, index));
            }

            lastNs = at.TimeNs;
        }
    }

    /// <summary>Was it at work when an event was recorded? Indexes never fall.</summary>
    public bool IsAtWork(long index)
    {
        while (_next < _spells.Count && _spells[_next].Last < index)
        {
            _next++;
        }

        return _next < _spells.Count && _spells[_next].First <= index;
    }
}
