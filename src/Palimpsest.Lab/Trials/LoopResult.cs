using System.Text.Json.Serialization;
using Palimpsest.Lab.ClosedLoops;
using Palimpsest.Lab.Courses;
using Palimpsest.Lab.Metrics;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>What a closed loop met under one design.</summary>
/// <param name="PageBytes">Bytes of a frame.</param>
/// <param name="Restarts">Processes that were killed, or got a signal, and were started anew.</param>
/// <param name="SavedShare">Share of what the machine of today (static) reclaimed that this design did not; null where that is not
/// known.</param>
public sealed record LoopDesignResult(
    DesignFacts Design, int PageBytes, StorageFigures Storage, DesignCounts Counts, LoopCounts Events, int Restarts,
    IReadOnlyList<LawViolation> Violations, double? SavedShare = null)
{
    /// <summary>How memory fared with the first seed; null where nobody asked. Not kept in JSON.</summary>
    [JsonIgnore]
    public MemoryCourse? Course { get; init; }
}

/// <summary>What a closed loop met: all that its reports show, in whatever form.</summary>
/// <param name="Designs">In the order asked.</param>
public sealed record LoopResult(string Workload, LoopParameters Parameters, BoardFacts Board, int SwapPages,
    IReadOnlyList<LoopDesignResult> Designs)
{
    /// <summary>The design that others are held against: the machine as it is.</summary>
    public const string Today = "static";

    /// <summary>Designs that were asked for and cannot run on the board, in the order asked.</summary>
    public IReadOnlyList<UnfitDesign> Unfit { get; init; } = [];

    /// <summary>In all designs; 0 unless the program has a mistake.</summary>
    public long LawViolations => Designs.Sum(design => (long)design.Violations.Count);
}
