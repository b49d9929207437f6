using System.Text.Json;
using System.Text.Json.Serialization;
using Palimpsest.Lab.Trials;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Vocabulary;

namespace Palimpsest.Sweeps.Results;

/// <summary>
/// plan.json in a folder of results: what its cells are crossed from, so that what the journal has of them can be told without the
/// experiment and its recordings.
/// </summary>
/// <param name="Designs">NAME, or NAME:PARAMETER=VALUE,...</param>
internal sealed record PlanFile(IReadOnlyList<CellSetting> Settings, IReadOnlyList<string> Designs, IReadOnlyList<ulong> Seeds)
{
    public const string Name = "plan.json";

    private const long MostBytes = 1L << 30;

    public static PlanFile Of(SweepPlan plan) => new(plan.Settings, plan.Labels, plan.Seeds);

    /// <summary>The plan of a folder; null where there is none that this program can read.</summary>
    public static SweepPlan? TryRead(string folder)
    {
        string path = Path.Combine(folder, Name);
        try
        {
            return File.Exists(path) && JsonSerializer.Deserialize(InputFile.ReadBytes(path, MostBytes), PlanFileJson.Default.PlanFile)
                is { Settings: not null, Designs: not null, Seeds: not null } plan && !plan.Settings.Contains(null!)
                && !plan.Designs.Contains(null!)
                    ? SweepPlan.Kept(plan.Settings, plan.Designs, plan.Seeds) : null;
        }
        catch (Exception exception) when (exception is JsonException or UsageException)
        {
            return null;
        }
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, PlanFileJson.Default.PlanFile);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PlanFile))]
internal sealed partial class PlanFileJson : JsonSerializerContext;
