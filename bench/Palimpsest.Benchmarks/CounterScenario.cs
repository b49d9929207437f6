using System.Runtime.CompilerServices;
using Palimpsest.Exploration;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Steps;

namespace Palimpsest.Benchmarks;

/// <summary>Actors that add to one counter, step by step; the law is the sum at the end.</summary>
internal sealed class CounterScenario(Interleaving machine)
{
    private readonly StepLock _mutex = new("mutex", 1, sleeps: true);
    private int _sum;

    public static Scenario<CounterScenario> Of(int actors, int steps, Func<CounterScenario, int, ValueTask> add)
    {
        Scenario<CounterScenario> scenario = new("counters", machine => new CounterScenario(machine));
        for (int actor = 0; actor < actors; actor++)
        {
            scenario.Actor($"cpu{actor}", actor, state => add(state, steps));
        }

        return scenario.AtEnd("SUM", state => state.Broken(actors * steps));
    }

    /// <summary>The law at the end: null when it holds.</summary>
    public string? Broken(int sum) => _sum == sum ? null : "an addition was lost";

    /// <summary>A law between steps.</summary>
    public string? BrokenMeanwhile(int most) => _sum <= most ? null : "more than was added";

    public async ValueTask Add(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            await machine.Point(0, 0);
            _sum++;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask AddPooled(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            await machine.Point(0, 0);
            _sum++;
        }
    }

    /// <summary>Each step in an operation of its own, inside another, as in a fault that reserves.</summary>
    public async ValueTask AddNested(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            await Outer();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask AddNestedPooled(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            await OuterPooled();
        }
    }

    /// <summary>Two points for each addition: the lock and the step under it.</summary>
    public async ValueTask AddLocked(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            await machine.Take(_mutex);
            _sum++;
            _mutex.Release();
        }
    }

    private async ValueTask Outer() => await Inner();

    private async ValueTask Inner()
    {
        await machine.Point(0, 0);
        _sum++;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask OuterPooled() => await InnerPooled();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask InnerPooled()
    {
        await machine.Point(0, 0);
        _sum++;
    }
}
