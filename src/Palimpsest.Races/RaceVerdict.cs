namespace Palimpsest.Races;

/// <summary>What the two searches of a race say together.</summary>
public enum RaceVerdict
{
    /// <summary>Found without its safeguard, if it has one, and not with all in force.</summary>
    Holds,

    /// <summary>Found with all safeguards in force.</summary>
    Broken,

    /// <summary>Not found without its safeguard: either it prevents nothing, or the search was too short.</summary>
    NotFound,

    /// <summary>Not found without a safeguard, or under a design, that the race was not made for.</summary>
    NotNeeded,

    /// <summary>Found with all in force, and nothing in the proposal is against it: a claim that turned out true.</summary>
    Open,
}

/// <summary>Judges the searches of a race.</summary>
public static class RaceVerdicts
{
    /// <summary>
    /// Claims of the discussion that nothing was proposed against: D and its storage both pinned (Hildenbrand on RFC v3), and
    /// memory that a design keeps from who needs it.
    /// </summary>
    private static readonly string[] OpenClaims = ["R15+", "R36", "R37"];

    /// <summary>What a search with and without safeguards comes to.</summary>
    public static RaceVerdict Of(RaceResult result)
    {
        if (!result.With.Held)
        {
            bool isOpen = OpenClaims.Contains(result.Race.Id) || WaitsForStorage(result);
            return isOpen ? RaceVerdict.Open : RaceVerdict.Broken;
        }

        return result.Without is not { Held: true } ? RaceVerdict.Holds
            : IsAsMade(result) ? RaceVerdict.NotFound
            : RaceVerdict.NotNeeded;
    }

    /// <summary>Does the verdict make <c>explore</c> end with exit code 1?</summary>
    public static bool IsFailure(RaceVerdict verdict) => verdict is RaceVerdict.Broken or RaceVerdict.NotFound;

    /// <summary>Explored under the design, and without the safeguard, that it was made for.</summary>
    private static bool IsAsMade(RaceResult result) =>
        (result.Made ?? RaceCatalog.All.FirstOrDefault(entry => entry.Id == result.Race.Id)) is { } made
        && made.Safeguard == result.Race.Safeguard && made.Design == result.Design;

    /// <summary>
    /// RFC v2 faults again as long as storage is busy: wherever a pin lasts, that is R15, which only version 3 is against.
    /// </summary>
    private static bool WaitsForStorage(RaceResult result) =>
        result.Design == "cma-untagged-only" && result.With.Finding?.Shortest.Failure?.Law == "Livelock";
}
