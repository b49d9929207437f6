using System.Text.Json;
using Palimpsest.Lab.Trials;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Metrics;

/// <summary>Reads a cost table from JSON: an object of nanoseconds by the names of <see cref="CostTable"/>, in camel case.</summary>
public static class CostFile
{
    // A quarter of an hour, so that sums of costs are numbers.
    private const double MostNs = 1e12;

    private const int MostBytes = 1 << 20;

    private const string Example = "write e.g. { \"copyPageNs\": 354 }";

    /// <exception cref="InputException">It cannot be read, or is no cost table.</exception>
    public static CostTable Read(string path) => Parse(InputFile.ReadBytes(path, MostBytes), path);

    /// <exception cref="InputException">It is no such object, or a cost is negative or absurd.</exception>
    public static CostTable Parse(ReadOnlySpan<byte> json, string name)
    {
        CostTable? costs;
        try
        {
            costs = JsonSerializer.Deserialize(json, CostTableJson.Default.CostTable);
        }
        catch (JsonException exception)
        {
            throw new InputException($"{name}: line {exception.LineNumber + 1}: not a cost table "
                + $"({OneLine.Quote(exception.Message.Split('.')[0], 120)}); {Example}", exception);
        }

        return costs is null ? throw new InputException($"{name}: holds no cost table; {Example}")
            : Values(costs).All(cost => cost is >= 0 and <= MostNs) ? costs
            : throw new InputException($"{name}: a cost is less than 0 or more than {MostNs:N0} ns; {Example}");
    }

    private static double[] Values(CostTable costs) =>
        [costs.LookupNs, costs.BuddyTakeNs, costs.CopyPageNs, costs.MigrateBookkeepingNs, costs.IsolateBlockNs, costs.InterruptNs,
            costs.CacheLineNs, costs.FaultNs, costs.SearchFrameNs];
}
