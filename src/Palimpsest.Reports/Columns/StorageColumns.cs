using Palimpsest.Lab.Metrics;

namespace Palimpsest.Reports.Columns;

/// <summary>Figures of the carve-out, the same for a replay and for a closed loop.</summary>
internal static class StorageColumns
{
    public const string GivenBackMean = "given_back_mean_mib";
    public const string GivenBackMin = "given_back_min_mib";
    public const string GivenBackMinTime = "given_back_min_time_s";
    public const string GivenBackPercent = "given_back_mean_percent";
    public const string GivenBackMinPercent = "given_back_min_percent";
    public const string UsedMean = "used_as_data_mean_mib";
    public const string UsedMax = "used_as_data_max_mib";
    public const string ReservedMean = "reserved_mean_mib";
    public const string ReservedMax = "reserved_max_mib";
    public const string TaggedMean = "tagged_mean_mib";
    public const string BlockFill = "block_fill_mean";
    public const string OverIdeal = "reserved_over_ideal";
    public const string OverIdealP99 = "reserved_over_ideal_p99";
    public const string Stranded = "stranded_mean_mib";
    public const string NetGiven = "net_given_mean_mib";
    public const string HugeChunks = "order9_chunks_mean";

    public static IEnumerable<Column<TRow>> Of<TRow>(Func<TRow, StorageFigures> storage, Func<TRow, int> pageBytes)
    {
        return
        [
            Size(GivenBackMean, "given back", "mean", "carve-out not reserved for tags and open to some request, time-weighted mean",
                Better.Higher, row => row.GivenBackMean),
            Size(GivenBackMin, "given back", "min", "the same at the worst moment", Better.Higher, row => row.GivenBackMin),
            new(GivenBackMinTime, "given back", "at", Unit.Moment, "time of the worst moment, from the first event", Better.Neither,
                row => storage(row).GivenBackMinTimeNs / 1e9),
            Share(GivenBackPercent, "mean, of the carve-out", row => row.GivenBackMean),
            Share(GivenBackMinPercent, "min, of the carve-out", row => row.GivenBackMin) with { IsInJson = false },
            Size(UsedMean, "used as data", "mean", "carve-out that holds data, time-weighted mean", Better.Higher, row => row.LentMean),
            Size(UsedMax, "used as data", "max", "carve-out that holds data, at most", Better.Higher, row => row.LentMax),
            Size(ReservedMean, "reserved", "mean", "carve-out reserved for tags, time-weighted mean", Better.Lower,
                row => row.ReservedMean),
            Size(ReservedMax, "reserved", "max", "carve-out reserved for tags, at most", Better.Lower, row => row.ReservedMax),
            Size(TaggedMean, "tagged", "mean", "memory that is tagged, time-weighted mean", Better.Neither,
                row => row.TaggedMean) with { IsInCsv = false },
            new(BlockFill, "blocks", "fill", Unit.Ratio, "tagged pages for each reserved page of storage, of 32; ratio of the means over "
                + "time", Better.Higher, row => storage(row).BlockFillMean)
            {
                IsInCsv = true, IsMeasured = row => storage(row).BlockFillMean != 0,
            },
            new(OverIdeal, "blocks", "/ideal", Unit.Ratio, "reserved blocks for each block that packed tagged pages would need",
                Better.Lower, row => storage(row).ReservedOverIdeal)
            {
                Decimals = 2, IsInCsv = true, IsMeasured = row => storage(row).ReservedOverIdeal != 0,
            },
            new(OverIdealP99, "blocks", "p99", Unit.Ratio, "the same, which it is below for 99 % of the time (within 3 %)", Better.Lower,
                row => storage(row).ReservedOverIdealP99)
            {
                Decimals = 2, IsInCsv = true, IsMeasured = row => storage(row).ReservedOverIdeal != 0,
            },
            Size(Stranded, "net", "stranded", "free memory that others than tagged requests get last or not at all, time-weighted mean",
                Better.Lower, row => row.StrandedMean),
            Size(NetGiven, "net", "given", "given back less stranded", Better.Higher, row => row.NetGivenMean),
            new(HugeChunks, "pageblocks", "free", Unit.Count, "free chunks of a pageblock (order 9 with pages of 4 KiB), mean",
                Better.Higher, row => storage(row).HugeChunksMean) { Decimals = 1, IsInCsv = true },
        ];

        Column<TRow> Size(string id, string group, string heading, string meaning, Better better, Func<StorageFigures, double> frames) =>
            new(id, group, heading, Unit.Mebibytes, meaning, better,
                row => Mebibytes(frames(storage(row)), pageBytes(row))) { IsInCsv = true };

        Column<TRow> Share(string id, string meaning, Func<StorageFigures, double> frames) =>
            new(id, "given back", "%", Unit.Percent, meaning, Better.Neither, row => storage(row).StorageFrames == 0
                ? 0
                : 100 * frames(storage(row)) / storage(row).StorageFrames)
            {
                IsMeasured = row => storage(row).StorageFrames > 0,
            };
    }

    public static double Mebibytes(double frames, int pageBytes) => frames * pageBytes / (1 << 20);
}
