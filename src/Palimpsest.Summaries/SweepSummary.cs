using System.Globalization;
using Palimpsest.Lab.Metrics;
using Palimpsest.Vocabulary;

namespace Palimpsest.Summaries;

/// <summary>A design, with its parameters, over all settings that were compared.</summary>
/// <param name="Label">NAME, or NAME:PARAMETER=VALUE,...</param>
/// <param name="Cells">Comparisons that it took part in: settings, each with its seeds.</param>
/// <param name="BestIn">Of them, those in which it is best, by the one rule of ranking.</param>
/// <param name="AsGoodIn">Those in which it gives back as much as the best, but for 1 % of the carve-out.</param>
/// <param name="OutIn">Those in which it does not compete, for what it loses.</param>
/// <param name="WorstRegret">What the best gives back more, where that is most; percent of the carve-out; null where nobody competes.
/// </param>
/// <param name="Given">Given back, mean over settings, each the mean of its seeds; percent of the carve-out, as the next two.</param>
/// <param name="Least">Given back at the worst moment of all.</param>
/// <param name="Net">Given back less stranded, mean over settings; the mean of the next, where there is one.</param>
/// <param name="OverSeeds">The same over seeds, each a mean over all settings, those that chance does not decide in too; null where
/// chance decides in none.</param>
/// <param name="Cost">Modelled seconds of all that tag storage caused, mean over settings.</param>
/// <param name="IsOnFront">It competes and keeps the laws, and no other that does gives back as much net for as little, in the mean.
/// </param>
public sealed record DesignSummary(string Label, bool IsBound, long Cells, long BestIn, long AsGoodIn, long OutIn, double? WorstRegret,
    double Given, double Least, double Net, Estimate? OverSeeds, double Cost, double Lost, double Broken, bool IsOnFront);

/// <summary>A design over all workloads that were run.</summary>
/// <param name="Saved">Of what static reclaims with the same seed, what it does not; percent, over seeds; null where static is not there.
/// </param>
/// <param name="BetterIn">Cells in which it reclaims less than static.</param>
public sealed record RunSummary(string Label, long Cells, Estimate? Saved, long BetterIn, double Given, double OomKills, double Broken);

/// <summary>A design over all random programs.</summary>
/// <param name="Found">Cells in which a law was broken.</param>
/// <param name="Example">How, in one of them; null where none was.</param>
public sealed record SearchSummary(string Label, long Cells, double Schedules, double Found, string? Example);

/// <summary>Cells that have no figures for one reason.</summary>
public sealed record RefusedCells(string Label, string Reason, long Cells);

/// <summary>What a sweep tells, design by design.</summary>
/// <param name="Planned">Cells of the plan.</param>
/// <param name="Done">Cells that have a row.</param>
/// <param name="SetAside">Cells that broke three times, and have none.</param>
public sealed record SweepSummary(int Planned, long Done, int SetAside, IReadOnlyList<DesignSummary> Designs,
    IReadOnlyList<RunSummary> Runs, IReadOnlyList<SearchSummary> Searches, IReadOnlyList<RefusedCells> Refused)
{
    /// <summary>Laws that were broken, in all.</summary>
    public double Broken => Designs.Sum(design => design.Broken) + Runs.Sum(run => run.Broken) + Searches.Sum(search => search.Found);

    /// <exception cref="InputException">A file of the folder cannot be read.</exception>
    public static SweepSummary Of(ResultTable table)
    {
        IReadOnlyList<IReadOnlyList<object?>> kinds = table.Ask("select verb, status, count(*) from cells group by all").Rows;
        // What nobody did is not looked for: each question reads all files.
        IEnumerable<IReadOnlyList<object?>> Rows(string query, Func<IReadOnlyList<object?>, bool> isOf) =>
            kinds.Any(isOf) ? table.AskOwn(query).Rows : [];
        return new SweepSummary(table.Facts.Cells, kinds.Sum(kind => Long(kind[2])), table.SetAside,
            [.. Rows("designs", kind => kind[0] is "compare").Select(DesignOf)],
            [.. Rows("runs", kind => kind[0] is "run").Select(RunOf)],
            [.. Rows("searches", kind => kind[0] is "beyond").Select(row =>
                new SearchSummary((string)row[0]!, Long(row[1]), Double(row[2]), Double(row[3]), row[4] as string))],
            [.. Rows("refused", kind => kind[1] is "refused").Select(row =>
                new RefusedCells((string)row[0]!, row[1] as string ?? "", Long(row[2])))]);
    }

    private static DesignSummary DesignOf(IReadOnlyList<object?> row) => new((string)row[0]!, row[1] is "true", Long(row[2]), Long(row[3]),
        Long(row[4]), Long(row[5]), row[6] as double?, Double(row[7]), Double(row[8]), Double(row[9]), OverSeeds(row[13]),
        Double(row[10]), Double(row[11]), Double(row[12]), row[14] is "true");

    private static RunSummary RunOf(IReadOnlyList<object?> row) => new((string)row[0]!, Long(row[2]), OverSeeds(row[4]), Long(row[5]),
        Double(row[6]), Double(row[7]), Double(row[8]));

    private static Estimate? OverSeeds(object? seeds)
    {
        double[] values = seeds is System.Collections.IEnumerable list and not string
            ? [.. list.Cast<object?>().Where(value => value is not null).Select(Double)] : [];
        return values.Length == 0 ? null : Estimate.Of(values);
    }

    // Sums are larger than what they add, and whole all the same.
    private static long Long(object? value) => value is System.Numerics.BigInteger sum ? (long)sum
        : Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private static double Double(object? value) => value is null ? 0 : Convert.ToDouble(value, CultureInfo.InvariantCulture);
}
