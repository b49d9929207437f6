using Palimpsest.Races.Guests;
using Palimpsest.Races.Trials;
using Palimpsest.Userland;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races.Tests.Trials;

/// <summary>
/// A real program under a controlled schedule: samples/arm64/pair, two threads of which tag pages that share tag blocks, where data lay.
/// </summary>
public sealed class GuestRaceTests
{
    private const string Safeguard = "invalidate-data-on-reserve";

    private static readonly CancellationToken Enough = TestContext.Current.CancellationToken;

    // The data are written by then, and the second thread is about to start.
    private static readonly GuestRaceTrial Pair = Of("900") with
    {
        Design = "cma-no-tagged", IsAudited = false, Window = new GuestWindow(From: 187_000, Steps: 400), Limits = new RaceLimits(30, 1),
    };

    [Fact]
    public void TagsAreCorruptWithoutASafeguardAndNeverWithIt()
    {
        RaceOutcome outcome = (Pair with { Without = [Safeguard] }).Run(enough: Enough);

        Assert.Equal(("PROGRAM", true), (outcome.Failing!.Law, outcome.With.Held));
        Assert.Equal(
            "PROGRAM: the program exits with 1, and exits with 0 where nothing is interleaved", outcome.Failing.Failure);
        Assert.Equal(RaceVerdict.Holds, outcome.Verdict);
        Assert.Equal(["thread-1", "thread-2", "cache", "reclaim"], outcome.Failing.Actors);
    }

    [Fact]
    public void AScheduleRunsAgainStepByStep()
    {
        GuestRaceTrial trial = Pair with { Without = [Safeguard] };
        string schedule = trial.Run(enough: Enough).Failing!.Schedule;

        ToldRun again = trial.Replay("kept", schedule);

        Assert.Equal(("PROGRAM", schedule), (again.Law, again.Schedule));
        Assert.Contains("the run differs", Assert.Throws<InputException>(
            () => (trial with { Window = trial.Window with { Steps = 3 } }).Replay("kept", schedule)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatTheProgramDoesNotNoticeTheLawsDo()
    {
        GuestRaceTrial trial = Pair with { Without = [Safeguard], IsAudited = true, Neighbours = [GuestNeighbour.Reclaim] };

        Assert.StartsWith("TAG-", trial.Run(enough: Enough).Failing!.Law, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("packed")]
    [InlineData("tag-blocks")]
    [InlineData("numa-node")]
    public void EveryNeighbourMayActUnderOtherDesigns(string design)
    {
        GuestRaceTrial trial = Pair with
        {
            Design = design, IsAudited = true, Neighbours = Enum.GetValues<GuestNeighbour>(), Limits = new RaceLimits(20, 0),
        };

        RaceOutcome outcome = trial.Run(enough: Enough);

        Assert.Null(outcome.Without);
        Assert.Null(outcome.With.Failing?.Failure);
    }

    [Fact]
    public void SearchesAreTheSameEachTime() => Assert.Equal(Told(), Told());

    [Fact]
    public void AProgramThatIsNotThereIsToldByItsName() => Assert.Contains(
        "nowhere", Assert.Throws<InputException>(() => (Pair with { Guest = Options("nowhere") }).Run(enough: Enough)).Message,
        StringComparison.Ordinal);

    private static string Told() => (Pair with { Without = [Safeguard], IsAudited = true }).Run(enough: Enough).Failing!.Schedule;

    private static GuestRaceTrial Of(string filled) => new(Options("pair", filled, "64"), GuestMachine.Small(4 << 20, swapPages: 0));

    private static GuestOptions Options(params string[] call) => new(call)
    {
        WorkingFolder = Path.Combine(AppContext.BaseDirectory, "Guests"),
    };
}
