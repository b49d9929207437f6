using Palimpsest.Exploration.Runs;

namespace Palimpsest.Exploration.Strategies;

/// <summary>Who goes next. A strategy serves one search.</summary>
public abstract class Strategy
{
    /// <summary>In words, for results.</summary>
    public abstract string Name { get; }

    /// <summary>What its choices come from; 0 where nothing is left to chance.</summary>
    public virtual ulong Seed => 0;

    /// <summary>There is no run that it has not made, or that is not known to end like one that it made.</summary>
    public virtual bool IsExhausted => false;

    /// <summary>Preemptions up to which it searches; null when it did not leave out a run for their number.</summary>
    public virtual int? PreemptionBound => null;

    /// <summary>Prepares the next run; false when there is none.</summary>
    internal abstract bool Begin(Execution run);

    /// <summary>One of the actors that can go on, given as bits; negative to break the run off.</summary>
    internal abstract int Pick(Execution run, ulong enabled);

    /// <summary>A value below <paramref name="count"/>, for the actor that goes.</summary>
    internal abstract int PickValue(Execution run, int count);

    /// <summary>The run is over.</summary>
    internal virtual void Ended(Execution run)
    {
    }
}
