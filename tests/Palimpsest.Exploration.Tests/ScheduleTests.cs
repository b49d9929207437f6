using CsCheck;
using Palimpsest.Exploration.Schedules;
using Palimpsest.Exploration.Strategies;
using Palimpsest.Exploration.Tests.Puzzles;

namespace Palimpsest.Exploration.Tests;

/// <summary>A schedule is a line of text that people can read, keep and run again, and a wrong one says what is wrong.</summary>
public sealed class ScheduleTests
{
    private const string LostUpdate = "schedule 1 lost-update seed 0: cpu0 cpu1*2 cpu0";

    private static readonly string[] Names = ["cpu0", "cpu1", "irq", "cache", "end"];

    private static readonly Gen<Choice> AnyChoice = Gen.OneOf(
        Gen.Int[0, 4].Select(name => new Choice(Names[name], 0)),
        Gen.Int[0, 9].Select(value => new Choice(null, value)));

    [Fact]
    public void TheShortestLostUpdateIsALineOfFourSteps() =>
        Assert.Equal(LostUpdate, Puzzle.Of("lost-update").Broken.Search(new DepthFirst()).Finding!.Shortest.Schedule.ToString());

    [Fact]
    public void WhatIsPrintedIsParsed() => AnyChoice.Array[0, 20].Sample(choices =>
    {
        Schedule schedule = new("name", 7, choices);
        Schedule parsed = Schedule.Parse(schedule.ToString());

        Assert.Equal(schedule.Choices, parsed.Choices);
        Assert.Equal((schedule.Scenario, schedule.Seed), (parsed.Scenario, parsed.Seed));
    }, iter: 1000, seed: "0000000000000", threads: 1);

    [Theory]
    [InlineData("", "one line")]
    [InlineData("schedule 1 a seed 0: x\nschedule 1 a seed 0: x", "here are 2")]
    [InlineData("sched 1 a seed 0: x", "begins with")]
    [InlineData("schedule 1 a seed -1: x", "begins with")]
    [InlineData("schedule 2 a seed 0: x", "version 2")]
    [InlineData("schedule 1 a seed 0: x*0", "x*0")]
    [InlineData("schedule 1 a seed 0: x*2*2", "x*2*2")]
    [InlineData("schedule 1 a seed 0: *3", "*3")]
    [InlineData("schedule 1 a seed 0: x?y", "x?y")]
    [InlineData("schedule 1 a seed 0: x ?1", "?1")]
    [InlineData("schedule 1 a seed 0: x*999999999", "x*999999999")]
    public void OtherTextIsRefusedInOneLine(string text, string says)
    {
        ScheduleFormatException refused = Assert.Throws<ScheduleFormatException>(() => Schedule.Parse(text));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Theory]
    [InlineData("schedule 1 other seed 0: cpu0", "of other, this is lost-update")]
    [InlineData("schedule 1 lost-update seed 0: cpu0 cpu2", "step 2: the schedule says cpu2, whom the scenario has not; cpu0 or cpu1 can")]
    [InlineData("schedule 1 lost-update seed 0: cpu0*3", "step 3: the schedule says cpu0, who cannot go on; cpu1 can")]
    [InlineData("schedule 1 lost-update seed 0: cpu0", "step 2: the schedule ends here, the run goes on with cpu0 or cpu1")]
    [InlineData("schedule 1 lost-update seed 0: cpu0 cpu1*2 cpu0*2", "step 5: the run ends here, the schedule goes on for 1 choices")]
    [InlineData("schedule 1 lost-update seed 0: cpu0?1 cpu1", "step 2: the schedule has a value, which nobody draws here")]
    public void AReplayThatDivergesSaysWhereAndHow(string schedule, string how) =>
        Assert.Contains(how, new Explorer(Puzzle.Of("lost-update").Broken).Replay(Schedule.Parse(schedule)).Divergence,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("cpu0*2 cache?7 end", "step 3: the schedule draws value 7 of 2")]
    [InlineData("cpu0*2 cache end", "step 3: a value is drawn, which the schedule has not")]
    public void ValuesThatAreNotOfferedDiverge(string choices, string how) =>
        Assert.Contains(how, new Explorer(Puzzle.Of("late-write-back").Broken)
            .Replay(Schedule.Parse($"schedule 1 late-write-back seed 0: {choices}")).Divergence, StringComparison.Ordinal);

    [Fact]
    public void AScheduleOfABugThatIsGoneEndsWithoutFailure()
    {
        Repeat repeat = new Explorer(Puzzle.Of("upgrade").Correct).Replay(Schedule.Parse("schedule 1 upgrade seed 0: cpu0 cpu1"));

        Assert.Null(repeat.Divergence);
        Assert.Null(repeat.Run.Failure);
    }
}
