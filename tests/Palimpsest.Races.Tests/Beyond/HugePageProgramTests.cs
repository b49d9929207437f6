using Palimpsest.Designs;
using Palimpsest.Exploration;
using Palimpsest.Exploration.Strategies;
using Palimpsest.Kernel.Steps;
using Palimpsest.Races.Beyond;

namespace Palimpsest.Races.Tests.Beyond;

/// <summary>Programs with huge pages that each broke a law of ours once (docs/findings/0003).</summary>
public sealed class HugePageProgramTests
{
    [Theory]
    [InlineData("cma-no-tagged", 31)]
    [InlineData("first-use", 15)]
    [InlineData("first-use", 95)]
    [InlineData("first-use", 223)]
    public void WhatItBrokeHoldsNow(string design, ulong seed)
    {
        SearchResult found = new Explorer(new RandomProgram(seed).Scenario(DesignCatalog.Parse(design), Safeguards.All))
            .Search(new RandomWalk(seed), new SearchLimits(Schedules: 31), TestContext.Current.CancellationToken);

        Assert.True(found.Held, found.ToString());
        Assert.Equal(31, found.Schedules);
    }
}
