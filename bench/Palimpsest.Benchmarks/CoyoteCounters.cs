using Microsoft.Coyote;
using Microsoft.Coyote.Actors;
using Microsoft.Coyote.SystematicTesting;

namespace Palimpsest.Benchmarks;

/// <summary>
/// The peer's form of <see cref="CounterScenario"/>: actors of Microsoft.Coyote, whose steps are events that they send to themselves.
/// </summary>
internal static class CoyoteCounters
{
    /// <summary>So many schedules at random; how many there were.</summary>
    public static int Explore(int schedules, int actors, int steps)
    {
        Configuration configuration = Configuration.Create().WithTestingIterations((uint)schedules).WithRandomGeneratorSeed(1)
            .WithRandomStrategy();
        using TestingEngine engine = TestingEngine.Create(configuration, (IActorRuntime runtime) =>
        {
            Sum sum = new(actors, steps);
            for (int actor = 0; actor < actors; actor++)
            {
                runtime.CreateActor(typeof(Counter), new Start(sum));
            }
        });
        engine.Run();
        return engine.TestReport.NumOfFoundBugs == 0 ? engine.TestReport.NumOfExploredFairPaths
            + engine.TestReport.NumOfExploredUnfairPaths : throw new InvalidOperationException(engine.GetReport());
    }

    /// <summary>The state of one schedule, and its law at the end.</summary>
    internal sealed class Sum(int actors, int steps)
    {
        private int _total;
        private int _done;

        public int Steps => steps;

        public void Add() => _total++;

        public void Done()
        {
            if (++_done == actors && _total != actors * steps)
            {
                throw new InvalidOperationException("an addition was lost");
            }
        }
    }

    internal sealed class Start(Sum sum) : Event
    {
        public Sum Sum => sum;
    }

    internal sealed class Next : Event;

    [OnEventDoAction(typeof(Next), nameof(Add))]
    internal sealed class Counter : Actor
    {
        private Sum _sum = null!;
        private int _left;

        protected override Task OnInitializeAsync(Event initialEvent)
        {
            _sum = ((Start)initialEvent).Sum;
            _left = _sum.Steps;
            SendEvent(Id, new Next());
            return Task.CompletedTask;
        }

        private void Add()
        {
            _sum.Add();
            if (--_left > 0)
            {
                SendEvent(Id, new Next());
            }
            else
            {
                _sum.Done();
            }
        }
    }
}
