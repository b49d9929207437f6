using Palimpsest.Lab.ClosedLoops;

namespace Palimpsest.Lab.Tests.ClosedLoops;

/// <summary>Numbers of a loop: the same in every run, those of a step whatever came before, and as likely as they say.</summary>
public sealed class LoopRandomTests
{
    private const int Draws = 20_000;

    [Fact]
    public void ASeedHasOneCourse()
    {
        LoopRandom one = new(7);
        LoopRandom other = new(7);
        LoopRandom third = new(8);
        ulong[] numbers = [.. Enumerable.Range(0, 100).Select(_ => one.Next())];

        Assert.Equal(numbers, Enumerable.Range(0, 100).Select(_ => other.Next()));
        Assert.NotEqual(numbers, Enumerable.Range(0, 100).Select(_ => third.Next()));
        Assert.Equal(100, numbers.Distinct().Count());
    }

    [Fact]
    public void WhatAStepIsAskedDoesNotDependOnTheStepBefore()
    {
        LoopRandom calm = new(3);
        LoopRandom busy = new(3);
        for (int step = 0; step < 20; step++)
        {
            calm.BeginStep(step);
            busy.BeginStep(step);
            Assert.Equal(calm.Next(), busy.Next());
            // One of them meets a kill and asks for more.
            for (int more = 0; more < step; more++)
            {
                busy.Next();
            }
        }
    }

    [Fact]
    public void StepsAndSeedsAreApart()
    {
        HashSet<ulong> firsts = [];
        for (ulong seed = 0; seed < 20; seed++)
        {
            LoopRandom random = new(seed);
            for (int step = 0; step < 50; step++)
            {
                random.BeginStep(step);
                firsts.Add(random.Next());
            }
        }

        Assert.Equal(1000, firsts.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(1000)]
    public void NumbersBelowABoundAreAllAsLikely(int bound)
    {
        LoopRandom random = new(11);
        int[] counts = new int[bound];
        for (int draw = 0; draw < Draws; draw++)
        {
            counts[random.Below(bound)]++;
        }

        double expected = (double)Draws / bound;
        // Six standard deviations: chance does not reach it.
        Assert.All(counts, count => Assert.InRange(count, expected - (6 * Math.Sqrt(expected)), expected + (6 * Math.Sqrt(expected))));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.02)]
    [InlineData(0.5)]
    [InlineData(0.97)]
    [InlineData(1.0)]
    public void AChanceIsTheShareThatItSays(double share)
    {
        LoopRandom random = new(12);
        int hits = Enumerable.Range(0, Draws).Count(_ => random.Chance(share));
        double deviation = Math.Sqrt(Draws * share * (1 - share));

        Assert.InRange(hits, (Draws * share) - (6 * deviation), (Draws * share) + (6 * deviation));
    }

    [Fact]
    public void SkewedNumbersAreLowByTheSquareRoot()
    {
        const int bound = 400;
        LoopRandom random = new(13);
        int[] draws = [.. Enumerable.Range(0, Draws).Select(_ => random.Skewed(bound))];

        Assert.All(draws, draw => Assert.InRange(draw, 0, bound - 1));
        // Half of all lies below a quarter of the bound, a tenth below a hundredth.
        foreach ((double share, int below) in (ReadOnlySpan<(double, int)>)[(0.5, bound / 4), (0.1, bound / 100), (0.9, bound * 81 / 100)])
        {
            double deviation = Math.Sqrt(Draws * share * (1 - share));
            Assert.InRange(draws.Count(draw => draw < below), (Draws * share) - (6 * deviation), (Draws * share) + (6 * deviation));
        }

        Assert.Equal(0, random.Skewed(1));
    }
}
