using System.Globalization;

namespace Palimpsest.Vocabulary;

/// <summary>A release of Linux, as far as rules differ: 6.1 of "6.1.0-18-arm64".</summary>
public readonly record struct KernelRelease(int Major, int Minor) : IComparable<KernelRelease>
{
    /// <summary>The release whose rules stand in the model from the start.</summary>
    public static readonly KernelRelease Linux61 = new(6, 1);

    /// <summary>The second release that is modelled.</summary>
    public static readonly KernelRelease Linux612 = new(6, 12);

    /// <summary>Reads what uname -r prints, or its beginning; null for anything else.</summary>
    public static KernelRelease? Of(string? release)
    {
        string[] parts = release?.Split('.', '-') ?? [];
        return parts.Length >= 2 && Number(parts[0]) is { } major && Number(parts[1]) is { } minor ? new KernelRelease(major, minor) : null;
    }

    /// <summary>Older first.</summary>
    public int CompareTo(KernelRelease other) => Major != other.Major ? Major.CompareTo(other.Major) : Minor.CompareTo(other.Minor);

    /// <summary>Is it older?</summary>
    public static bool operator <(KernelRelease left, KernelRelease right) => left.CompareTo(right) < 0;

    /// <summary>Is it newer?</summary>
    public static bool operator >(KernelRelease left, KernelRelease right) => left.CompareTo(right) > 0;

    /// <summary>Is it not newer?</summary>
    public static bool operator <=(KernelRelease left, KernelRelease right) => left.CompareTo(right) <= 0;

    /// <summary>Is it not older?</summary>
    public static bool operator >=(KernelRelease left, KernelRelease right) => left.CompareTo(right) >= 0;

    /// <summary>6.1.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
