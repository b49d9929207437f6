using Palimpsest.Designs;
using Palimpsest.Exploration;
using Palimpsest.Exploration.Runs;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Exploration.Strategies;
using Palimpsest.Kernel.Steps;
using Palimpsest.Races.Beyond;
using Palimpsest.Races.Trials;
using Palimpsest.Steps;

namespace Palimpsest.Races.Tests.Beyond;

/// <summary>Random programs: the same seed gives the same, another seed another, and each thing that they can do is done by some.</summary>
public sealed class RandomProgramTests
{
    private const string Design = "cma-no-tagged";

    private static readonly Lazy<IReadOnlyList<RunRecord>> Runs =
        new(() => [.. Enumerable.Range(1, 24).Select(seed => RunOf((ulong)seed))]);

    [Fact]
    public void AProgramIsThreeThreadsOnTheirCpusAndTheKernels()
    {
        Scenario scenario = Of(7);

        Assert.Equal("beyond-7", scenario.Name);
        Assert.Equal([("one", 0), ("two", 1), ("other", 2), ("kernel", 3)], scenario.Roles.Select(role => (role.Name, role.Cpu)));
        Assert.All(scenario.Roles, role => Assert.Equal(ActorKind.Process, role.Kind));
    }

    [Fact]
    public void ItsNameGivesTheSameProgramBack()
    {
        RunRecord first = RunOf(3);
        Scenario again = RandomProgram.Named("beyond-3")!.Scenario(DesignCatalog.Parse(Design), Safeguards.All);
        Repeat repeat = new Explorer(again).Replay(first.Schedule);

        Assert.Null(repeat.Divergence);
        Assert.Equal(Words(first), Words(repeat.Run));
    }

    [Fact]
    public void NoTwoSeedsOfManyDoTheSame() =>
        Assert.Equal(Runs.Value.Count, Runs.Value.Select(run => string.Join('|', Words(run))).Distinct().Count());

    [Fact]
    public void EveryRunEndsAndHolds() => Assert.All(Runs.Value, run => Assert.Equal(Recorded.Held, run.Failure?.Law));

    [Fact]
    public void EveryActorActsInEveryProgram() =>
        Assert.All(Runs.Value, run => Assert.Equal([0, 1, 2, 3], run.Steps.Select(step => step.Actor).Distinct().Order()));

    [Theory]
    [InlineData(StepKind.UserAccess)]
    [InlineData(StepKind.WritePte)]
    [InlineData(StepKind.Unmap)]
    [InlineData(StepKind.CopyData)]
    [InlineData(StepKind.CopyTags)]
    [InlineData(StepKind.Isolate)]
    [InlineData(StepKind.TestBlock)]
    [InlineData(StepKind.TestReserved)]
    [InlineData(StepKind.SwapInOut)]
    [InlineData(StepKind.Wait)]
    public void WhatCanBeInterleavedIsReachedBySome(StepKind kind) =>
        Assert.Contains(Runs.Value, run => run.Steps.Any(step => step.Step.Kind == (int)kind));

    [Theory]
    [InlineData("mmap_lock")]
    [InlineData("folio")]
    public void LocksOfTheKernelAreTakenBySome(string name) =>
        Assert.Contains(Runs.Value, run => run.Steps.Any(step => step.Took?.Contains(name, StringComparison.Ordinal) == true));

    [Theory]
    [InlineData("static")]
    [InlineData("no-mte")]
    [InlineData("tag-blocks")]
    public void AProgramRunsAlsoWhereNothingIsLentOrTagged(string design)
    {
        SearchResult found = new Explorer(new RandomProgram(5).Scenario(DesignCatalog.Parse(design), Safeguards.All))
            .Search(new RandomWalk(5), new SearchLimits(Schedules: 5), TestContext.Current.CancellationToken);

        Assert.True(found.Held, $"{found}");
        Assert.Equal(5, found.Schedules);
    }

    [Fact]
    public void WithoutTagsNoTagIsStored()
    {
        RunRecord run = Recorded.Run(new RandomProgram(5).Scenario(DesignCatalog.Parse("no-mte"), Safeguards.All), 5);

        Assert.DoesNotContain(run.Steps, step => step.Step.Kind is (int)StepKind.SetReserved or (int)StepKind.CopyTags);
    }

    [Fact]
    public void ABugThatIsSeededIsFoundAndMadeShort()
    {
        Safeguards without = Safeguards.All & ~Safeguards.FaultOnAccess;
        SearchResult found = Enumerable.Range(1, 40).Select(seed => new Explorer(Of((ulong)seed, without))
                .Search(new RandomWalk((ulong)seed), new SearchLimits(Schedules: 40, Shrinking: 2_000),
                    TestContext.Current.CancellationToken))
            .First(search => !search.Held);
        RunRecord shortest = found.Finding!.Shortest;

        Assert.NotNull(shortest.Failure);
        Assert.True(shortest.Schedule.Choices.Count <= found.Finding.First.Choices.Count);
        Assert.Equal(shortest.Failure, new Explorer(Of(Seed(found), without)).Replay(shortest.Schedule).Run.Failure);
        Assert.Null(new Explorer(Of(Seed(found))).Replay(shortest.Schedule).Run.Failure);
    }

    [Fact]
    public void AProgramThatFailsIsRunAgainByItsName()
    {
        RaceOutcome outcome = new BeyondTrial(Design) { Programs = 2, Without = ["fault-on-access"] }
            .Run(TestContext.Current.CancellationToken);
        ToldRun failing = outcome.Failing!;
        ToldRun again = new ScheduleTrial("found", failing.Schedule) { Design = Design, Without = ["fault-on-access"] }.Run();

        Assert.StartsWith("schedule 1 beyond-", failing.Schedule, StringComparison.Ordinal);
        Assert.Equal((failing.Law, failing.Failure, failing.Steps), (again.Law, again.Failure, again.Steps));
        Assert.Equal(failing.Rows.Select(row => row.Words), again.Rows.Select(row => row.Words));
    }

    private static ulong Seed(SearchResult found) => ulong.Parse(found.Scenario["beyond-".Length..], null);

    private static Scenario Of(ulong seed, Safeguards safeguards = Safeguards.All) =>
        new RandomProgram(seed).Scenario(DesignCatalog.Parse(Design), safeguards);

    private static RunRecord RunOf(ulong seed) => Recorded.Run(Of(seed), seed);

    private static IEnumerable<string> Words(RunRecord run) => run.Steps.Select(step => $"{step.Actor} {step.Words} {step.Took}");
}
