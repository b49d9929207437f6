using Palimpsest.Kernel.Ports;
using Palimpsest.Vocabulary;

namespace Palimpsest.Designs;

/// <summary>A design that can be chosen by name.</summary>
/// <param name="Origin">Where it was proposed.</param>
/// <param name="Essence">One line for a table.</param>
/// <param name="Settable">Names of the parameters that it uses.</param>
/// <param name="Defaults">Their values when nothing is set.</param>
/// <param name="Create">Makes a fresh design: designs may keep state.</param>
public sealed record DesignEntry(
    string Name,
    string Origin,
    string Essence,
    IReadOnlyList<string> Settable,
    DesignParameters Defaults,
    Func<DesignParameters, Design> Create)
{
    /// <summary>It marks an end of the scale, and competes with no other design.</summary>
    public bool IsBound => Origin == "bound";
}

/// <summary>A design with its parameters chosen.</summary>
public sealed record DesignChoice(DesignEntry Entry, DesignParameters Parameters)
{
    /// <summary>As in the catalogue, without parameters.</summary>
    public string Name => Entry.Name;

    /// <summary>Parameters as the command line writes them; empty for a design without any.</summary>
    public string ParameterText =>
        string.Join(',', Entry.Settable.Select(name => $"{name}={ParameterSyntax.Print(Parameters, name)}"));

    /// <summary>Those of them that are not as the design has them by itself, and the engine where it stands beside another.</summary>
    public string ChangedText => string.Join(',', Entry.Settable
        .Where(name => (NamesEngine && name == ParameterSyntax.FastPath)
            || ParameterSyntax.Print(Parameters, name) != ParameterSyntax.Print(Entry.Defaults, name))
        .Select(name => $"{name}={ParameterSyntax.Print(Parameters, name)}"));

    /// <summary>Its row says which engine takes the storage, also where it is the design's own.</summary>
    public bool NamesEngine { get; init; }

    /// <summary>
    /// The same with either engine of reservations, free blocks straight off the buddy lists or all by range allocations; itself alone
    /// where it has no choice.
    /// </summary>
    public IReadOnlyList<DesignChoice> WithBothEngines => !Entry.Settable.Contains(ParameterSyntax.FastPath) ? [this]
        : [this with { NamesEngine = true },
            this with { NamesEngine = true, Parameters = Parameters with { FastPath = !Parameters.FastPath } }];

    /// <summary>A design of its own for one machine: two machines share none.</summary>
    public Design Create() => Entry.Create(Parameters);
}

/// <summary>All designs, in the order of the seed discussion: the two bounds first.</summary>
public static class DesignCatalog
{
    private static readonly string[] RecallParameters =
        [ParameterSyntax.Attempts, ParameterSyntax.FastPath, ParameterSyntax.Pages, ParameterSyntax.Block];

    private static readonly string[] ListParameters = [ParameterSyntax.Use, .. RecallParameters];

    /// <summary>All that can be named, bounds first, then in the order of the discussion.</summary>
    public static IReadOnlyList<DesignEntry> All { get; } =
    [
        new("static", "bound", "carve-out hidden for ever: the recorded machine", [], new(), _ => new StaticCarveOut()),
        new("no-mte", "bound", "all of it data for ever, nothing can be tagged", [], new(), _ => new NoMte()),
        new("separate-free-area", "seed (1)", "a second free_area[] in each zone",
            ListParameters, new(), parameters => new SeparateFreeArea(parameters)),
        new("zone-metadata", "seed (2)", "tag storage is a zone", RecallParameters, new(), parameters => new ZoneMetadata(parameters)),
        new("numa-node", "seed (3)", "tag storage is a node without CPUs", RecallParameters, new(), parameters => new NumaNode(parameters)),
        new("migrate-metadata", "seed (4), RFC v1", "a migratetype of its own",
            ListParameters, new() { Attempts = 5, FastPath = false }, parameters => new MigrateMetadata(parameters)),
        new("cma-untagged-only", "seed 1, RFC v2", "MIGRATE_CMA; tagged requests get no CMA page",
            RecallParameters, new(), parameters => new CmaUntaggedOnly(parameters)),
        new("cma-page-granular", "seed 2", "MIGRATE_CMA; a tagged request puts storage pages back",
            [ParameterSyntax.Candidates, .. RecallParameters], new(), parameters => new CmaPageGranular(parameters)),
        new("cma-no-tagged", "seed, RFC v3", "CMA area a region; best effort, fault on access",
            [.. RecallParameters, ParameterSyntax.BlockLoop], new() { PageAttempts = 3 }, parameters => new CmaNoTagged(parameters)),
        new("first-use", "seed, simpler idea", "CMA until the first PROT_MTE, which takes all of it",
            RecallParameters, new(), parameters => new FirstUse(parameters)),
        new("tag-blocks", "seed link, Google", "lists of untagged pages, tagged pages, 32+1 groups",
            [ParameterSyntax.Attempts, ParameterSyntax.FastPath], new(), parameters => new GoogleTagBlocks(parameters)),
        new("guaranteed-cma", "list, 2024-2025", "clean page cache alone, dropped at once",
            RecallParameters, new(), parameters => new GuaranteedCma(parameters)),
        new("cells", "XNU", "tagged pages from active cells by score; a cell goes back when no page of it is free",
            [ParameterSyntax.Boot, ParameterSyntax.GiveBack], new(), parameters => new Cells(parameters)),
        new("packed", "ours", "tagged pages from active blocks alone, emptied by a worker",
            [ParameterSyntax.Pack, ParameterSyntax.Slack, ParameterSyntax.Persist, ParameterSyntax.Ready, ParameterSyntax.Rate],
            new(), parameters => new Packed(parameters)),
    ];

    /// <summary>Every design with its defaults.</summary>
    public static IReadOnlyList<DesignChoice> Defaults { get; } = [.. All.Select(entry => new DesignChoice(entry, entry.Defaults))];

    private static string AllNames => string.Join(", ", All.Select(candidate => candidate.Name));

    /// <summary>Reads <c>name</c> or <c>name:parameter=value,...</c>.</summary>
    /// <exception cref="UsageException">No such design or parameter, or a value out of range.</exception>
    public static DesignChoice Parse(string text) => Parse(text, []);

    /// <param name="own">Designs that the catalog does not have; they count before those that it has.</param>
    /// <exception cref="UsageException">No such design or parameter, or a value out of range.</exception>
    public static DesignChoice Parse(string text, IReadOnlyList<DesignEntry> own)
    {
        (string name, string rest) = text.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0
            ? (text[..colon], text[(colon + 1)..])
            : (text, "");
        DesignEntry entry = own.Concat(All).FirstOrDefault(candidate => candidate.Name == name)
            ?? throw new UsageException($"--design {text}: there is no design '{name}'; choose from {AllNames}");
        DesignParameters parameters = entry.Defaults;
        foreach (string setting in rest.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            parameters = Apply(entry, parameters, setting);
        }

        return new DesignChoice(entry, parameters);
    }

    private static DesignParameters Apply(DesignEntry entry, DesignParameters parameters, string setting)
    {
        string[] parts = setting.Split('=', 2);
        if (parts.Length != 2 || !entry.Settable.Contains(parts[0]))
        {
            string known = entry.Settable.Count == 0 ? "it has none" : "it has " + string.Join(", ", entry.Settable);
            throw new UsageException($"--design {entry.Name}: '{setting}' is not a parameter of this design; {known}");
        }

        return ParameterSyntax.Set(parameters, entry.Name, parts[0], parts[1]);
    }
}
