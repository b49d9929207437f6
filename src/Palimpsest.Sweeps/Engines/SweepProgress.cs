using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Results;

namespace Palimpsest.Sweeps.Engines;

/// <summary>How far a sweep is.</summary>
/// <param name="Cells">In all.</param>
/// <param name="Done">Of them, those that need nothing more.</param>
/// <param name="Before">Of these, those that were done before it began.</param>
/// <param name="Refused">Of those done, cells without figures: what they were told cannot be.</param>
/// <param name="SetAside">Of those done, cells that broke three times.</param>
/// <param name="InFlight">Cells that are computed, or with workers.</param>
/// <param name="Seconds">Since it began.</param>
public readonly record struct SweepProgress(int Cells, int Done, int Before, int Refused, int SetAside, int InFlight, double Seconds)
{
    /// <summary>Cells a second, since it began.</summary>
    public double Rate => Seconds > 0 ? (Done - Before) / Seconds : 0;

    /// <summary>Seconds that the rest takes at that rate; null while there is none.</summary>
    public double? SecondsLeft => Rate > 0 ? (Cells - Done) / Rate : null;

    /// <param name="before">Cells that were done before it began.</param>
    public static SweepProgress Of(SweepPlan plan, ResultFolder results, int before, int inFlight, double seconds) =>
        new(plan.Count, results.Count, before, results.Refused, results.Failed, Math.Min(inFlight, plan.Count - results.Count), seconds);

    /// <summary>Reads what <see cref="ToBytes"/> wrote; null for anything else.</summary>
    public static SweepProgress? TryParse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, SweepProgressJson.Default.SweepProgress);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>As JSON, with what is reckoned from it.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, SweepProgressJson.Default.SweepProgress);

    /// <summary>In a line for people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Done:N0} of {Cells:N0} cells, {Rate:N1} a second")
        + (SecondsLeft is { } left && Done < Cells ? $", {Words(left)} left" : "")
        + (Refused > 0 ? string.Create(CultureInfo.InvariantCulture, $", {Refused:N0} refused") : "")
        + (SetAside > 0 ? string.Create(CultureInfo.InvariantCulture, $", {SetAside:N0} set aside") : "");

    private static string Words(double seconds) => seconds switch
    {
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:N0} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:N0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:N1} h"),
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SweepProgress))]
internal sealed partial class SweepProgressJson : JsonSerializerContext;
