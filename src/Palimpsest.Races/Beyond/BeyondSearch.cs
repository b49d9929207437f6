using Palimpsest.Designs;
using Palimpsest.Exploration;
using Palimpsest.Exploration.Strategies;
using Palimpsest.Kernel.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races.Beyond;

/// <summary>Explores random programs: what nobody on the list has thought of.</summary>
public static class BeyondSearch
{
    /// <summary>Id by which the answer stands beside those of races.</summary>
    public const string Id = "beyond";

    private const int Shrinking = 4_000;
    private const int FewOrderedSteps = 3;

    /// <summary>Programs from the seed of the limits on, each in so many schedules, until one fails.</summary>
    /// <param name="without">Safeguards left out in a first search; none: only the search with all in force.</param>
    public static RaceResult Explore(
        string design, int programs, Safeguards without, RaceLimits limits, CancellationToken enough = default) =>
        Explore(design, [], programs, without, limits, enough);

    /// <summary>The same, also under a design of one's own.</summary>
    internal static RaceResult Explore(
        string design, IReadOnlyList<DesignEntry> own, int programs, Safeguards without, RaceLimits limits, CancellationToken enough)
    {
        DesignChoice choice = DesignCatalog.Parse(design, own);
        SearchResult? leftOut = without == Safeguards.None ? null : Search(choice, programs, Safeguards.All & ~without, limits, enough);
        string safeguards = without == Safeguards.None ? "" : RaceCatalog.NameOf(without);
        RaceEntry entry = new(Id, InvariantText.Of($"random programs {limits.Seed} to {limits.Seed + (ulong)programs - 1}"),
            safeguards, design);
        return new RaceResult(entry, design, leftOut, Search(choice, programs, Safeguards.All, limits, enough));
    }

    private static SearchResult Search(
        DesignChoice choice, int programs, Safeguards safeguards, RaceLimits limits, CancellationToken enough)
    {
        SearchResult all = new(Id, "", Schedules: 0, Cut: 0, Steps: 0, LongestRun: 0, IsExhaustive: false, PreemptionBound: null,
            FoundAfter: 0, Finding: null);
        for (ulong program = limits.Seed; all.Held && program < limits.Seed + (ulong)programs && !enough.IsCancellationRequested; program++)
        {
            // Half of them by PCT: it finds what needs few steps in one order among many, where a walk seldom goes.
            Strategy strategy = program % 2 == 0 ? new PriorityChanges(program, FewOrderedSteps) : new RandomWalk(program);
            SearchResult one = new Explorer(new RandomProgram(program).Scenario(choice, safeguards))
                .Search(strategy, new SearchLimits(limits.Schedules, Shrinking), enough);
            all = one with
            {
                Schedules = all.Schedules + one.Schedules,
                Steps = all.Steps + one.Steps,
                LongestRun = Math.Max(all.LongestRun, one.LongestRun),
                FoundAfter = one.Held ? 0 : all.Schedules + one.FoundAfter,
            };
        }

        return all;
    }
}
