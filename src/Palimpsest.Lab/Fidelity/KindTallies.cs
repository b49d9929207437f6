using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>A kind of decision.</summary>
public readonly record struct DecisionKind(DecisionPath Path, int Order, MigrateType Type);

/// <summary>Decisions by kind and by ten seconds of the recording.</summary>
public sealed class KindTallies
{
    /// <summary>Length of a bucket of time.</summary>
    public const long BucketNs = 10_000_000_000;

    private readonly Dictionary<DecisionKind, DecisionTally> _byKind = [];
    private readonly List<DecisionTally> _byTime = [];

    /// <summary>In order of path, order and type.</summary>
    public IEnumerable<KeyValuePair<DecisionKind, DecisionTally>> ByKind =>
        _byKind.OrderBy(entry => entry.Key.Path).ThenBy(entry => entry.Key.Order).ThenBy(entry => entry.Key.Type);

    /// <summary>All decisions, bucket after bucket from the first event on.</summary>
    public IReadOnlyList<DecisionTally> ByTime => _byTime;

    internal void Count(in DecisionKind kind, long sinceStartNs, bool isPredicted)
    {
        if (!_byKind.TryGetValue(kind, out DecisionTally? tally))
        {
            _byKind[kind] = tally = new DecisionTally();
        }

        tally.Count(isPredicted);
        int bucket = (int)Math.Min(sinceStartNs / BucketNs, 100_000);
        while (_byTime.Count <= bucket)
        {
            _byTime.Add(new DecisionTally());
        }

        _byTime[bucket].Count(isPredicted);
    }
}
