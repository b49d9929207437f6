using Palimpsest.Lab.Trials;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Trials;

/// <summary>A closed loop is a library call, the same each time.</summary>
public sealed class LoopTrialTests
{
    private static readonly LoopTrial Small = new("phone") { Board = new() { RamBytes = 16 << 20 }, Steps = 200, TaggedFrom = 0.1,
        TaggedTo = 0.1, Cpus = 2 };

    [Fact]
    public void WhatIsSavedIsHeldAgainstTheMachineOfToday()
    {
        LoopResult result = (Small with { Designs = ["no-mte", "static"], Steps = 1_000 }).Finish();
        (LoopDesignResult other, LoopDesignResult today) = (result.Designs[0], result.Designs[1]);

        Assert.Null(today.SavedShare);
        Assert.InRange(today.Events.Reclaimed, 1, long.MaxValue);
        Assert.Equal((today.Events.Reclaimed - other.Events.Reclaimed) / (double)today.Events.Reclaimed, other.SavedShare);
    }

    [Fact]
    public void NothingIsSavedWhereNobodyRunsTheMachineOfToday() =>
        Assert.Null((Small with { Designs = ["no-mte"] }).Finish().Designs[0].SavedShare);

    [Fact]
    public void AnotherSeedIsAnotherRunAndTheSameSeedTheSame()
    {
        LoopTrial trial = Small with { Designs = ["cma-no-tagged"] };

        Assert.Equal(trial.Finish().Designs[0].Events, trial.Finish().Designs[0].Events);
        Assert.NotEqual(trial.Finish().Designs[0].Events, (trial with { Seed = 2 }).Finish().Designs[0].Events);
    }

    [Fact]
    public void SizeAndSwapFollowTheRam()
    {
        LoopResult result = (Small with { Designs = ["static"], Steps = 1 }).Finish();

        Assert.Equal((16 << 20) * 5 / 4 / 4096, result.Parameters.Pages);
        Assert.Equal((16 << 20) / 2 / 4096, result.SwapPages);
    }

    [Theory]
    [InlineData("nothing", 1, 1, 0.1, "there is no such workload")]
    [InlineData("phone", 0, 1, 0.1, "--steps 0")]
    [InlineData("phone", 1, 65, 0.1, "--cpus 65")]
    [InlineData("phone", 1, 1, 1.1, "--tagged 1.1")]
    public void WhatCannotBeRunIsRefused(string workload, int steps, int cpus, double tagged, string message)
    {
        LoopTrial trial = new(workload) { Steps = steps, Cpus = cpus, TaggedTo = tagged };

        Assert.Contains(message, Assert.Throws<UsageException>(() => trial.Finish()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStudyIsTheRunsOfItsSeedsPairedBySeed()
    {
        LoopTrial trial = Small with { Designs = ["static", "packed", "no-mte"], Steps = 600, Seed = 7 };
        CancellationToken token = TestContext.Current.CancellationToken;
        LoopStudy study = trial.Study(3, cancellation: token);
        LoopResult second = (trial with { Seed = 8 }).Finish();

        Assert.Equal([7UL, 8, 9], study.Seeds.Select(seed => seed.Parameters.Seed));
        Assert.Equal(second.Designs.Select(design => design.Events), study.Seeds[1].Designs.Select(design => design.Events));
        long[] today = [.. study.Designs[0].Runs.Select(run => run.Events.Reclaimed)];
        long[] packed = [.. study.Designs[1].Runs.Select(run => run.Events.Reclaimed)];
        Assert.Null(study.Designs[0].Saved);
        Assert.Equal((today.Average() - packed.Average()) / today.Average(), study.Designs[1].Saved!.Value.Mean, 9);
        Assert.Equal(today.Zip(packed).Count(pair => pair.Second < pair.First), study.Designs[1].BetterIn);
        Assert.Equal(("packed", true), (study.Best!.Design.Name, study.Designs[2].BehindBest is not null));
        Assert.Throws<UsageException>(() => trial.Study(0, cancellation: token));
    }
}
