using Palimpsest.Machine.Memory.Reading;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory;

/// <summary>
/// Cuts tag storage at zone boundaries: one range allocator serves one zone. Each piece covers exactly the memory
/// whose tags it holds.
/// </summary>
internal static class ZoneSplit
{
    public static IReadOnlyList<TagStorageSpan> Apply(
        IReadOnlyList<TagStorageSpan> spans, IReadOnlyList<ZoneSpan> zones, PageGeometry geometry, string file)
    {
        var pieces = new List<TagStorageSpan>();
        foreach (TagStorageSpan span in spans)
        {
            TagStorageSpan rest = span;
            foreach (ulong boundary in zones.Skip(1).Select(zone => zone.Range.Start.Value))
            {
                if (boundary > rest.Storage.Start.Value && boundary < rest.Storage.End)
                {
                    pieces.Add(Below(rest, boundary, geometry, file));
                    rest = Above(rest, boundary);
                }
            }

            // Storage larger than its memory needs may have a piece that covers nothing: ordinary memory.
            if (rest.Covered.Bytes > 0)
            {
                pieces.Add(rest);
            }
        }

        if (pieces.Count > spans.Count && pieces.Count(piece => !piece.IsAssumed) > TagStorageNodes.MaxRegions)
        {
            throw new InputException(
                $"{file}: cut at zone boundaries there are more than {TagStorageNodes.MaxRegions} tag storage regions; "
                + "move storage so that it stays in one zone");
        }

        return pieces;
    }

    // The posted version 3 ends the first piece 31 frames early, so the second maps 31 of 32 frames one too high.
    private static TagStorageSpan Below(TagStorageSpan span, ulong boundary, PageGeometry geometry, string file)
    {
        ulong bytes = boundary - span.Storage.Start.Value;
        ulong blockBytes = geometry.BytesOf((ulong)span.BlockFrames(geometry));
        if (bytes % blockBytes != 0)
        {
            throw new InputException(
                $"{file}: tag storage {span.Name} {span.Storage}: the zone boundary 0x{boundary:x} cuts a block of "
                + $"{blockBytes / 1024} KiB; move the storage so that blocks end at the boundary");
        }

        return span with
        {
            Storage = span.Storage with { Bytes = bytes },
            Covered = span.Covered with { Bytes = Math.Min(span.Covered.Bytes, CoveredBytes(bytes)) },
        };
    }

    private static TagStorageSpan Above(TagStorageSpan span, ulong boundary)
    {
        ulong storageBytes = boundary - span.Storage.Start.Value;
        ulong coveredBytes = Math.Min(span.Covered.Bytes, CoveredBytes(storageBytes));
        return span with
        {
            Storage = new PhysicalRange(new PhysicalAddress(boundary), span.Storage.Bytes - storageBytes),
            Covered = new PhysicalRange(
                new PhysicalAddress(span.Covered.Start.Value + coveredBytes), span.Covered.Bytes - coveredBytes),
        };
    }

    private static ulong CoveredBytes(ulong storageBytes) => storageBytes * TagGeometry.DataFramesPerStorageFrame;
}
