using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>A region of tag storage: bytes and addresses, but for the frames of a block.</summary>
/// <param name="Covers">The covered range as people write it.</param>
/// <param name="IsAssumed">The board describes none, so the default carve-out was placed.</param>
public sealed record RegionFacts(
    ulong Base, ulong Bytes, int BlockFrames, string Covers, ulong CoversBase, ulong CoversBytes, bool IsAssumed,
        IReadOnlyList<ZoneKind> Zones);

/// <summary>Frames side by side, for the map of physical memory.</summary>
/// <param name="Base">Address of the first.</param>
public sealed record FrameRunFacts(ulong Base, int FirstFrame, int Frames);

/// <summary>What reports say of a machine.</summary>
/// <param name="DataBytes">RAM without the carve-out.</param>
/// <param name="CmaPools">Bytes of each.</param>
public sealed record BoardFacts(
    string Name, string Model, string Dialect, ulong DataBytes, ulong CarveOutBytes, int PageBytes, int PageBlockFrames,
    IReadOnlyList<ZoneKind> Zones, IReadOnlyList<ulong> CmaPools, IReadOnlyList<RegionFacts> Regions, IReadOnlyList<FrameRunFacts> Runs)
{
    /// <summary>Data and carve-out together.</summary>
    public ulong RamBytes => DataBytes + CarveOutBytes;

    /// <summary>Facts of a board that is used with pages of this size.</summary>
    public static BoardFacts Of(string name, MemoryBoard board, PageGeometry geometry) => Of(name, MemoryLayout.For(board, geometry));

    /// <summary>Facts of a board that is laid out.</summary>
    public static BoardFacts Of(string name, MemoryLayout layout)
    {
        (MemoryBoard board, PageGeometry geometry) = (layout.Board, layout.Geometry);
        return new BoardFacts(
            name, board.Model, board.Dialect, board.DataBytes, board.CarveOutBytes, geometry.PageBytes, geometry.PageBlockFrames,
            [.. board.Zones.Select(zone => zone.Kind)],
            [.. board.CmaPools.Select(pool => pool.Range.Bytes)],
            [.. board.TagStorage.Select(span => RegionOf(span, board, geometry))],
            [.. layout.Runs
                .Select(run => new FrameRunFacts(geometry.AddressOf(run.Pfns.Start).Value, run.FirstFrame, (int)run.Pfns.Frames))]);
    }

    private static RegionFacts RegionOf(TagStorageSpan span, MemoryBoard board, PageGeometry geometry) => new(
        span.Storage.Start.Value, span.Storage.Bytes, span.BlockFrames(geometry), span.Covered.ToString(), span.Covered.Start.Value,
            span.Covered.Bytes,
        span.IsAssumed, [.. board.Zones.Where(zone => zone.Range.Overlaps(span.Storage)).Select(zone => zone.Kind)]);
}
