using System.Text.Json;

namespace Palimpsest.Reports.Json;

/// <summary>What stands beside tables, which have no place for it: who made them, of what.</summary>
public static class ProvenanceJson
{
    /// <summary>The object alone, as other results have it under "provenance".</summary>
    public static void Write(Stream stream, Provenance provenance) =>
        JsonSerializer.Serialize(stream, provenance, DocumentJson.Default.Provenance);
}
