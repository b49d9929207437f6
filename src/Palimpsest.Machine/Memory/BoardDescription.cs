using System.Globalization;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory;

/// <summary>A board as text for people: what "palimpsest inspect" prints of a device tree.</summary>
public static class BoardDescription
{
    /// <summary>Longest line.</summary>
    public const int Columns = 100;

    private const int ListedReservations = 12;

    /// <summary>A line each: model, banks, reservations, tag storage, with sizes for people.</summary>
    public static IReadOnlyList<string> Lines(MemoryBoard board, PageGeometry geometry)
    {
        List<string> lines = [.. Summary(board)];
        Section(lines, "banks", board.Banks.Select(bank => Bank(bank, board.Zones)));
        Section(lines, "zones", board.Zones.Select(zone => $"{zone.Range}  {ZoneName(zone.Kind)}"));
        Section(lines, $"reserved ({board.Reserved.Count})", Reserved(board.Reserved));
        Section(lines, "CMA pools", board.CmaPools.Select(pool =>
            $"{Extent(pool.Range)}  {(pool.IsDynamic ? $"dynamic, place assumed (Linux {board.Release})" : "fixed")}  {pool.Name}"));
        Section(lines, "tag storage", board.TagStorage.SelectMany(span => Span(span, geometry)));
        Section(lines, "notes", board.Notes);
        return lines;
    }

    private static IEnumerable<string> Summary(MemoryBoard board)
    {
        yield return Clip(board.Model);
        yield return $"RAM         {ByteText.Of(board.DataBytes + board.CarveOutBytes)}";
        if (board.TagStorage.Count == 0)
        {
            yield return "carve-out   none: the tree describes no tag storage";
            yield break;
        }

        string origin = board.TagStorage.All(span => span.IsAssumed) ? "assumed" : board.Dialect;
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"carve-out   {board.CarveOutBytes / (double)(1 << 20):N1} MiB, {Share(board):N2} % of RAM ({origin})");
        yield return $"data        {ByteText.Of(board.DataBytes)}";
    }

    private static double Share(MemoryBoard board) =>
        100.0 * board.CarveOutBytes / (board.CarveOutBytes + board.DataBytes);

    private static string Bank(MemoryBank bank, IReadOnlyList<ZoneSpan> zones)
    {
        IEnumerable<string> names = zones.Where(zone => zone.Range.Overlaps(bank.Range)).Select(zone => ZoneName(zone.Kind));
        return $"{Extent(bank.Range)}  node {bank.Node}  {string.Join(", ", names)}";
    }

    private static IEnumerable<string> Reserved(IReadOnlyList<ReservedRange> reserved)
    {
        if (reserved.Count <= ListedReservations)
        {
            return reserved.Select(range => $"{Extent(range.Range)}  {(range.NoMap ? "no-map  " : "")}{range.Name}");
        }

        ulong bytes = reserved.Aggregate(0UL, (sum, range) => sum + range.Range.Bytes);
        ReservedRange largest = reserved.MaxBy(range => range.Range.Bytes)!;
        return
        [
            $"{ByteText.Of(bytes)} in all, {reserved.Count(range => range.NoMap)} of them not mapped",
            $"largest: {Extent(largest.Range)}  {largest.Name}",
        ];
    }

    private static IEnumerable<string> Span(TagStorageSpan span, PageGeometry geometry)
    {
        int block = span.BlockFrames(geometry);
        yield return $"{Extent(span.Storage)}  {span.Name}";
        yield return $"  tags of {Extent(span.Covered)}, B = {block} {(block == 1 ? "page" : "pages")}";
    }

    private static void Section(List<string> lines, string title, IEnumerable<string> entries)
    {
        List<string> content = [.. entries];
        if (content.Count == 0)
        {
            return;
        }

        lines.Add(title);
        foreach (string entry in content)
        {
            lines.AddRange(Wrapped(entry));
        }
    }

    private static IEnumerable<string> Wrapped(string entry)
    {
        string indent = "  ";
        for (string rest = entry; rest.Length > 0; indent = "      ")
        {
            int room = Columns - indent.Length;
            int space = rest.Length <= room ? rest.Length : rest.LastIndexOf(' ', room);
            int end = space > 0 ? space : room;
            yield return indent + rest[..end].TrimEnd();
            rest = rest[end..].TrimStart();
        }
    }

    private static string Extent(PhysicalRange range) => $"{range}  {ByteText.Of(range.Bytes)}";

    private static string ZoneName(ZoneKind kind) => kind switch
    {
        ZoneKind.Dma => "DMA",
        ZoneKind.Dma32 => "DMA32",
        _ => kind.ToString(),
    };

    private static string Clip(string text) => text.Length <= Columns ? text : text[..(Columns - 3)] + "...";
}
