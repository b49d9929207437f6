using System.Text.Json;
using Palimpsest.Races.Trials;

namespace Palimpsest.Reports.Json;

/// <summary>Writes a schedule that was run again as "palimpsest.replay" version 1: a row a step.</summary>
public static class ReplayJson
{
    /// <summary>Value of "format".</summary>
    public const string Format = "palimpsest.replay";

    /// <summary>Value of "version"; it rises with what readers would misread.</summary>
    public const int Version = 1;

    /// <summary>One object, UTF-8, indented; the stream stays open.</summary>
    public static void Write(Stream stream, ToldRun run, Provenance? provenance = null) =>
        JsonSerializer.Serialize(stream, new ReplayDocument(Format, Version, run, provenance), DocumentJson.Default.ReplayDocument);
}

internal sealed record ReplayDocument(string Format, int Version, ToldRun Run, Provenance? Provenance);
