using Palimpsest.Designs;
using Palimpsest.Lab.ClosedLoops;
using Palimpsest.Races;
using Palimpsest.Reports.Lists;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>What a library of one's own can bring.</summary>
[Flags]
internal enum OwnKinds
{
    None = 0,
    Designs = 1,
    Workloads = 2,
    Races = 4,
    All = Designs | Workloads | Races,
}

/// <summary>What a library of one's own has brought.</summary>
internal sealed record OwnParts(
    IReadOnlyList<DesignEntry> Designs, IReadOnlyList<LoopEntry> Workloads, IReadOnlyList<OwnRace> Races)
{
    /// <summary>designs, workloads and races.</summary>
    public static string Words(OwnKinds kinds) => Joined(kinds, "designs", "workloads", "races", " and ");

    /// <summary>DesignEntry, LoopEntry or OwnRace.</summary>
    public static string Types(OwnKinds kinds) => Joined(kinds, nameof(DesignEntry), nameof(LoopEntry), nameof(OwnRace), " or ");

    /// <summary>All that can be listed, what was brought last.</summary>
    public IReadOnlyList<Listing> Listings => Listing.With(Designs, Races, Workloads);

    /// <exception cref="InputException">There is nothing that a verb can use, or a name that is there already.</exception>
    public void Require(string path, OwnKinds takes)
    {
        OwnKinds brought = (Designs.Count > 0 ? OwnKinds.Designs : 0) | (Workloads.Count > 0 ? OwnKinds.Workloads : 0)
            | (Races.Count > 0 ? OwnKinds.Races : 0);
        if ((brought & takes) == OwnKinds.None)
        {
            throw new InputException(brought == OwnKinds.None
                ? $"{path}: has no public static member that is a {Types(takes)}"
                : $"{path}: brings {Words(brought)}, and this verb takes {Words(takes)}");
        }

        RequireNew(path, "design", Designs.Select(entry => entry.Name), DesignCatalog.All.Select(entry => entry.Name));
        RequireNew(path, "workload", Workloads.Select(entry => entry.Name), LoopCatalog.All.Select(entry => entry.Name));
        RequireNew(path, "race", Races.Select(race => race.Id), RaceCatalog.All.Select(race => race.Id).Concat(["all", "beyond"]));
    }

    private static void RequireNew(string path, string kind, IEnumerable<string> own, IEnumerable<string> there)
    {
        HashSet<string> names = new(there, StringComparer.OrdinalIgnoreCase);
        if (own.FirstOrDefault(name => !names.Add(name)) is { } taken)
        {
            throw new InputException($"{path}: {taken} is the name of a {kind} that is there already");
        }
    }

    private static string Joined(OwnKinds kinds, string designs, string workloads, string races, string last)
    {
        string[] all = [.. new[] { (OwnKinds.Designs, designs), (OwnKinds.Workloads, workloads), (OwnKinds.Races, races) }
            .Where(kind => kinds.HasFlag(kind.Item1)).Select(kind => kind.Item2)];
        return all.Length == 1 ? all[0] : string.Join(", ", all[..^1]) + last + all[^1];
    }
}
