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
}
