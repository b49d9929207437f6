using Palimpsest.Lab.Census;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Html.Census;

/// <summary>Physical memory, a point a block, coloured by how many candidates it holds.</summary>
internal static class MapSection
{
    private const int RowCells = 512;
    private const int LabelWidth = 50;
    private const int LeastRowsOfLabel = 14;
    private const int FontSize = 7;

    // From nearly empty to full; the last fill of each class is that of CensusWords.
    private static readonly (byte Red, byte Green, byte Blue)[] Classes =
        [(0xc0, 0x24, 0x3c), (0xd9, 0x4f, 0x30), (0xe2, 0x7d, 0x2e), (0xd9, 0xa6, 0x2e), (0x9f, 0xb0, 0x45), (0x4f, 0xa3, 0x7c),
            (0x2a, 0x8a, 0xa8), (0x00, 0x62, 0xb2)];

    public static void Write(Markup html, CensusResult census)
    {
        double cell = census.Mebibytes((long)census.Map.CellBlocks * TagGeometry.DataFramesPerStorageFrame);
        html.Line($"<section id=\"map\"><h2>Physical memory</h2>");
        html.Line($"<p class=\"note\">A point is {(census.Map.CellBlocks == 1 ? "one block of 32 pages" : "several blocks")} "
            + $"({cell * 1024:#,0} KiB), a row {cell * RowCells:#,0.#} MiB; addresses at the left. Grey: memory without such pages, which "
            + $"needs no tags. Colours: how many of them the block holds, so red is a tag page reserved for one page or two.</p>");
        WriteLegend(html);
        foreach (CensusBank bank in census.Map.Banks)
        {
            WriteBank(html, census, bank);
        }

        html.Line($"</section>");
    }

    private static void WriteLegend(Markup html)
    {
        html.Write($"<p class=\"legend\"><span><i class=\"square\" style=\"background:#80808055\"></i>none</span>");
        int from = 1;
        foreach ((int to, (byte red, byte green, byte blue)) in CensusWords.FillClasses.Zip(Classes))
        {
            html.Write($"<span><i class=\"square\" style=\"background:rgb({red},{green},{blue})\"></i>"
                + $"{(from == to ? InvariantText.Of($"{to}") : InvariantText.Of($"{from} to {to}"))}</span>");
            from = to + 1;
        }

        html.Line($"</p>");
    }

    private static void WriteBank(Markup html, CensusResult census, CensusBank bank)
    {
        int rows = (bank.Cells.Length + RowCells - 1) / RowCells;
        byte[] pixels = new byte[rows * RowCells];
        bank.Cells.CopyTo(pixels, 0);
        int height = Math.Max(rows, FontSize + 2);
        html.Line($"<div class=\"scroll\"><svg class=\"bank\" viewBox=\"0 0 {LabelWidth + RowCells} {height}\" role=\"img\" "
            + $"aria-label=\"Where the pages lie, from {Figures.Hexadecimal(Address(census, bank, 0))}\">");
        html.Line($"<image x=\"{LabelWidth}\" y=\"0\" width=\"{RowCells}\" height=\"{rows}\" preserveAspectRatio=\"none\" "
            + $"href=\"data:image/png;base64,{Convert.ToBase64String(IndexedPng.Of(pixels, RowCells, Colours()))}\"/>");
        int step = Step(rows);
        for (int row = 0; row == 0 || row + FontSize <= rows; row += step)
        {
            html.Line($"<text x=\"{LabelWidth - 4}\" y=\"{row + FontSize - 1}\" "
                + $"text-anchor=\"end\">{Figures.Hexadecimal(Address(census, bank, row))}</text>");
        }

        html.Line($"</svg></div>");
    }

    // Powers of two, so that labels are round.
    private static int Step(int rows)
    {
        int step = LeastRowsOfLabel + 2;
        while (rows / step > 24)
        {
            step *= 2;
        }

        return step;
    }

    private static ulong Address(CensusResult census, CensusBank bank, int row) =>
        (bank.FirstPfn + ((ulong)row * RowCells * (ulong)census.Map.CellBlocks * TagGeometry.DataFramesPerStorageFrame))
            * (ulong)census.PageBytes;

    private static List<(byte Red, byte Green, byte Blue, byte Alpha)> Colours()
    {
        List<(byte Red, byte Green, byte Blue, byte Alpha)> colours = [(0, 0, 0, 0), (0x80, 0x80, 0x80, 0x55)];
        for (int pages = 1, item = 0; pages <= TagGeometry.DataFramesPerStorageFrame; pages++)
        {
            (byte red, byte green, byte blue) = Classes[item];
            colours.Add((red, green, blue, byte.MaxValue));
            item += pages == CensusWords.FillClasses[item] ? 1 : 0;
        }

        return colours;
    }
}
