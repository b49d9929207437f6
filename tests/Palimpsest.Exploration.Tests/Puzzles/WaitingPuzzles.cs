using Palimpsest.Exploration.Runs;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Steps;

namespace Palimpsest.Exploration.Tests.Puzzles;

/// <summary>Actors that wait for each other.</summary>
internal static class WaitingPuzzles
{
    /// <summary>One condition variable for "not full" and "not empty", and a signal that wakes whoever waits longest.</summary>
    public static Puzzle BoundedBuffer { get; } = new("bounded-buffer", FailureKind.Deadlock, 0, 8, Buffer(wakesAll: false),
        Buffer(wakesAll: true));

    public static Puzzle Philosophers { get; } = new("philosophers", FailureKind.Deadlock, 1, 3, Table(isOrdered: false),
        Table(isOrdered: true));

    /// <summary>Readers that wait to become the writer wait for themselves, as in an rw_semaphore.</summary>
    public static Puzzle Upgrade { get; } = new("upgrade", FailureKind.Deadlock, 0, 2, Readers(upgrade: true), Readers(upgrade: false));

    /// <summary>One spoon, and each passes it on while the other is hungry.</summary>
    public static Puzzle Spouses { get; } = new("spouses", FailureKind.Livelock, 0, 100, Dinner(mostPasses: int.MaxValue),
        Dinner(mostPasses: 1));

    private static Scenario<Monitor> Buffer(bool wakesAll) =>
        new Scenario<Monitor>("bounded-buffer", machine => new Monitor(machine, wakesAll))
            .Actor("producer", 0, async state =>
            {
                await state.Put();
                await state.Put();
            })
            .Actor("consumer1", 1, state => state.Get())
            .Actor("consumer2", 2, state => state.Get());

    private static Scenario<Forks> Table(bool isOrdered)
    {
        Scenario<Forks> scenario = new("philosophers", machine => new Forks(machine));
        for (int seat = 0; seat < 3; seat++)
        {
            int left = isOrdered ? Math.Min(seat, (seat + 1) % 3) : seat;
            int right = isOrdered ? Math.Max(seat, (seat + 1) % 3) : (seat + 1) % 3;
            scenario.Actor($"philosopher{seat}", seat, async state =>
            {
                await state.Machine.Take(state.All[left]);
                await state.Machine.Take(state.All[right]);
                state.All[right].Release();
                state.All[left].Release();
            });
        }

        return scenario;
    }

    private static Scenario<Forks> Readers(bool upgrade)
    {
        async ValueTask ReadThenWrite(Forks state)
        {
            StepLock held = state.All[0];
            Actor self = state.Machine.Current;
            await state.Machine.Take(held, shared: upgrade);
            if (upgrade)
            {
                await state.Machine.Take(held);
                held.Release();
                held.ReleaseShared(self);
                return;
            }

            held.Release();
        }

        return new Scenario<Forks>("upgrade", machine => new Forks(machine)).Actor("cpu0", 0, ReadThenWrite)
            .Actor("cpu1", 1, ReadThenWrite);
    }

    // Variable 0 is whose spoon it is, 1 and 2 who is fed.
    private static Scenario<Variables> Dinner(int mostPasses)
    {
        async ValueTask Eat(Variables state, int me)
        {
            for (int passed = 0; ;)
            {
                if (await state.Read(0) != me)
                {
                    await state.Retry();
                }
                else if (passed < mostPasses && await state.Read(2 - me) == 0)
                {
                    await state.Write(0, 1 - me);
                    passed++;
                }
                else
                {
                    break;
                }
            }

            await state.Write(1 + me, 1);
            await state.Write(0, 1 - me);
        }

        return Variables.Scenario("spouses", 3).Actor("him", 0, state => Eat(state, 0)).Actor("her", 1, state => Eat(state, 1)).Within(100);
    }

    private sealed class Forks(Interleaving machine)
    {
        public Interleaving Machine { get; } = machine;

        public StepLock[] All { get; } = [.. Enumerable.Range(0, 3)
            .Select(index => new StepLock($"fork{index}", 1, sleeps: true, nests: true))];
    }

    /// <summary>A buffer of one item, its lock and its one condition variable.</summary>
    private sealed class Monitor(Interleaving machine, bool wakesAll)
    {
        private const int WaitKind = 1;

        private readonly StepLock _lock = new("buffer", 1, sleeps: true);
        private readonly List<int> _asleep = [];
        private int _tickets;
        private int _items;

        public ValueTask Put() => Change(from: 0, to: 1);

        public ValueTask Get() => Change(from: 1, to: 0);

        private async ValueTask Change(int from, int to)
        {
            await machine.Take(_lock);
            while (_items != from)
            {
                int ticket = _tickets++;
                _asleep.Add(ticket);
                _lock.Release();
                await machine.Until(WaitKind, ticket, () => !_asleep.Contains(ticket));
                await machine.Take(_lock);
            }

            _items = to;
            _asleep.RemoveRange(0, wakesAll ? _asleep.Count : Math.Min(1, _asleep.Count));
            _lock.Release();
        }
    }
}
