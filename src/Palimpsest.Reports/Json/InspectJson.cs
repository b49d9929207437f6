using System.Text.Json;
using System.Text.Json.Nodes;
using Palimpsest.Lab.Inspection;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Json;

/// <summary>
/// Writes what is in a recording as "palimpsest.inspect" version 1; rules as for <see cref="ComparisonJson"/>, and "input" as there,
/// but for what needs a board.
/// </summary>
public static class InspectJson
{
    /// <summary>Value of "format".</summary>
    public const string Format = "palimpsest.inspect";

    /// <summary>Value of "version"; it rises with what readers would misread.</summary>
    public const int Version = 1;

    /// <summary>One object, UTF-8, indented; the stream stays open.</summary>
    public static void Write(Stream stream, InspectionResult result, Provenance? provenance = null) => JsonSerializer.Serialize(
        stream,
        new InspectDocument(
            Format, Version, InputDocument.Of(result), RowJson.Counts(result.Recording.EventsByType), result.KernelRelease,
                result.PageBytes, result.Recording.Cpus,
            result.HasTime ? result.FirstTimeNs / 1e9 : null, result.HasTime ? result.LastTimeNs / 1e9 : null, result.TaggedMappings,
            RowJson.Counts(result.GfpSets),
            RowJson.Counts(result.AllocationsByOrder
                .Select((count, order) => KeyValuePair.Create(InvariantText.Of($"{order}"), count))),
            [.. result.Processes.Select(process => new ProcessDocument(process.Pid, process.Name, process.Allocated, process.Tagged))],
            result.Answers, result.Recording.Notes, provenance),
        DocumentJson.Default.InspectDocument);
}

internal sealed record InspectDocument(
    string Format, int Version, InputDocument Input, JsonObject EventsByType, string? Kernel, int? PageBytes, int Cpus, double? FirstTimeS,
        double? LastTimeS,
    long TaggedMappings, JsonObject GfpFlags, JsonObject Orders,
        IReadOnlyList<ProcessDocument> Processes, IReadOnlyList<Answerable> Answers,
    IReadOnlyList<string> Notes, Provenance? Provenance);

internal sealed record ProcessDocument(int Pid, string Name, long AllocatedPages, long TaggedPages);
