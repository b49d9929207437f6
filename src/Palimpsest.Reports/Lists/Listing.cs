using Palimpsest.Designs;
using Palimpsest.Lab.ClosedLoops;
using Palimpsest.Lab.Trials;
using Palimpsest.Races;
using Palimpsest.Reports.Columns;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Lists;

/// <summary>Something that can be named on the command line, or is in a result.</summary>
/// <param name="Words">A sentence about it, without a full stop.</param>
public sealed record Listed(string Name, string Words);

/// <summary>All things of one kind, in the order of their catalog.</summary>
/// <param name="Kind">What they are, in the plural.</param>
public sealed record Listing(string Kind, IReadOnlyList<Listed> Items)
{
    /// <summary>All that can be listed.</summary>
    public static IReadOnlyList<Listing> All { get; } = With([], [], []);

    /// <summary>The same, with designs, races and workloads of one's own after those of the catalogues.</summary>
    public static IReadOnlyList<Listing> With(
        IReadOnlyList<DesignEntry> designs, IReadOnlyList<OwnRace> races, IReadOnlyList<LoopEntry> workloads) =>
    [
        new("designs", [.. DesignCatalog.All.Concat(designs).Select(entry => new Listed(entry.Name, Words(entry)))]),
        new("races", [.. RaceCatalog.All.Concat(races.Select(RaceCatalog.EntryOf)).Select(race => new Listed(race.Id, race.Title
            + (race.Safeguard.Length == 0 ? "" : $" (safeguard {race.Safeguard}; {race.Design})")))]),
        new("workloads", [.. LoopCatalog.All.Concat(workloads).Select(loop =>
            new Listed(loop.Name, InvariantText.Of($"{loop.Essence}; {loop.DefaultSteps:N0} steps")))]),
        new("formats",
        [
            new("ftrace-text", "cat /sys/kernel/tracing/trace, trace-cmd report, perf script, and Android's systrace and atrace"),
            new("trace-dat", "trace.dat of trace-cmd, versions 6 and 7"),
            new("perf-data", "perf.data of perf record"),
            new("perfetto", "a trace of Perfetto"),
            new("gzip, zstd, zip", "each of them compressed; - is standard input"),
        ]),
        new("safeguards", [.. RaceCatalog.All.Where(race => race.Safeguard.Length > 0)
            .GroupBy(race => race.Safeguard, (name, races) => new Listed(name, $"holds {string.Join(", ", races.Select(race => race.Id))}"))
            .OrderBy(item => item.Name, StringComparer.Ordinal)]),
        new("columns",
        [
            .. DesignColumns.All.Where(column => column.IsInJson).Select(Of),
            .. SpreadColumns.All.Where(column => column.IsInJson).Select(Of).Where(item => DesignColumns.All.All(column =>
                column.JsonName != item.Name)),
        ]),
    ];

    private static string Words(DesignEntry entry) => $"{entry.Essence} ({entry.Origin}"
        + (entry.Settable.Count == 0 ? ")" : $"; {DesignFacts.ParametersOf(entry)})");

    private static Listed Of<TRow>(Column<TRow> column) => new(column.JsonName, $"{column.Group}: {column.Meaning}");
}
