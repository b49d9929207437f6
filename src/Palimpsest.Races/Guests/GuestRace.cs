using Palimpsest.Exploration.Scenarios;
using Palimpsest.Kernel.Steps;
using Palimpsest.Userland;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races.Guests;

/// <summary>A real program as a race: its threads, and whoever acts beside them, in a window of its run.</summary>
internal static class GuestRace
{
    /// <summary>As schedules name it.</summary>
    public const string Id = "program";

    // A fault alone is some twenty steps of the kernel.
    private const int MostSteps = 20_000;

    /// <param name="design">Name and parameters.</param>
    public static OwnRace Of(GuestRaceSetting setting, string design, GuestExpectation expected) => OwnRace.Of<GuestWorld>(
        Id, string.Join(' ', setting.Guest.Arguments), design, Safeguards.None,
        race => new GuestWorld(
            setting.Machine.Create(race.Design, race.Safeguards, race.Steps), setting.Guest, race.Steps, setting.Window),
        scenario => Cast(scenario, setting.Neighbours, expected), MostSteps, setting.IsAudited);

    private static void Cast(Scenario<GuestWorld> scenario, IReadOnlyList<GuestNeighbour> neighbours, GuestExpectation expected)
    {
        for (int place = 0; place < Math.Min(expected.Threads, GuestWorld.MostThreads); place++)
        {
            int own = place;
            scenario.Actor($"thread-{place + 1}", 0, world => world.RunThread(own));
        }

        for (int index = 0; index < neighbours.Count; index++)
        {
            GuestNeighbour neighbour = neighbours[index];
            CpuId cpu = new(index + 1);
            string name = NameOf(neighbour);
            _ = neighbour == GuestNeighbour.Cache
                ? scenario.Hardware(name, world => world.EvictAll())
                : scenario.Actor(name, cpu.Index, world => world.Act(neighbour, cpu));
        }

        scenario.AtEnd("PROGRAM", world => Difference(world.Finish(), expected.Outcome));
    }

    /// <summary>As options and schedules name it.</summary>
    public static string NameOf(GuestNeighbour neighbour) => neighbour.ToString().ToLowerInvariant();

    /// <summary>A program says by its end whether it is right; what it prints may depend on its threads.</summary>
    private static string? Difference(GuestOutcome outcome, GuestOutcome expected)
    {
        if (outcome.TagFaults.Count > expected.TagFaults.Count)
        {
            GuestTagFault fault = outcome.TagFaults[^1];
            return $"{fault.Code} at 0x{fault.Address:x}, instruction 0x{fault.Pc:x}; {outcome.TagFaults.Count} tag faults, "
                + $"and {expected.TagFaults.Count} where nothing is interleaved";
        }

        return (outcome.ExitStatus, outcome.Signal) == (expected.ExitStatus, expected.Signal)
            ? null : $"the program {End(outcome)}, and {End(expected)} where nothing is interleaved";
    }

    private static string End(GuestOutcome outcome) => outcome.WasLimited ? $"has come to its limit of {outcome.Limit}".ToLowerInvariant()
        : outcome.Signal is { } signal ? $"is killed by signal {signal}" : $"exits with {outcome.ExitStatus}";
}
