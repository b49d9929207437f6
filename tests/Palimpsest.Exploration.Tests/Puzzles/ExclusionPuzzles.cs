using Palimpsest.Exploration.Runs;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Steps;

namespace Palimpsest.Exploration.Tests.Puzzles;

/// <summary>Mutual exclusion without locks. Variables 0 and 1 are the flags, 2 whose turn it is, 3 counts who is inside.</summary>
internal static class ExclusionPuzzles
{
    private const int Turn = 2;
    private const int Inside = 3;
    private const int MostInside = 4;

    /// <summary>Broken: looks at the other's flag before it sets its own.</summary>
    public static Puzzle Dekker { get; } = new("dekker", FailureKind.Law, 2, 10, Two("dekker", DekkerLooksFirst),
        Two("dekker", Dekker1965));

    /// <summary>Broken: gives the turn to itself.</summary>
    public static Puzzle Peterson { get; } = new("peterson", FailureKind.Law, 1, 13,
        Two("peterson", (state, me) => Peterson1981(state, me, me)), Two("peterson", (state, me) => Peterson1981(state, me, 1 - me)));

    private static Scenario<Variables> Two(string name, Func<Variables, int, ValueTask> enterAndLeave) =>
        Variables.Scenario(name, 5)
            .Actor("cpu0", 0, state => enterAndLeave(state, 0))
            .Actor("cpu1", 1, state => enterAndLeave(state, 1))
            .AtEnd("EXCLUSION", state => state[MostInside] > 1 ? "both are inside" : null);

    private static async ValueTask BeInside(Variables state)
    {
        int inside = await state.Add(Inside, 1);
        state[MostInside] = Math.Max(state[MostInside], inside);
        await state.Add(Inside, -1);
    }

    private static async ValueTask DekkerLooksFirst(Variables state, int me)
    {
        while (await state.Read(1 - me) == 1)
        {
            await state.Retry();
        }

        await state.Write(me, 1);
        await BeInside(state);
        await state.Write(me, 0);
    }

    private static async ValueTask Dekker1965(Variables state, int me)
    {
        await state.Write(me, 1);
        while (await state.Read(1 - me) == 1)
        {
            if (await state.Read(Turn) == me)
            {
                await state.Retry();
                continue;
            }

            await state.Write(me, 0);
            while (await state.Read(Turn) != me)
            {
                await state.Retry();
            }

            await state.Write(me, 1);
        }

        await BeInside(state);
        await state.Write(Turn, 1 - me);
        await state.Write(me, 0);
    }

    private static async ValueTask Peterson1981(Variables state, int me, int turnTo)
    {
        await state.Write(me, 1);
        await state.Write(Turn, turnTo);
        while (await state.Read(1 - me) == 1 && await state.Read(Turn) != me)
        {
            await state.Retry();
        }

        await BeInside(state);
        await state.Write(me, 0);
    }
}
