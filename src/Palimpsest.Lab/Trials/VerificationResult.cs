using Palimpsest.Lab.Facts;
using Palimpsest.Lab.Fidelity;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>Model and kernel where a snapshot was taken.</summary>
/// <param name="Events">Events of the recording before it.</param>
/// <param name="TimeNs">Since the first event; -1 where it was taken before that.</param>
/// <param name="UncertainPages">It may be as many allocated pages away, either way; null where only the end says how far.</param>
public sealed record MomentResult(string Name, long Events, long TimeNs, long? UncertainPages, Agreement Agreement);

/// <summary>What a verification found: all that its reports show, in whatever form.</summary>
public sealed record VerificationResult
{
    /// <summary>What was recorded.</summary>
    public required RecordingFacts Recording { get; init; }

    /// <summary>Of the device tree, or where memory was told instead.</summary>
    public required string BoardName { get; init; }

    /// <summary>What was assumed or contradicted while the inputs were read, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What more than one input may tell of the machine, the best source of each kind first.</summary>
    public IReadOnlyList<Fact> Facts { get; init; } = [];

    /// <summary>Rules that the allocator followed.</summary>
    public RulesUsed Rules { get; init; } = RulesUsed.Unknown;

    /// <summary>Events whose decisions were tallied; the others were followed.</summary>
    public required TraceFilter Tallied { get; init; }

    /// <summary>Page by page; null where the recording has no refills to follow.</summary>
    public required GuidedResult? Guided { get; init; }

    /// <summary>The guided run's lists beside the kernel's; null where nobody knows all that was free.</summary>
    public required Agreement? GuidedEnd { get; init; }

    /// <summary>The run that nothing corrected, when the recording ends.</summary>
    public required Agreement FreeEnd { get; init; }

    /// <summary>The same where snapshots were taken, the one at the end among them.</summary>
    public required IReadOnlyList<MomentResult> Moments { get; init; }

    /// <summary>Tag storage of that run over time; null where the recorded kernel lent none.</summary>
    public StorageCourse? Storage { get; init; }

    /// <summary>What the recorded kernel does with its tag storage, as a design and its parameters; null where it lends none.</summary>
    public string? StorageDesign { get; init; }

    /// <summary>Laws that were broken; none unless the program has a mistake.</summary>
    public required IReadOnlyList<LawViolation> Violations { get; init; }

    /// <summary>Start of the part that was tallied, in seconds of the recording.</summary>
    public double TallyFromSeconds => Tallied.FromNs / 1e9;

    /// <summary>What else decisions were chosen by; null when it was the time of the first alone.</summary>
    public string? OnlyTallied =>
        Tallied.ToNs == long.MaxValue && Tallied.Processes.Count + Tallied.Cpus.Count + Tallied.Events.Count == 0
            ? null
            : Tallied.Sentence();
}
