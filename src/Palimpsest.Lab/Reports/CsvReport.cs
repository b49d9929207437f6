using System.Globalization;
using Palimpsest.Lab.Experiments;
using Palimpsest.Lab.Metrics;

namespace Palimpsest.Lab.Reports;

/// <summary>A comparison as tables: designs.csv (one row a design) and timeline.csv (one row a design and moment).</summary>
public static class CsvReport
{
    public const string DesignsFile = "designs.csv";
    public const string TimeLineFile = "timeline.csv";

    public static void WriteDesigns(TextWriter writer, ComparisonReport report)
    {
        writer.Write("design,parameters,given_back_mean_mib,given_back_min_mib,used_as_data_mean_mib,used_as_data_max_mib,"
            + "reserved_mean_mib,reserved_max_mib,block_fill_mean,reserved_over_ideal,migrations,reservations_already,"
            + "reservations_free,reservations_migrate,reservations_failed,reserve_latency_modelled_p50_ns,"
            + "reserve_latency_modelled_p99_ns,reserve_latency_modelled_max_ns,refused_tagged_allocations,"
            + "failed_allocations,extfrag_events,law_violations\n");
        foreach (DesignResult design in report.Designs)
        {
            WriteRow(writer,
                design.Choice.Name,
                Quoted(design.Choice.ParameterText),
                Mebibytes(report, design.GivenBackMean),
                Mebibytes(report, design.GivenBackMin),
                Mebibytes(report, design.LentMean),
                Mebibytes(report, design.LentMax),
                Mebibytes(report, design.ReservedMean),
                Mebibytes(report, design.ReservedMax),
                Number(design.BlockFillMean),
                Number(design.ReservedOverIdeal),
                design.Counters.TagMigratedFrames,
                design.Counters.AlreadyReserved,
                design.Counters.ReservedFree,
                design.Counters.ReservedByMigration,
                design.Counters.FailedReservations,
                design.Latency.P50,
                design.Latency.P99,
                design.Latency.Max,
                design.Counters.RefusedTagged,
                design.Counters.FailedAllocations,
                design.Counters.ExternalFragmentation,
                design.Violations.Count);
        }
    }

    public static void WriteTimeLine(TextWriter writer, ComparisonReport report)
    {
        writer.Write("design,time_s,reserved_mib,used_as_data_mib,tagged_mib,reserved_blocks,migrated_pages,free_mib\n");
        foreach (DesignResult design in report.Designs)
        {
            foreach (TimePoint point in design.TimeLine)
            {
                WriteRow(writer,
                    design.Choice.Name,
                    Number(point.TimeNs / 1e9),
                    Mebibytes(report, point.Reserved),
                    Mebibytes(report, point.Lent),
                    Mebibytes(report, point.Tagged),
                    point.ReservedBlocks,
                    point.MigratedFrames,
                    Mebibytes(report, point.Free));
            }
        }
    }

    private static void WriteRow(TextWriter writer, params object[] cells)
    {
        writer.Write(string.Join(',', cells.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture))));
        writer.Write('\n');
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Number(double value) => Math.Round(value, 6).ToString(CultureInfo.InvariantCulture);

    private static string Mebibytes(ComparisonReport report, double frames) => Number(report.Mebibytes(frames));
}
