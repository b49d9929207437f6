using System.Globalization;
using Palimpsest.Lab.Trials;
using Palimpsest.Machine.Memory;
using Palimpsest.Reports.Columns;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Html;

/// <summary>Numbers for people: thousands separators, and as many decimals as mean something.</summary>
internal static class Figures
{
    /// <summary>Where there is nothing to measure.</summary>
    public const string None = "–";

    public static string Count(long value) => InvariantText.Of($"{value:N0}");

    /// <summary>Frames of a design's machine in MiB, without the unit.</summary>
    public static string Size(DesignResult design, double frames) =>
        InvariantText.Of($"{StorageColumns.Mebibytes(frames, design.PageBytes):N2}");

    /// <param name="bytes">Shown in MiB.</param>
    public static string Mebibytes(ulong bytes) => InvariantText.Of($"{bytes / (double)(1 << 20):#,0.##} MiB");

    public static string Share(double part, double whole) => whole == 0 ? None : Percent(part, whole) + " %";

    /// <summary>A share without its sign, for columns that have it in their heading.</summary>
    public static string Percent(double part, double whole) => whole == 0 ? None : InvariantText.Of($"{100 * part / whole:N1}");

    public static string Ratio(double value, int decimals) => value.ToString("N" + decimals, CultureInfo.InvariantCulture);

    public static string Microseconds(double nanoseconds) => Scaled(nanoseconds / 1e3);

    public static string Milliseconds(double nanoseconds) => Scaled(nanoseconds / 1e6);

    public static string Hexadecimal(ulong value) => InvariantText.Of($"0x{value:x}");

    /// <summary>A moment of a trace, in the unit of its clock.</summary>
    public static string Moment(TraceClock clock, long time) => Time(clock, time) + " " + Unit(clock);

    /// <summary>The same without its unit.</summary>
    public static string Time(TraceClock clock, long time) => clock == TraceClock.Time ? InvariantText.Of($"{time / 1e9:N2}") : Count(time);

    /// <summary>Unit of the time axis.</summary>
    public static string Unit(TraceClock clock) => clock switch
    {
        TraceClock.Time => "s",
        TraceClock.Ticks => "ticks",
        _ => "events",
    };

    /// <summary>The last part of a path, for titles.</summary>
    public static string FileName(string path) => path[(path.LastIndexOf('/') + 1)..] is { Length: > 0 } name ? name : path;

    public static string Zone(ZoneKind kind) => kind switch
    {
        ZoneKind.Dma => "DMA",
        ZoneKind.Dma32 => "DMA32",
        _ => kind.ToString(),
    };

    private static string Scaled(double value) => value switch
    {
        0 => "0",
        < 10 => InvariantText.Of($"{value:N2}"),
        < 1000 => InvariantText.Of($"{value:N1}"),
        _ => InvariantText.Of($"{value:N0}"),
    };
}
