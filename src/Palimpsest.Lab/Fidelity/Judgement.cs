using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>Where a guided run stands in its recording, and what it makes of the decision there.</summary>
internal sealed class Judgement(Trace trace, GuidedTallies tallies, TalliedEvents tallied)
{
    private readonly long _origin = trace.Events.Count == 0 ? 0 : trace.Events[0].TimeNs;

    /// <summary>Index of the event that is followed now.</summary>
    public long Index { get; set; }

    /// <summary>Decisions of this event are tallied.</summary>
    public bool IsTallied => tallied.Has(trace.Events[Index]);

    /// <param name="allocations">Allocations tallied until now.</param>
    public void Tally(in TraceEvent at, DecisionPath path, MigrateType type, bool isPredicted, long allocations)
    {
        if (IsTallied)
        {
            tallies.Count(new DecisionKind(path, at.Order, type), at.TimeNs - _origin, isPredicted, allocations);
        }
    }

    public void Record(in TraceEvent at, DecisionPath path, MigrateType type, Frame model, Frame kernel, string cause)
    {
        if (IsTallied)
        {
            tallies.Record(new Miss(Index, at.TimeNs, path, at.Order, type, model, kernel, cause));
        }
    }
}
