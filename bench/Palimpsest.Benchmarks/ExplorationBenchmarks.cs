using BenchmarkDotNet.Attributes;
using Palimpsest.Exploration;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Exploration.Strategies;
using Palimpsest.Steps;

namespace Palimpsest.Benchmarks;

/// <summary>What one schedule costs: three actors that add ten times each to one counter.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
[HideColumns("Error", "StdDev", "RatioSD", "Job", "Toolchain", "Alloc Ratio")]
public class ExplorationBenchmarks
{
    private const int Batch = 10_000;
    private const int PeerBatch = 200;
    private const int Actors = 3;
    private const int Steps = 10;

    private readonly Explorer _plain = Of((state, steps) => state.Add(steps));
    private readonly Explorer _pooled = Of((state, steps) => state.AddPooled(steps));
    private readonly Explorer _nested = Of((state, steps) => state.AddNested(steps));
    private readonly Explorer _nestedPooled = Of((state, steps) => state.AddNestedPooled(steps));
    private readonly Explorer _locked = Of((state, steps) => state.AddLocked(steps));
    private readonly Explorer _hashed = new(Scenario((state, steps) => state.Add(steps)).Hash(state => 0));
    private readonly Explorer _checked = new(Scenario((state, steps) => state.Add(steps))
        .AfterEachStep("MOST", state => state.BrokenMeanwhile(Actors * Steps)));
    private readonly Interleaving _nobody = new();

    [Benchmark(Baseline = true, Description = "uncontrolled", OperationsPerInvoke = Batch)]
    public bool Uncontrolled()
    {
        bool holds = true;
        for (int run = 0; run < Batch; run++)
        {
            CounterScenario state = new(_nobody);
            for (int actor = 0; actor < Actors; actor++)
            {
                state.Add(Steps).Now();
            }

            holds &= state.Broken(Actors * Steps) is null;
        }

        return holds;
    }

    [Benchmark(Description = "random walk", OperationsPerInvoke = Batch)]
    public long RandomWalk() => Search(_plain, new RandomWalk(1));

    [Benchmark(Description = "random walk, pooled actors", OperationsPerInvoke = Batch)]
    public long RandomWalkPooled() => Search(_pooled, new RandomWalk(1));

    [Benchmark(Description = "random walk, a law after each step", OperationsPerInvoke = Batch)]
    public long RandomWalkChecked() => Search(_checked, new RandomWalk(1));

    [Benchmark(Description = "random walk, each step under a mutex", OperationsPerInvoke = Batch)]
    public long RandomWalkLocked() => Search(_locked, new RandomWalk(1));

    [Benchmark(Description = "random walk, steps in two nested operations", OperationsPerInvoke = Batch)]
    public long RandomWalkNested() => Search(_nested, new RandomWalk(1));

    [Benchmark(Description = "the same, pooled", OperationsPerInvoke = Batch)]
    public long RandomWalkNestedPooled() => Search(_nestedPooled, new RandomWalk(1));

    [Benchmark(Description = "PCT of depth 3", OperationsPerInvoke = Batch)]
    public long PriorityChanges() => Search(_plain, new PriorityChanges(1, depth: 3));

    [Benchmark(Description = "depth first", OperationsPerInvoke = Batch)]
    public long DepthFirst() => Search(_plain, new DepthFirst());

    /// <summary>11 x 11 x 11 states with 3,630 steps between them: all there is, in 2,300 runs.</summary>
    [Benchmark(Description = "depth first, all states, for all of them")]
    public long EveryState() => Search(_hashed, new DepthFirst());

    /// <summary>The peer, in the same run: a scheduling point at each event that an actor sends itself.</summary>
    [Benchmark(Description = "Microsoft.Coyote 1.7.11, random, actors", OperationsPerInvoke = PeerBatch)]
    public int Coyote() => CoyoteCounters.Explore(PeerBatch, Actors, Steps);

    private static Explorer Of(Func<CounterScenario, int, ValueTask> add) => new(Scenario(add));

    private static Scenario<CounterScenario> Scenario(Func<CounterScenario, int, ValueTask> add) => CounterScenario.Of(Actors, Steps, add);

    private static long Search(Explorer explorer, Strategy strategy)
    {
        SearchResult result = explorer.Search(strategy, new SearchLimits(Batch));
        return result.Held ? result.Schedules : throw new InvalidOperationException(result.ToString());
    }
}
