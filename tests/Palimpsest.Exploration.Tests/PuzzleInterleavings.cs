using Palimpsest.Exploration.Runs;
using Palimpsest.Exploration.Schedules;
using Palimpsest.Exploration.Strategies;
using Palimpsest.Exploration.Tests.Puzzles;

namespace Palimpsest.Exploration.Tests;

/// <summary>Each known bug is found by each strategy, its shortest schedule is known, and the program without it is proved.</summary>
public sealed class PuzzleInterleavings
{
    public static TheoryData<string> Puzzles => Puzzle.Names;

    [Theory]
    [MemberData(nameof(Puzzles))]
    public void RandomWalkFindsIt(string name) => AssertFound(name, new RandomWalk(seed: 1));

    [Theory]
    [MemberData(nameof(Puzzles))]
    public void PriorityChangesFindIt(string name) => AssertFound(name, new PriorityChanges(seed: 1, depth: 3));

    [Theory]
    [MemberData(nameof(Puzzles))]
    public void DepthFirstFindsIt(string name) => AssertFound(name, new DepthFirst());

    [Theory]
    [MemberData(nameof(Puzzles))]
    public void DepthFirstFindsItWithinTwoPreemptions(string name) => AssertFound(name, new DepthFirst(preemptionBound: 2));

    [Theory]
    [MemberData(nameof(Puzzles))]
    public void TheProgramWithoutItIsProved(string name)
    {
        SearchResult result = Puzzle.Of(name).Correct.Search(new DepthFirst());

        Assert.True(result.Held, result.ToString());
        Assert.True(result.IsExhaustive, result.ToString());
        Assert.Null(result.PreemptionBound);
    }

    [Theory]
    [MemberData(nameof(Puzzles))]
    public void APrintedScheduleFailsAlikeWhenItIsReplayed(string name)
    {
        Finding found = Puzzle.Of(name).Broken.Search(new RandomWalk(seed: 2)).Finding!;

        foreach (Schedule schedule in new[] { found.First, found.Shortest.Schedule })
        {
            string text = schedule.ToString();
            Repeat repeat = new Explorer(Puzzle.Of(name).Broken).Replay(Schedule.Parse("# found at random\n" + text + "\n"));

            Assert.Null(repeat.Divergence);
            Assert.Equal(text, repeat.Run.Schedule.ToString());
            Assert.True(found.Shortest.Failure!.IsLike(repeat.Run.Failure), text);
        }
    }

    [Theory]
    [MemberData(nameof(Puzzles))]
    public void TheSameSeedFindsTheSame(string name)
    {
        SearchResult Once() => Puzzle.Of(name).Broken.Search(new PriorityChanges(seed: 3, depth: 3));

        Assert.Equal(Once().ToString(), Once().ToString());
    }

    private static void AssertFound(string name, Strategy strategy)
    {
        Puzzle puzzle = Puzzle.Of(name);
        SearchResult result = puzzle.Broken.Search(strategy);

        Assert.False(result.Held, result.ToString());
        RunRecord shortest = result.Finding!.Shortest;
        Assert.Equal(puzzle.Kind, shortest.Failure!.Kind);
        Assert.True(result.Finding.IsShortest, result.ToString());
        Assert.Equal((puzzle.Preemptions, puzzle.Steps), (shortest.Preemptions, shortest.Steps.Count));
    }
}
