using System.Text.Json;
using Palimpsest.Kernel.Costs;
using Palimpsest.Lab.Experiments;
using Palimpsest.Machine.Memory;

namespace Palimpsest.Lab.Reports;

/// <summary>
/// Writes a comparison as "palimpsest.compare" version 1. Names are stable; new ones may be added, none is changed
/// without a new version. Sizes in MiB or bytes and times in nanoseconds or seconds, as the names say.
/// </summary>
public static class JsonReport
{
    public const string Format = "palimpsest.compare";
    public const int Version = 1;

    public static void Write(Stream stream, ComparisonReport report)
    {
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        WriteInput(json, report);
        WriteBoard(json, report);
        json.WriteString("tag_source", report.Workload.TagSource);
        json.WriteNumber("pinned_share", report.PinnedShare);
        WriteStrings(json, "assumptions", report.Assumptions);
        json.WriteStartArray("designs");
        foreach (DesignResult design in report.Designs)
        {
            WriteDesign(json, report, design);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteInput(Utf8JsonWriter json, ComparisonReport report)
    {
        json.WriteStartObject("input");
        json.WriteString("name", report.TraceName);
        json.WriteString("format", report.Trace.Format);
        json.WriteNumber("events", report.Trace.EventCount);
        json.WriteNumber("allocations", report.Workload.Allocations);
        json.WriteNumber("frees", report.Workload.Frees);
        json.WriteNumber("tagged_allocations", report.Workload.TaggedAllocations);
        json.WriteNumber("lost_events", report.Trace.LostEvents);
        json.WriteNumber("unknown_frees", report.Workload.Repairs.UnknownFrees);
        json.WriteNumber("live_reallocations", report.Workload.Repairs.LiveReallocations);
        json.WriteNumber("failed_allocations", report.Workload.Repairs.FailedAllocations);
        json.WriteNumber("hidden_allocations", report.Workload.Repairs.HiddenAllocations);
        json.WriteNumber("migration_targets", report.Workload.Repairs.MigrationTargets);
        json.WriteNumber("moved_out_of_ranges", report.Workload.Repairs.MovedOut);
        json.WriteNumber("initial_pages", report.Workload.Initial.Count);
        json.WriteNumber("duration_s", report.Workload.DurationNs / 1e9);
        json.WriteNumber("cpus", report.Workload.Cpus);
        json.WriteEndObject();
    }

    private static void WriteBoard(Utf8JsonWriter json, ComparisonReport report)
    {
        json.WriteStartObject("board");
        json.WriteString("name", report.BoardName);
        json.WriteString("model", report.Board.Model);
        json.WriteNumber("ram_bytes", report.Board.DataBytes + report.Board.CarveOutBytes);
        json.WriteNumber("carve_out_bytes", report.Board.CarveOutBytes);
        json.WriteNumber("page_bytes", report.Geometry.PageBytes);
        json.WriteStartArray("regions");
        foreach (TagStorageSpan span in report.Board.TagStorage)
        {
            json.WriteStartObject();
            json.WriteNumber("base", span.Storage.Start.Value);
            json.WriteNumber("bytes", span.Storage.Bytes);
            json.WriteNumber("block_bytes", report.Geometry.BytesOf((ulong)span.BlockFrames(report.Geometry)));
            json.WriteNumber("covers_base", span.Covered.Start.Value);
            json.WriteNumber("covers_bytes", span.Covered.Bytes);
            json.WriteBoolean("assumed", span.IsAssumed);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteDesign(Utf8JsonWriter json, ComparisonReport report, DesignResult design)
    {
        json.WriteStartObject();
        json.WriteString("name", design.Choice.Name);
        json.WriteString("parameters", design.Choice.ParameterText);
        Mebibytes("given_back_mean_mib", design.GivenBackMean);
        Mebibytes("given_back_min_mib", design.GivenBackMin);
        json.WriteNumber("given_back_min_time_s", Math.Round(design.GivenBackMinTimeNs / 1e9, 6));
        json.WriteNumber("given_back_mean_percent", Rounded(design.StorageFrames == 0 ? 0 : 100 * design.GivenBackMean / design.StorageFrames));
        Mebibytes("used_as_data_mean_mib", design.LentMean);
        Mebibytes("used_as_data_max_mib", design.LentMax);
        Mebibytes("reserved_mean_mib", design.ReservedMean);
        Mebibytes("reserved_max_mib", design.ReservedMax);
        Mebibytes("tagged_mean_mib", design.TaggedMean);
        json.WriteNumber("block_fill_mean", Rounded(design.BlockFillMean));
        json.WriteNumber("reserved_over_ideal", Rounded(design.ReservedOverIdeal));
        WriteCosts(json, report, design);
        json.WriteNumber("failed_ranges", design.FailedRanges);
        json.WriteNumber("law_violations", design.Violations.Count);
        WriteStrings(json, "first_violations", design.Violations.Take(3).Select(violation => violation.ToString()));
        json.WriteEndObject();

        void Mebibytes(string name, double frames) => json.WriteNumber(name, Rounded(report.Mebibytes(frames)));
    }

    private static void WriteCosts(Utf8JsonWriter json, ComparisonReport report, DesignResult design)
    {
        KernelCounters counters = design.Counters;
        json.WriteNumber("migrations", counters.TagMigratedFrames);
        json.WriteNumber("migrated_mib", Rounded(report.Mebibytes(counters.TagMigratedFrames)));
        json.WriteStartObject("migration_failures");
        json.WriteNumber("pinned", counters.PinnedMigrationFailures);
        json.WriteNumber("unmovable", counters.UnmovableMigrationFailures);
        json.WriteNumber("no_target", counters.NoTargetMigrationFailures);
        json.WriteEndObject();
        json.WriteStartObject("reservations");
        json.WriteNumber("already", counters.AlreadyReserved);
        json.WriteNumber("free", counters.ReservedFree);
        json.WriteNumber("migrate", counters.ReservedByMigration);
        json.WriteNumber("failed", counters.FailedReservations);
        json.WriteEndObject();
        json.WriteStartObject("reserve_latency_modelled_ns");
        json.WriteNumber("p50", design.Latency.P50);
        json.WriteNumber("p90", design.Latency.P90);
        json.WriteNumber("p99", design.Latency.P99);
        json.WriteNumber("max", design.Latency.Max);
        json.WriteEndObject();
        json.WriteNumber("tag_storage_modelled_s", Rounded(design.ModelledSeconds));
        json.WriteNumber("refused_tagged_allocations", counters.RefusedTagged);
        json.WriteNumber("failed_allocations", counters.FailedAllocations);
        json.WriteNumber("extfrag_events", counters.ExternalFragmentation);
        json.WriteNumber("range_allocations", counters.RangeAllocations);
        json.WriteNumber("pageblocks_isolated", counters.BlocksIsolated);
        json.WriteNumber("interrupts", counters.Interrupts);
        json.WriteNumber("drained_pages", counters.DrainedFrames);
        json.WriteNumber("direct_reclaims", counters.DirectReclaims);
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static double Rounded(double value) => Math.Round(value, 4);
}
