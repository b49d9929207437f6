using CsCheck;
using Palimpsest.Exploration.Runs;
using Palimpsest.Exploration.Schedules;
using Palimpsest.Races.Trials;
using Palimpsest.Steps;

namespace Palimpsest.Races.Tests.Trials;

/// <summary>A run as lines: each step once and in order, loops once, and no state that was told already.</summary>
public sealed class RunRowsTests
{
    [Fact]
    public void EachStepIsALineWithItsNumberActorWordsAndLocks()
    {
        IReadOnlyList<RunRow> rows = RunRows.Of(Run(
            Step(0, 1) with { Took = "mutex", Held = ["outer", "mutex"] },
            Step(1, 2) with { Values = [3, 0] }));

        Assert.Equal([(1, 0, "kind 1", "mutex"), (2, 1, "kind 2 (3, 0)", null)],
            rows.Select(row => (row.Number, row.Actor, row.Words, row.Took)));
        Assert.Equal(["outer", "mutex"], rows[0].Held);
        Assert.Empty(rows[1].Held);
    }

    [Fact]
    public void AStateIsToldWhenItIsAnotherOne()
    {
        IReadOnlyList<RunRow> rows = RunRows.Of(Run(
            Step(0, 1) with { State = "lent" }, Step(0, 2) with { State = "lent" }, Step(0, 3) with { State = "reserved" },
            Step(0, 4) with { State = "lent" }));

        Assert.Equal(["lent", null, "reserved", "lent"], rows.Select(row => row.State));
    }

    [Theory]
    [InlineData("aaaa", "1 2 3 4")]
    [InlineData("aaaaa", "1 ...5x4")]
    [InlineData("abab", "1 2 3 4")]
    [InlineData("ababab", "1 2 ...6x2")]
    [InlineData("xabababy", "1 2 3 ...7x2 8")]
    [InlineData("abcabcabcabc", "1 2 3 ...12x3")]
    [InlineData("abcabcabca", "1 2 3 ...9x2 10")]
    [InlineData("abcd", "1 2 3 4")]
    public void ALoopIsToldOnce(string steps, string told)
    {
        IReadOnlyList<RunRow> rows = RunRows.Of(Run([.. steps.Select(letter => Step(0, letter))]));

        Assert.Equal(told, string.Join(' ', rows.Select(row => row.Number > 0
            ? $"{row.Number}"
            : row.Words.Replace(" alike to step ", "", StringComparison.Ordinal).Replace(", ", "x", StringComparison.Ordinal)
                .Replace(" times", "", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("actor")]
    [InlineData("lock")]
    public void WhatDiffersInItsActorOrItsLockIsNoLoop(string how)
    {
        RunStep[] steps = [.. Enumerable.Range(0, 8)
            .Select(at => how == "actor" ? Step(at % 4, 1) : Step(0, 1) with { Took = $"lock {at}" })];

        Assert.Equal(8, RunRows.Of(Run(steps)).Count);
    }

    [Fact]
    public void TheLoopThatIsFoldedMayNameOtherPages()
    {
        RunStep[] steps = [.. Enumerable.Range(0, 9).Select(at => Step(0, 1) with { Step = new Step(1, at) })];

        Assert.Equal([1, 0], RunRows.Of(Run(steps)).Select(row => row.Number));
    }

    [Fact]
    public void ALoopOfMoreThanSixtyStepsIsToldInFull()
    {
        RunStep[] steps = [.. Enumerable.Range(0, 61 * 3).Select(at => Step(0, at % 61))];

        Assert.Equal(steps.Length, RunRows.Of(Run(steps)).Count);
        Assert.Equal(61, RunRows.Of(Run([.. Enumerable.Range(0, 60 * 3).Select(at => Step(0, at % 60))])).Count);
    }

    [Fact]
    public void EveryStepIsToldOrStoodForExactlyOnce() =>
        Law.Holds(Gen.Select(Gen.Int[0, 1], Gen.Int[0, 2]).Array[0, 40], 2_000, drawn =>
        {
            IReadOnlyList<RunRow> rows = RunRows.Of(Run([.. drawn.Select(one => Step(one.Item1, one.Item2))]));
            int next = 1;
            foreach (RunRow row in rows)
            {
                if (row.Number > 0)
                {
                    Assert.Equal(next++, row.Number);
                    Assert.Equal(drawn[row.Number - 1], (row.Actor, int.Parse(row.Words[5..], null)));
                    continue;
                }

                string[] words = row.Words.Split(' ', ',');
                int last = int.Parse(words[4], null);
                Assert.True(last >= next, row.Words);
                next = last + 1;
            }

            Assert.Equal(drawn.Length + 1, next);
        });

    [Fact]
    public void ARunIsToldWithItsScheduleItsNumbersAndWhatBroke()
    {
        RunRecord record = Run(Step(0, 1), Step(1, 1)) with
        {
            Preemptions = 1,
            Failure = new Failure(FailureKind.Law, "TAG-1", "frame 9 has no storage", Step: 2),
        };
        ToldRun told = ToldRun.Of(record);

        Assert.Equal(("schedule 1 made-up seed 1: one two", 2, 1), (told.Schedule, told.Steps, told.Preemptions));
        Assert.Equal(("TAG-1", "TAG-1: frame 9 has no storage"), (told.Law, told.Failure));
        Assert.Equal(["one", "two"], told.Actors);
        ToldRun held = ToldRun.Of(record with { Failure = null });
        Assert.Equal((null, null), (held.Law, held.Failure));
    }

    private static RunRecord Run(params RunStep[] steps) =>
        new(Schedule.Parse("schedule 1 made-up seed 1: one two"), ["one", "two"], steps, Preemptions: 0, Failure: null);

    private static RunStep Step(int actor, int kind) => new(actor, new Step(kind, 7), $"kind {kind}", null, [], [], null);
}
