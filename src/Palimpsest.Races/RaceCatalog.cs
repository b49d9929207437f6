using Palimpsest.Kernel.Steps;
using Palimpsest.Races.Beyond;
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
        [.. CopyRaces.All.Concat(ReserveRaces.All).Concat(CacheRaces.All).Concat(PinRaces.All).Concat(LockRaces.All)
            .Concat(AllocationRaces.All).Concat(CapacityRaces.All).Concat(CollapseRaces.All).Concat(ActivationRaces.All)
            .Concat(TagCheckRaces.All).Concat(MailedRaces.All).Concat(PackingRaces.All).OrderBy(race => race.Id[0])
            .ThenBy(race => Number(race.Id))
            .ThenBy(race => race.Id, StringComparer.Ordinal)];

    /// <summary>By the letter and number of their ids.</summary>
    public static IReadOnlyList<RaceEntry> All { get; } =
        [.. Races.Select(EntryOf)];

    /// <summary>Races of the discussion that the model cannot express, with the reason.</summary>
    public static IReadOnlyList<UnexploredRace> Unexplored { get; } =
    [
        new("R11", "no hardware KASAN: the kernel allocates no tagged memory of its own"),
        new("R22", "no guests"),
        new("R28", "the board reader refuses such a region"),
        new("R29", "the board reader splits or refuses such a region"),
        new("R39", "no second stage of translation"),
        new("X3", "a count of struct page that this model has not: a frame taken off the buddy lists is Held, and Held frames are all or "
            + "nothing"),
        new("X4", "the board reader's, tested there"),
        new("X5", "the board reader's, tested there"),
        new("X6", "the board reader's, tested there"),
        new("X11", "the board reader refuses such a region"),
        new("X12", "no guests"),
        new("X14", "nobody allocates tagged pages in bulk here, nor in Linux: the per-CPU lock is held in no step that could sleep"),
        new("X15", "no hibernation"),
    ];

    /// <summary>A race as lists and reports have it.</summary>
    public static RaceEntry EntryOf(OwnRace race) => EntryOf((IRace)race);

    internal static RaceEntry EntryOf(IRace race) =>
        new(race.Id, race.Title, race.Safeguard == Safeguards.None ? "" : NameOf(race.Safeguard), race.Design);

    internal static Race Find(string id) => (Race)Find(id, []);

    internal static IRace Find(string id, IReadOnlyList<OwnRace> own) =>
        own.Concat<IRace>(Races).FirstOrDefault(race => string.Equals(race.Id, id, StringComparison.OrdinalIgnoreCase))
        ?? throw new UsageException(WhyNot(id, own));

    /// <summary>The safeguard that a race is about; none of a random program.</summary>
    public static Safeguards SafeguardOf(string id) => SafeguardOf(id, []);

    internal static Safeguards SafeguardOf(string id, IReadOnlyList<OwnRace> own) =>
        RandomProgram.Named(id) is null ? Find(id, own).Safeguard : Safeguards.None;

    /// <summary>fault-on-access for FaultOnAccess; several are joined by a plus.</summary>
    public static string NameOf(Safeguards safeguard) => string.Join('+', safeguard.ToString().Split(", ").Select(name =>
        string.Concat(name
            .Select((letter, at) => char.IsUpper(letter) ? (at > 0 ? "-" : "") + char.ToLowerInvariant(letter) : letter.ToString()))));

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

        string known = string.Join(", ", Enum.GetValues<Safeguards>()
            .Where(safeguard => safeguard is not (Safeguards.None or Safeguards.All)).Select(NameOf));
        throw new UsageException($"--without {name}: there is no such safeguard; choose from {known}");
    }

    /// <summary>All of some safeguards together.</summary>
    /// <exception cref="UsageException">No safeguard has one of the names.</exception>
    public static Safeguards Parse(IEnumerable<string> names) => names.Aggregate(Safeguards.None, (all, name) => all | Parse(name));

    private static string WhyNot(string id, IReadOnlyList<OwnRace> own)
    {
        UnexploredRace? unexplored = Unexplored.FirstOrDefault(race => string.Equals(race.Id, id, StringComparison.OrdinalIgnoreCase));
        return unexplored is null
            ? $"there is no race {id}; choose from {string.Join(", ", own.Concat<IRace>(Races).Select(race => race.Id))}, or all"
            : $"{unexplored.Id} is no scenario: {unexplored.Reason}";
    }

    private static int Number(string id) =>
        int.Parse(string.Concat(id.Skip(1).TakeWhile(char.IsAsciiDigit)), System.Globalization.CultureInfo.InvariantCulture);
}
