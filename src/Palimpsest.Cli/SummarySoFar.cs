using Palimpsest.Reports.Html;
using Palimpsest.Summaries;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>What the cells of a folder tell so far, design by design.</summary>
internal sealed class SummarySoFar(string folder)
{
    private readonly Seldom<IReadOnlyList<StandingTable>> _tables = new(() => Read(folder), []);

    public IReadOnlyList<StandingTable> Tables() => _tables.Value;

    private static IReadOnlyList<StandingTable> Read(string folder)
    {
        try
        {
            using ResultTable table = ResultTable.Open(folder);
            return [.. SummaryTables.Of(SweepSummary.Of(table)).Select(one => one with { Title = one.Title + " so far" })];
        }
        catch (Exception exception) when (exception is InputException or UsageException or IOException)
        {
            // No cell is done yet, or a file is on its way, or the program was told to end: it is looked at again, or never.
            return [];
        }
    }
}
