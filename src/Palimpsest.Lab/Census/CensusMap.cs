namespace Palimpsest.Lab.Census;

/// <summary>Where the candidates lie in physical memory.</summary>
/// <param name="CellBlocks">Blocks a cell stands for: one, until there are too many.</param>
public sealed record CensusMap(int CellBlocks, IReadOnlyList<CensusBank> Banks)
{
    /// <summary>A cell without memory.</summary>
    public const byte Absent = 0;

    /// <summary>
    /// A cell with memory and no candidate. One more for each candidate of its blocks with any, on average and rounded up.
    /// </summary>
    public const byte Untouched = 1;
}

/// <summary>Memory without a large hole.</summary>
public sealed record CensusBank(ulong FirstPfn, byte[] Cells);

/// <summary>Draws the map while blocks come by in the order of their addresses.</summary>
internal sealed class CensusMapping
{
    // 128 MiB of 4 KiB pages, which is a section: smaller holes are drawn.
    private const long LargestHole = 1 << 10;
    private const int MostCells = 1 << 18;

    private readonly List<(long FirstBlock, List<byte> Cells)> _banks = [];

    /// <param name="candidates">How many the block has; it has memory.</param>
    public void Add(long block, int candidates)
    {
        if (_banks.Count == 0 || block - End(_banks[^1]) > LargestHole)
        {
            _banks.Add((block, []));
        }

        (long first, List<byte> cells) = _banks[^1];
        while (cells.Count < block - first)
        {
            cells.Add(CensusMap.Absent);
        }

        cells.Add((byte)(CensusMap.Untouched + candidates));
    }

    /// <param name="firstPfn">Where the first block lies.</param>
    public CensusMap Result(ulong firstPfn)
    {
        long blocks = _banks.Sum(bank => (long)bank.Cells.Count);
        int group = 1;
        while (blocks / group > MostCells)
        {
            group *= 2;
        }

        return new CensusMap(group, [.. _banks.Select(bank =>
            new CensusBank(firstPfn + ((ulong)bank.FirstBlock * 32), [.. bank.Cells.Chunk(group).Select(Mean)]))]);
    }

    private static long End((long FirstBlock, List<byte> Cells) bank) => bank.FirstBlock + bank.Cells.Count;

    private static byte Mean(byte[] cells)
    {
        int sum = 0;
        int touched = 0;
        byte most = 0;
        foreach (byte cell in cells)
        {
            most = Math.Max(most, cell);
            sum += cell > CensusMap.Untouched ? cell - CensusMap.Untouched : 0;
            touched += cell > CensusMap.Untouched ? 1 : 0;
        }

        return touched == 0 ? most : (byte)(CensusMap.Untouched + ((sum + touched - 1) / touched));
    }
}
