using Palimpsest.Lab.Snapshots;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Census;

/// <summary>Where RAM lies, by what was copied beside a kpageflags: tells whether that is whole, and what in it is a hole.</summary>
/// <param name="First">First frame.</param>
/// <param name="End">One past the last.</param>
/// <param name="Present">Frames that are there; null where nobody counted.</param>
/// <param name="Banks">Ascending; empty where nobody told.</param>
/// <param name="Place">The file that tells the ends.</param>
internal sealed record RecordedRam(ulong First, ulong End, long? Present, IReadOnlyList<PfnRange> Banks, string Place)
{
    /// <summary>By zoneinfo, and by iomem where root copied it; null where neither tells.</summary>
    public static RecordedRam? Read(string folder, SnapshotFolder? snapshot, PageGeometry geometry)
    {
        string iomem = Path.Combine(folder, "iomem");
        PfnRange[] banks = [.. (File.Exists(iomem) ? IoMem.Ram(File.ReadLines(iomem), geometry, iomem) : [])
            .Select(bank => new PfnRange(geometry.PfnOf(bank.Start), new Pfn(bank.End >> geometry.PageShift)))];
        ZoneInfoEntry[] zones = [.. snapshot?.Zones.Where(zone => zone.Present > 0) ?? []];

        // Kernels before 4.19 do not print where zones begin.
        return zones.Length > 0 && Array.TrueForAll(zones, zone => zone is { StartPfn: not null, Spanned: > 0 })
            ? new RecordedRam((ulong)zones.Min(zone => zone.StartPfn!.Value), (ulong)zones.Max(zone => zone.StartPfn!.Value + zone.Spanned),
                snapshot!.PresentFrames, banks, snapshot.ZoneInfoPlace)
            : banks.Length > 0 ? new RecordedRam(banks[0].Start.Value, banks[^1].End.Value, Present: null, banks, iomem)
            : null;
    }
}
