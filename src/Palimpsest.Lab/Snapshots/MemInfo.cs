using System.Globalization;

namespace Palimpsest.Lab.Snapshots;

/// <summary>Reads /proc/meminfo (fs/proc/meminfo.c, 6.1).</summary>
public static class MemInfo
{
    private const ulong MostKibibytes = 1UL << 42;

    /// <summary>All memory that the kernel manages, in bytes; null where the file does not tell.</summary>
    public static ulong? TotalBytes(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["MemTotal:", var total, "kB"])
            {
                return ulong.TryParse(total, NumberStyles.None, CultureInfo.InvariantCulture, out ulong kibibytes)
                    && kibibytes < MostKibibytes
                    ? kibibytes << 10
                    : null;
            }
        }

        return null;
    }
}
