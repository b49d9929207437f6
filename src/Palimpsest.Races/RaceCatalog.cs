using Palimpsest.Kernel.Steps;
using Palimpsest.Races.Lists;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races;

/// <summary>A race that is explored.</summary>
/// <param name="Safeguard">Name of what prevents it; empty when the claim is that nothing does, or that nothing need.</param>
/// <param name="Design">Design that it is explored under when none is named.</param>
public sealed record RaceEntry(string Id, string Title, string Safeguard, string Design);

/// <summary>A race of the list that is no scenario, and why.</summary>
public sealed record UnexploredRace(string Id, string Reason);

/// <summary>All races of the discussion: those that are scenarios, and why the others are not.</summary>
public static class RaceCatalog
{
    internal static IReadOnlyList<Race> Races { get; } =
        [.. CopyRaces.All.Concat(ReserveRaces.All).Concat(CacheRaces.All).Concat(PinRaces.All).Concat(LockRaces.All).OrderBy(race => race.Id[0]).ThenBy(race => Number(race.Id)).ThenBy(race => race.Id, StringComparer.Ordinal)];

    public static IReadOnlyList<RaceEntry> All { get; } =
        [.. Races.Select(race => new RaceEntry(race.Id, race.Title, race.Safeguard == Safeguards.None ? "" : NameOf(race.Safeguard), race.Design))];

    public static IReadOnlyList<UnexploredRace> Unexplored { get; } =
    [
        new("R11", "no hardware KASAN: the kernel allocates no tagged memory of its own"),
        new("R12", "no fatal signal reaches a range allocation here"),
        new("R13", "no limit on isolated pages: reclaim and compaction isolate one folio at a time"),
        new("R14", "what leaves tag storage is never tagged (TAG-3), so its destination reserves nothing"),
        new("R16", "as R15: a pin without FOLL_LONGTERM that never ends"),
        new("R17", "compaction takes destinations from the allocator, outside the zone lock"),
        new("R19", "no khugepaged"),
        new("R20", "no khugepaged"),
        new("R22", "no guests"),
        new("R27", "all regions come online together"),
        new("R28", "the board reader refuses such a region"),
        new("R29", "the board reader splits or refuses such a region"),
        new("R30", "no kexec"),
        new("R31", "the allocator puts back any frame that cannot be tagged, from whichever list (contract tests over all designs)"),
        new("R32", "as R31"),
        new("R33", "not a failure: a second migration, counted by run and compare"),
        new("R35", "not a failure: interrupts, counted by run and compare"),
        new("R36", "not a failure of interleaving: capacity, shown by compare and run"),
        new("R37", "as R36"),
        new("R38", "there is no CMA bitmap; BUDDY-1 and TAG-1 are audited instead"),
        new("R39", "no second stage of translation"),
        new("X1", "loop bound of RFC v3; as R25, audited by TAG-2"),
        new("X2", "fast path is a parameter (fast-path=off)"),
        new("X3", "frames taken off the buddy lists are Held and have no references"),
        new("X4", "the board reader's, tested there"),
        new("X5", "the board reader's, tested there"),
        new("X6", "the board reader's, tested there"),
        new("X10", "buffers for saved tags cannot fail here"),
        new("X11", "the board reader refuses such a region"),
        new("X12", "no guests"),
        new("X13", "a failed migration puts its page back; FRAME-1 is audited"),
        new("X14", "no bulk allocation of tagged pages"),
        new("X15", "no hibernation"),
    ];

    internal static Race Find(string id) => Races.FirstOrDefault(race => string.Equals(race.Id, id, StringComparison.OrdinalIgnoreCase))
        ?? throw new UsageException(WhyNot(id));

    /// <summary>The safeguard that a race is about.</summary>
    public static Safeguards SafeguardOf(string id) => Find(id).Safeguard;

    /// <summary>fault-on-access for FaultOnAccess.</summary>
    public static string NameOf(Safeguards safeguard) =>
        string.Concat(safeguard.ToString().Select((letter, at) => char.IsUpper(letter) ? (at > 0 ? "-" : "") + char.ToLowerInvariant(letter) : letter.ToString()));

    /// <exception cref="UsageException">No safeguard has the name.</exception>
    public static Safeguards Parse(string name)
    {
        foreach (Safeguards safeguard in Enum.GetValues<Safeguards>())
        {
            if (safeguard is not (Safeguards.None or Safeguards.All) && NameOf(safeguard) == name)
            {
                return safeguard;
            }
        }

        string known = string.Join(", ", Enum.GetValues<Safeguards>().Where(safeguard => safeguard is not (Safeguards.None or Safeguards.All)).Select(NameOf));
        throw new UsageException($"--without {name}: there is no such safeguard; choose from {known}");
    }

    private static string WhyNot(string id)
    {
        UnexploredRace? unexplored = Unexplored.FirstOrDefault(race => string.Equals(race.Id, id, StringComparison.OrdinalIgnoreCase));
        return unexplored is null
            ? $"there is no race {id}; choose from {string.Join(", ", Races.Select(race => race.Id))}, or all"
            : $"{unexplored.Id} is no scenario: {unexplored.Reason}";
    }

    private static int Number(string id) => int.Parse(string.Concat(id.Skip(1).TakeWhile(char.IsAsciiDigit)), System.Globalization.CultureInfo.InvariantCulture);
}
