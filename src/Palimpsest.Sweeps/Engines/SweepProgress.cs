using System.Globalization;

namespace Palimpsest.Sweeps.Engines;

/// <summary>How far a sweep is.</summary>
/// <param name="Cells">In all.</param>
/// <param name="Done">Of them, those that need nothing more.</param>
/// <param name="Before">Of these, those that were done before it began.</param>
/// <param name="SetAside">Cells that broke three times.</param>
/// <param name="Seconds">Since it began.</param>
public readonly record struct SweepProgress(int Cells, int Done, int Before, int SetAside, double Seconds)
{
    /// <summary>Cells a second, since it began.</summary>
    public double Rate => Seconds > 0 ? (Done - Before) / Seconds : 0;

    /// <summary>Seconds that the rest takes at that rate; null while there is none.</summary>
    public double? SecondsLeft => Rate > 0 ? (Cells - Done) / Rate : null;

    /// <summary>In a line for people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Done:N0} of {Cells:N0} cells, {Rate:N1} a second")
        + (SecondsLeft is { } left && Done < Cells ? $", {Words(left)} left" : "")
        + (SetAside > 0 ? string.Create(CultureInfo.InvariantCulture, $", {SetAside:N0} set aside") : "");

    private static string Words(double seconds) => seconds switch
    {
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:N0} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:N0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:N1} h"),
    };
}
