using Palimpsest.Lab.Metrics;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Results;
using static Palimpsest.Summaries.Tests.SummaryStage;

namespace Palimpsest.Summaries.Tests;

/// <summary>What a sweep tells, counted by hand: who is best in how many settings, by how much, and who is on the front.</summary>
public sealed class SummaryTests : IDisposable
{
    private readonly SummaryStage _stage = new();

    /// <summary>
    /// Two recordings with two seeds: packed is best with the first, tag-blocks with the second, cells give back most and lose too much,
    /// and first-use breaks a law.
    /// </summary>
    [Fact]
    public void EachDesignIsBestWhereItIs()
    {
        using ResultTable table = _stage.Swept(_stage.Plan(), cell => cell.Design switch
        {
            "static" => Figures(given: 0),
            "packed" => Figures(given: IsFirst(cell) ? 64 : 60, net: IsFirst(cell) ? 60 : 58, cost: 2),
            "tag-blocks" => Figures(given: IsFirst(cell) ? 63.5 : 62, net: 50, cost: 1),
            "cells" => Figures(given: 64, net: 64, cost: 3, lost: 200),
            _ => Figures(given: 64, net: 64, cost: 0.5, broken: 1),
        });
        SweepSummary summary = SweepSummary.Of(table);
        DesignSummary Of(string label) => summary.Designs.Single(design => design.Label == label);

        Assert.Equal((20, 20L, 0), (summary.Planned, summary.Done, summary.SetAside));
        Assert.Equal((2L, 2L, 0L, 4L), (Of("packed").BestIn, Of("packed").AsGoodIn, Of("packed").OutIn, Of("packed").Cells));
        Assert.Equal((2L, 4L), (Of("tag-blocks").BestIn, Of("tag-blocks").AsGoodIn));
        Assert.Equal((0L, 4L), (Of("cells").BestIn, Of("cells").OutIn));
        Assert.Equal((0L, 4L), (Of("first-use").BestIn, Of("first-use").OutIn));
        Assert.Equal(100 * 2 / 64.0, Of("packed").WorstRegret!.Value, 9);
        Assert.Equal(100 * 0.5 / 64.0, Of("tag-blocks").WorstRegret!.Value, 9);
        Assert.Equal((100 * 62 / 64.0, 100 * 60 / 64.0, 100 * 59 / 64.0, 2.0),
            (Of("packed").Given, Of("packed").Least, Of("packed").Net, Of("packed").Cost));
        Assert.Equal(["packed", "tag-blocks"],
            summary.Designs.Where(design => design.IsOnFront).Select(design => design.Label).Order());
        Assert.True(Of("static").IsBound);
        Assert.Equal(4, summary.Broken);
        Assert.Equal("Nobody gives back as much net for as little as, from the cheapest on: tag-blocks, packed.",
            SweepAnswer.Of(summary)[1]);
    }

    [Fact]
    public void ChanceIsToldFromWhatADesignDoes()
    {
        using ResultTable table = _stage.Swept(_stage.Plan(), cell => Figures(given: 60, net: 30 + cell.Seed, cost: 1));

        Estimate seeds = SweepSummary.Of(table).Designs.Single(design => design.Label == "packed").OverSeeds!.Value;

        Assert.Equal(100 * 31.5 / 64, seeds.Mean, 9);
        Assert.Equal(Estimate.Of([100 * 31 / 64.0, 100 * 32 / 64.0]), seeds);
    }

    /// <summary>The replay gives 60 net, the full view 20 or 22: a mean of 40.5 over both, which its interval is around.</summary>
    [Fact]
    public void AnIntervalIsOfTheCellsOfItsMean()
    {
        SweepPlan plan = _stage.Plan(""" "compare": { "views": ["replay", "full"] } """, """{ "name": "packed" }""");
        using ResultTable table = _stage.Swept(plan, cell => Figures(given: 60, net: cell.Seed == 0 ? 60 : 18 + (2 * cell.Seed)));

        DesignSummary packed = SweepSummary.Of(table).Designs.Single();

        Assert.Equal((6L, 100 * 40.5 / 64), (packed.Cells, packed.Net));
        Assert.Equal(Estimate.Of([100 * 40 / 64.0, 100 * 41 / 64.0]), packed.OverSeeds);
        Assert.InRange(packed.Net, packed.OverSeeds!.Value.Low, packed.OverSeeds.Value.High);
    }

