using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>How often the model decided as the recorded kernel did.</summary>
public sealed class DecisionTally
{
    /// <summary>Those in which the model did what the kernel did.</summary>
    public long Predicted { get; private set; }

    /// <summary>All that were tallied.</summary>
    public long Total { get; private set; }

    /// <summary>Both, as they are now.</summary>
    public Tally Sum => new(Predicted, Total);

    internal void Count(bool isPredicted)
    {
        Total++;
        Predicted += isPredicted ? 1 : 0;
    }
}

/// <summary>Where a frame came from.</summary>
public enum DecisionPath : byte
{
    /// <summary>From the buddy lists to a per-CPU list.</summary>
    Refill,

    /// <summary>From the head of a per-CPU list to a request.</summary>
    PerCpu,

    /// <summary>From the buddy lists to a request.</summary>
    Buddy,

    /// <summary>From the tail of a per-CPU list back to the buddy lists.</summary>
    Drain,
}

/// <summary>One decision in which the model and the recorded kernel differ.</summary>
/// <param name="Event">Index of the event in the recording.</param>
/// <param name="Model">Frame that the model proposed, -1 for none.</param>
/// <param name="Kernel">Frame that the kernel took.</param>
/// <param name="Cause">The rule that separates them, in a sentence.</param>
public sealed record Miss(long Event, long TimeNs, DecisionPath Path, int Order, Vocabulary.MigrateType Type, Frame Model, Frame Kernel,
    string Cause);
