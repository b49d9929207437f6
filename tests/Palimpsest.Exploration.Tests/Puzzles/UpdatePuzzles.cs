using Palimpsest.Exploration.Runs;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Steps;

namespace Palimpsest.Exploration.Tests.Puzzles;

/// <summary>Updates that are lost, or made of parts that do not belong together.</summary>
internal static class UpdatePuzzles
{
    private const int Head = 0;
    private const int Popped = 4;
    private const int Nothing = 3;

    public static Puzzle LostUpdate { get; } = new("lost-update", FailureKind.Law, 1, 4, Counter(isAtomic: false), Counter(isAtomic: true));

    /// <summary>
    /// A Treiber stack whose head has no version: a node that is popped and pushed again is taken for one that never left.
    /// </summary>
    public static Puzzle Aba { get; } = new("aba", FailureKind.Law, 1, 12, Stack(hasVersion: false), Stack(hasVersion: true));

    /// <summary>Published before it is initialised.</summary>
    public static Puzzle DoubleChecked { get; } = new("double-checked", FailureKind.Law, 1, 8, Initialised(isPublishedLast: false),
        Initialised(isPublishedLast: true));

    /// <summary>Shows only when three pairs of far apart steps fall in one order.</summary>
    public static Puzzle Depth3 { get; } = new("depth-3", FailureKind.Law, 2, 28, Phases(noise: 4, isChecked: false),
        Phases(noise: 1, isChecked: true));

    private static Scenario<Variables> Counter(bool isAtomic)
    {
        async ValueTask Increment(Variables state)
        {
            if (isAtomic)
            {
                await state.Add(0, 1);
                return;
            }

            int seen = await state.Read(0);
            await state.Write(0, seen + 1);
        }

        return Variables.Scenario("lost-update", 1).Actor("cpu0", 0, Increment).Actor("cpu1", 1, Increment)
            .AtEnd("SUM", state => state.Expect(0, 2));
    }

    // Variable 0 is the head (node, and version above it), 1 and 2 the successors of nodes 1 and 2; 4 to 6 count who popped what.
    private static Scenario<Variables> Stack(bool hasVersion)
    {
        int Successor(int head, int node) => hasVersion ? ((head >> 8) + 1) << 8 | node : node;

        async ValueTask<int> Pop(Variables state)
        {
            int head = await state.Read(Head);
            int node = head & 0xFF;
            if (node == Nothing)
            {
                return Nothing;
            }

            int next = await state.Read(node);
            return await state.CompareExchange(Head, head, Successor(head, next)) ? node : Nothing;
        }

        async ValueTask Push(Variables state, int node)
        {
            int head = await state.Read(Head);
            await state.Write(node, head & 0xFF);
            await state.CompareExchange(Head, head, Successor(head, node));
        }

        return new Scenario<Variables>("aba", machine => new Variables(machine, 8) { [Head] = 1, [1] = 2, [2] = Nothing })
            .Actor("cpu0", 0, async state => state[Popped] = await Pop(state))
            .Actor("cpu1", 1, async state =>
            {
                int first = await Pop(state);
                state[Popped + 1] = await Pop(state);
                if (first != Nothing)
                {
                    await Push(state, first);
                }
            })
            .AtEnd("STACK", state => state[Popped + 1] != Nothing && state[Popped + 1] == (state[Head] & 0xFF)
                ? "a node is popped and on the stack"
                : null);
    }

    // Variable 0 is the pointer, 1 the field behind it.
    private static Scenario<Initialisation> Initialised(bool isPublishedLast)
    {
        async ValueTask Use(Initialisation state)
        {
            if (await state.Shared.Read(0) == 0)
            {
                await state.Shared.Machine.Take(state.Lock, access: Access.Writes);
                if (await state.Shared.Read(0) == 0)
                {
                    await state.Shared.Write(isPublishedLast ? 1 : 0, 42);
                    await state.Shared.Write(isPublishedLast ? 0 : 1, 42);
                }

                state.Lock.Release();
            }

            state.SawNothing |= await state.Shared.Read(1) == 0;
        }

        return new Scenario<Initialisation>("double-checked", machine => new Initialisation(new Variables(machine, 2)))
            .Actor("cpu0", 0, Use).Actor("cpu1", 1, Use)
            .AtEnd("INIT", state => state.SawNothing ? "somebody saw the field before it was set" : null);
    }

    private static Scenario<Variables> Phases(int noise, bool isChecked)
    {
        async ValueTask Noise(Variables state, int variable)
        {
            for (int step = 0; step < noise; step++)
            {
                await state.Add(variable, 1);
            }
        }

        return Variables.Scenario("depth-3", 5)
            .Actor("cpu0", 0, async state =>
            {
                await Noise(state, 1);
                await state.Write(0, 1);
                await Noise(state, 1);
                await state.Write(0, 2);
                await Noise(state, 1);
            })
            .Actor("cpu1", 1, async state =>
            {
                await Noise(state, 2);
                state[3] = await state.Read(0);
                await Noise(state, 2);
                state[4] = isChecked ? state[3] : await state.Read(0);
                await Noise(state, 2);
            })
            .AtEnd("PHASE", state => state[3] == 1 && state[4] == 2 ? "one operation saw two phases" : null);
    }

    private sealed class Initialisation(Variables shared)
    {
        public Variables Shared { get; } = shared;

        public StepLock Lock { get; } = new("lock", 1, sleeps: true);

        public bool SawNothing { get; set; }
    }
}