    /// <summary>A setting with ten seeds weighs as much as one that chance does not decide in.</summary>
    [Fact]
    public void ASettingCountsOnceHoweverManySeedsItHas()
    {
        SweepPlan plan = _stage.Plan(""" "compare": { "views": ["replay", "full"] } """, """{ "name": "packed" }""",
            seeds: "1, 2, 3, 4, 5, 6, 7, 8, 9, 10");
        using ResultTable table = _stage.Swept(plan, cell => cell.Seed == 0 ? Figures(64, 64, 4) : Figures(32, 32, 2));

        DesignSummary packed = SweepSummary.Of(table).Designs.Single();

        Assert.Equal((75.0, 50.0, 75.0, 3.0), (packed.Given, packed.Least, packed.Net, packed.Cost));
    }

    [Fact]
    public void WithoutChanceThereIsNoInterval()
    {
        using ResultTable table = _stage.Swept(_stage.Plan(""" "compare": {} """, """{ "name": "packed" }"""),
            cell => Figures(given: 32, net: IsFirst(cell) ? 16 : 32));

        DesignSummary packed = SweepSummary.Of(table).Designs.Single();

        Assert.Null(packed.OverSeeds);
        Assert.Equal(37.5, packed.Net);
    }

    /// <summary>Of 100 pages that static reclaims, packed does not reclaim 10 with one seed and 30 with the other.</summary>
    [Fact]
    public void ARunIsHeldAgainstStaticWithTheSameSeed()
    {
        SweepPlan plan = _stage.Plan(""" "run": [{ "workload": "phone" }] """, """{ "name": "static" }, { "name": "packed" }""");
        using ResultTable table = _stage.Swept(plan, cell => Figures((FigureColumns.CarveOut, 64), ("given_back_mean_mib", 32),
            ("swap_outs", cell.Design == "static" ? 60 : cell.Seed == 1 ? 50 : 30), ("file_pages_dropped", 40), ("oom_kills", 1),
            ("law_violations", 0)));

        RunSummary packed = SweepSummary.Of(table).Runs.Single(run => run.Label == "packed");

        Assert.Equal((2L, 2L, 50.0, 2.0), (packed.Cells, packed.BetterIn, packed.Given, packed.OomKills));
        Assert.Equal(Estimate.Of([10, 30]), packed.Saved);
    }

    [Fact]
    public void WhatASearchFoundIsToldWithItsSchedule()
    {
        SweepPlan plan = _stage.Plan(""" "beyond": { "programs": 1, "schedules": 2 } """, """{ "name": "static" }, { "name": "packed" }""");
        using ResultTable table = _stage.Swept(plan, cell => Figures((FigureColumns.Schedules, 40),
            ("law_violations", cell is { Design: "packed", Seed: 2 } ? 1 : 0)) with
            {
                Text = cell.Seed == 2 ? "TAG-1 (schedule 7)" : null,
            });
        SweepSummary summary = SweepSummary.Of(table);

        Assert.Equal(new SearchSummary("packed", 2, 80, 1, "TAG-1 (schedule 7)"), summary.Searches[0]);
        Assert.Equal(1, summary.Broken);
        Assert.Equal(["Random programs broke a law in 1 of 4 cells."], SweepAnswer.Of(summary));
    }

    [Fact]
    public void WhatWasRefusedIsToldWithItsReason()
    {
        using ResultTable table = _stage.Swept(_stage.Plan(), cell => cell.Design == "cells" ? CellOutcome.Refused("no place for it")
            : Figures(given: 1));
        SweepSummary summary = SweepSummary.Of(table);

        Assert.Equal([new RefusedCells("cells", "no place for it", 4)], summary.Refused);
        Assert.Equal(20, summary.Done);
        Assert.DoesNotContain(summary.Designs, design => design.Label == "cells");
    }

    /// <summary>Nobody gives back anything of a carve-out that is none: no figure is made up, and nothing is divided by it.</summary>
    [Fact]
    public void ABoardWithoutCarveOutHasNoShares()
    {
        using ResultTable table = _stage.Swept(_stage.Plan(designs: """{ "name": "packed" }"""), _ => Figures((FigureColumns.CarveOut, 0),
            ("given_back_mean_mib", 0), ("law_violations", 0), (FigureColumns.TaggedAllocations, 0), ("refused_tagged_allocations", 0),
            ("failed_allocations", 0)));

        DesignSummary packed = SweepSummary.Of(table).Designs.Single();

        Assert.Equal((0.0, 0.0, (double?)null), (packed.Given, packed.Net, packed.WorstRegret));
    }

    public void Dispose() => _stage.Dispose();
}
