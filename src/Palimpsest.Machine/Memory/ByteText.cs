using System.Globalization;

namespace Palimpsest.Machine.Memory;

/// <summary>Sizes for people, exact: the largest binary unit that leaves no remainder.</summary>
internal static class ByteText
{
    private static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB"];

    public static string Of(ulong bytes)
    {
        int unit = 0;
        while (unit < Units.Length - 1 && bytes > 0 && bytes % 1024 == 0)
        {
            bytes /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} {Units[unit]}");
    }
}
