using System.Text.Json;
using System.Text.Json.Serialization;
using Palimpsest.Sweeps.Results;

namespace Palimpsest.Sweeps.Engines;

/// <summary>progress.json in a folder of results: how far the sweep is, for who looks on from elsewhere; no result depends on it.</summary>
public sealed class SweepProgressFile(string folder)
{
    private readonly string _path = Path.Combine(folder, "progress.json");

    /// <summary>Replaces the file as a whole: a reader sees the one or the other.</summary>
    public void Write(SweepProgress progress) =>
        ResultFolder.WriteWhole(_path, JsonSerializer.SerializeToUtf8Bytes(progress, SweepProgressJson.Default.SweepProgress));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SweepProgress))]
internal sealed partial class SweepProgressJson : JsonSerializerContext;
