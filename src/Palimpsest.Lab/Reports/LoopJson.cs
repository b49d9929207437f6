using System.Text.Json;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Costs;
using Palimpsest.Lab.ClosedLoops;
using Palimpsest.Lab.Metrics;

namespace Palimpsest.Lab.Reports;

/// <summary>Writes a closed loop as "palimpsest.run" version 1; rules as for <see cref="JsonReport"/>.</summary>
public static class LoopJson
{
    public const string Format = "palimpsest.run";
    public const int Version = 1;

    public static void Write(Stream stream, LoopReport report)
    {
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        json.WriteString("workload", report.Loop.Name);
        json.WriteNumber("steps", report.Parameters.Steps);
        json.WriteNumber("size_bytes", (long)report.Parameters.Pages * report.Geometry.PageBytes);
        json.WriteNumber("tagged_from", report.Parameters.TaggedFrom);
        json.WriteNumber("tagged_to", report.Parameters.TaggedTo);
        json.WriteNumber("seed", report.Parameters.Seed);
        json.WriteNumber("swap_bytes", (long)report.SwapPages * report.Geometry.PageBytes);
        json.WriteStartObject("board");
        json.WriteString("name", report.BoardName);
        json.WriteNumber("ram_bytes", report.Board.DataBytes + report.Board.CarveOutBytes);
        json.WriteNumber("carve_out_bytes", report.Board.CarveOutBytes);
        json.WriteNumber("page_bytes", report.Geometry.PageBytes);
        json.WriteEndObject();
        json.WriteStartArray("designs");
        foreach (LoopResult design in report.Designs)
        {
            WriteDesign(json, report, design);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteDesign(Utf8JsonWriter json, LoopReport report, LoopResult design)
    {
        json.WriteStartObject();
        json.WriteString("name", design.Choice.Name);
        json.WriteString("parameters", design.Choice.ParameterText);
        WriteStorage(json, report, design.Storage);
        WriteCounters(json, design.Counters);
        WriteEvents(json, design.Events);
        json.WriteNumber("restarts", design.Restarts);
        json.WriteNumber("law_violations", design.Violations.Count);
        json.WriteEndObject();
    }

    private static void WriteStorage(Utf8JsonWriter json, LoopReport report, StorageGauge storage)
    {
        (string Name, double Frames)[] sizes =
        [
            ("given_back_mean_mib", storage.GivenBackMean), ("given_back_min_mib", storage.GivenBackMin),
            ("used_as_data_mean_mib", storage.LentMean), ("used_as_data_max_mib", storage.LentMax),
            ("reserved_mean_mib", storage.ReservedMean), ("reserved_max_mib", storage.ReservedMax), ("tagged_mean_mib", storage.TaggedMean),
        ];
        foreach ((string name, double frames) in sizes)
        {
            json.WriteNumber(name, Math.Round(report.Mebibytes(frames), 6));
        }

        json.WriteNumber("block_fill_mean", Math.Round(storage.BlockFillMean, 6));
    }

    private static void WriteCounters(Utf8JsonWriter json, KernelCounters counters)
    {
        json.WriteNumber("migrations", counters.TagMigratedFrames);
        json.WriteNumber("replaced_pages", counters.ReplacedPages);
        json.WriteNumber("failed_reservations", counters.FailedReservations);
        json.WriteNumber("interrupts", counters.TagInterrupts);
    }

    private static void WriteEvents(Utf8JsonWriter json, KernelEvents events)
    {
        (string Name, long Count)[] counts =
        [
            ("minor_faults", events.MinorFaults), ("huge_faults", events.HugeFaults), ("copies_on_write", events.CopiesOnWrite),
            ("faults_on_access", events.FaultsOnAccess), ("swap_ins", events.SwapIns), ("swap_outs", events.SwapOuts),
            ("refaults", events.Refaults), ("file_reads", events.FileReads), ("file_writes", events.FileWrites),
            ("file_pages_dropped", events.FilePagesDropped), ("pages_scanned", events.PagesScanned), ("kswapd_wakes", events.KswapdWakes),
            ("direct_reclaims", events.DirectReclaims), ("compacted_pages", events.CompactedPages), ("oom_kills", events.OomKills),
        ];
        foreach ((string name, long count) in counts)
        {
            json.WriteNumber(name, count);
        }
    }
}
