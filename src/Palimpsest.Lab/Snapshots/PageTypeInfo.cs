using System.Globalization;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Snapshots;

/// <summary>Free chunks by migratetype and order, and pageblocks by type, all zones together.</summary>
/// <param name="largestOrder">Order of the largest chunks.</param>
public sealed class FreeChunkCounts(int largestOrder)
{
    /// <summary>Of a kernel with pages of 4 KiB.</summary>
    public FreeChunkCounts()
        : this(PageGeometry.Page4K.LargestOrder)
    {
    }

    /// <summary>Chunks by migratetype and order.</summary>
    public long[][] Chunks { get; init; } = [.. Enumerable.Range(0, MigrateTypes.Count).Select(_ => new long[largestOrder + 1])];

    /// <summary>Orders that are counted, from 0 on.</summary>
    public int Orders => Chunks[0].Length;

    /// <summary>Order of a pageblock; null where the file does not say, or says what no kernel with these orders has.</summary>
    public int? PageBlockOrder { get; set; }

    /// <summary>Pageblocks by migratetype.</summary>
    public long[] Blocks { get; init; } = new long[MigrateTypes.Count];

    /// <summary>Chunks of a <see cref="MigrateType"/>, from order 0 on.</summary>
    public IEnumerable<long> ByOrder(int type) => Chunks[type];

    /// <summary>Of all types and orders.</summary>
    public long FreeFrames => Enumerable.Range(0, MigrateTypes.Count).Sum(FreeFramesOf);

    /// <param name="type">A <see cref="MigrateType"/>.</param>
    public long FreeFramesOf(int type) => Chunks[type].Select((count, order) => count << order).Sum();

    /// <summary>Frames that would have to be elsewhere for two counts to agree: the sum of the absolute differences.</summary>
    public long DifferenceFrames(FreeChunkCounts other)
    {
        long frames = 0;
        for (int type = 0; type < MigrateTypes.Count; type++)
        {
            for (int order = 0; order < Math.Max(Orders, other.Orders); order++)
            {
                frames += Math.Abs(CountOf(type, order) - other.CountOf(type, order)) << order;
            }
        }

        return frames;
    }

    /// <summary>Chunks of a type and order; 0 for an order that is not counted.</summary>
    public long CountOf(int type, int order) => order < Orders ? Chunks[type][order] : 0;
}

/// <summary>Reads /proc/pagetypeinfo (mm/vmstat.c, 6.1). The columns of the second table name the types of the kernel.</summary>
public static class PageTypeInfo
{
    // More free chunks of an order, or pageblocks, than a machine has; the sum of their frames is still a number.
    private const long MostChunks = 1L << 40;

    // "Node 0, zone DMA, type Movable" and then the counts.
    private const int RowHead = 6;

    /// <exception cref="InputException">There is no table of free pages, or its counts are more than a machine has.</exception>
    public static FreeChunkCounts Parse(IEnumerable<string> lines, string name)
    {
        lines = [.. lines];
        FreeChunkCounts counts = new(LargestOrder(lines));
        List<MigrateType?> columns = [];
        bool hasRows = false;
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            bool fits = true;
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["Page", "block", "order:", var order])
            {
                counts.PageBlockOrder = Number(order) is > Order.Costly and <= Order.Max and var known ? (int)known : null;
            }
            else if (words is ["Number", "of", "blocks", "type", ..])
            {
                columns = [.. words.Skip(4).Select(TypeOf)];
            }
            else if (words is ["Node", _, "zone", _, "type", var type, ..])
            {
                hasRows = true;
                fits = TryReadRow(counts, TypeOf(type), words.AsSpan(RowHead));
            }
            else if (words is ["Node", _, "zone", _, ..] && columns.Count > 0)
            {
                fits = TryReadBlocks(counts, columns, words.AsSpan(4));
            }

            if (!fits)
            {
                throw new InputException(
                    $"{name}: line {number}: more free chunks or pageblocks than a machine has; copy /proc/pagetypeinfo again");
            }
        }

        return hasRows
            ? counts
            : throw new InputException($"{name}: holds no table of free pages; give a copy of /proc/pagetypeinfo, read as root");
    }

    /// <summary>The kernel prints a column for each order.</summary>
    private static int LargestOrder(IEnumerable<string> lines) => Math.Clamp(
        lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["Node", _, "zone", _, "type", _, ..])
            .Select(words => words.Length - RowHead - 1)
            .DefaultIfEmpty(0)
            .Max(),
        PageGeometry.Page4K.LargestOrder, Order.Max);

    private static bool TryReadRow(FreeChunkCounts counts, MigrateType? type, ReadOnlySpan<string> cells)
    {
        bool fits = true;
        for (int order = 0; type is { } known && order < Math.Min(cells.Length, counts.Orders); order++)
        {
            fits &= TryAdd(ref counts.Chunks[(int)known][order], cells[order]);
        }

        return fits;
    }

    private static bool TryReadBlocks(FreeChunkCounts counts, List<MigrateType?> columns, ReadOnlySpan<string> cells)
    {
        bool fits = true;
        for (int column = 0; column < Math.Min(cells.Length, columns.Count); column++)
        {
            if (columns[column] is { } type)
            {
                fits &= TryAdd(ref counts.Blocks[(int)type], cells[column]);
            }
        }

        return fits;
    }

    private static bool TryAdd(ref long count, string cell)
    {
        long number = Number(cell);
        count += Math.Min(number, MostChunks);
        return number <= MostChunks && count <= MostChunks;
    }

    private static MigrateType? TypeOf(string name) => name switch
    {
        "Unmovable" => MigrateType.Unmovable,
        "Movable" => MigrateType.Movable,
        "Reclaimable" => MigrateType.Reclaimable,
        "HighAtomic" => MigrateType.HighAtomic,
        "CMA" => MigrateType.Cma,
        "Isolate" => MigrateType.Isolate,
        _ => null,
    };

    // Counts above 100,000 are printed as ">100000".
    private static long Number(string text) =>
        long.TryParse(text.TrimStart('>'), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;
}
