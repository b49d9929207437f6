using System.Text.Json;
using Palimpsest.Lab.Fidelity;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Reports;

/// <summary>All that a report of a verification shows.</summary>
/// <param name="Guided">Null where the recording has no refills to follow.</param>
public sealed record VerifyReport(
    string TraceName, string BoardName, Trace Trace, TraceFilter Tallied, GuidedRun? Guided, Agreement? GuidedEnd, FreeRun Free)
{
    public double TallyFromSeconds => Tallied.FromNs / 1e9;

    /// <summary>What else decisions were chosen by; null when it was the time of the first alone.</summary>
    public string? OnlyTallied =>
        Tallied.ToNs == long.MaxValue && Tallied.Processes.Count + Tallied.Cpus.Count + Tallied.Events.Count == 0 ? null : Tallied.Sentence();
}

/// <summary>Writes a verification as "palimpsest.verify" version 1; names are stable.</summary>
public static class VerifyJson
{
    public static void Write(Stream stream, VerifyReport report)
    {
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("format", "palimpsest.verify");
        json.WriteNumber("version", 1);
        json.WriteString("trace", report.TraceName);
        json.WriteString("board", report.BoardName);
        json.WriteNumber("events", report.Trace.EventCount);
        json.WriteNumber("tally_from_s", report.TallyFromSeconds);
        if (report.OnlyTallied is { } only)
        {
            json.WriteString("tallied", only);
        }

        if (report.Guided is { } guided)
        {
            WriteGuided(json, guided);
        }

        WriteAgreement(json, "guided_end", report.GuidedEnd);
        WriteAgreement(json, "free_run_end", report.Free.End);
        WriteMoments(json, report.Free.Moments);
        json.WriteNumber("law_violations", report.Free.Violations.Count);
        json.WriteEndObject();
    }

    private static void WriteGuided(Utf8JsonWriter json, GuidedRun run)
    {
        GuidedTallies tallies = run.Tallies;
        json.WriteStartObject("guided");
        WriteTally(json, "refill", tallies.Refill);
        WriteTally(json, "pcp", tallies.PerCpu);
        WriteTally(json, "buddy", tallies.Buddy);
        WriteTally(json, "drain", tallies.Drain);
        WriteTally(json, "ranges_free", run.RangesFree);
        WriteTally(json, "range_moves", run.RangeMoves);
        json.WriteEndObject();
        WriteTally(json, "own", run.Own);
        WriteTally(json, "own_refills", run.OwnRefills);
        WriteTally(json, "own_drains", run.OwnDrains);
        json.WriteStartObject("free_run");
        json.WriteNumber("allocations_before_divergence", tallies.AllocationsBeforeDivergence ?? run.Own.Total);
        json.WriteEndObject();
        json.WriteNumber("silent_allocations", tallies.SilentAllocations);
        json.WriteNumber("silent_frees", tallies.SilentFrees);
        json.WriteNumber("range_surplus", tallies.RangeSurplus);
        json.WriteNumber("conceded_pages", tallies.WithdrawnFrames);
        json.WriteNumber("contradictions", tallies.Contradictions);
        json.WriteNumber("limits_learned", run.LimitsLearned);
        json.WriteStartArray("by_kind");
        foreach ((DecisionKind kind, DecisionTally tally) in tallies.Kinds.ByKind)
        {
            json.WriteStartObject();
            json.WriteString("path", MissExplanation.PathName(kind.Path));
            json.WriteNumber("order", kind.Order);
            json.WriteString("migratetype", kind.Type.ToString());
            WriteShare(json, tally);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("by_ten_seconds");
        foreach (DecisionTally tally in tallies.Kinds.ByTime)
        {
            json.WriteStartObject();
            WriteShare(json, tally);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTally(Utf8JsonWriter json, string name, DecisionTally tally)
    {
        json.WriteStartObject(name);
        WriteShare(json, tally);
        json.WriteEndObject();
    }

    private static void WriteShare(Utf8JsonWriter json, DecisionTally tally)
    {
        json.WriteNumber("predicted", tally.Predicted);
        json.WriteNumber("total", tally.Total);
    }

    private static void WriteAgreement(Utf8JsonWriter json, string name, Agreement? agreement)
    {
        if (agreement is null)
        {
            return;
        }

        json.WriteStartObject(name);
        WriteAgreement(json, agreement);
        json.WriteEndObject();
    }

    private static void WriteMoments(Utf8JsonWriter json, IReadOnlyList<MomentAgreement> moments)
    {
        json.WriteStartArray("free_run_moments");
        foreach ((SnapshotMoment moment, Agreement agreement) in moments)
        {
            json.WriteStartObject();
            json.WriteString("name", moment.Name);
            json.WriteNumber("events_before", moment.Events);
            json.WriteNumber("time_ns", Math.Max(0, moment.TimeNs));
            if (moment.UncertainPages is { } pages)
            {
                json.WriteNumber("uncertain_pages", pages);
            }

            WriteAgreement(json, agreement);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAgreement(Utf8JsonWriter json, Agreement agreement)
    {
        if (agreement.FreeDifference is { } difference)
        {
            json.WriteNumber("free_difference_share", Math.Round(difference, 6));
        }

        json.WriteStartArray("figures");
        foreach (Figure figure in agreement.Figures)
        {
            json.WriteStartObject();
            json.WriteString("name", figure.Name);
            json.WriteNumber("model", figure.Model);
            json.WriteNumber("kernel", figure.Kernel);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("per_cpu_pages");
        WriteNumbers(json, "model", agreement.ModelPerCpu.Select(pages => (long)pages));
        WriteNumbers(json, "kernel", agreement.KernelPerCpu.Select(pages => (long)pages));
        json.WriteEndObject();
        WriteChunks(json, agreement);
    }

    /// <summary>Free chunks of each migratetype, by order from 0 on.</summary>
    private static void WriteChunks(Utf8JsonWriter json, Agreement agreement)
    {
        if (agreement is not { ModelChunks: { } model, KernelChunks: { } kernel })
        {
            return;
        }

        json.WriteStartObject("free_chunks");
        for (int type = 0; type < MigrateTypes.Count; type++)
        {
            json.WriteStartObject(((MigrateType)type).ToString());
            WriteNumbers(json, "model", model.ByOrder(type));
            WriteNumbers(json, "kernel", kernel.ByOrder(type));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
