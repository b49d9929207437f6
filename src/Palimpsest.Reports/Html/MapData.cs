using System.Text;
using System.Text.Json;
using Palimpsest.Lab.Trials;
using Palimpsest.Lab.Metrics;

namespace Palimpsest.Reports.Html;

/// <summary>The map of physical memory: cells of one or several pageblocks, as runs of equal letters.</summary>
internal sealed class MapData(ComparisonResult result)
{
    // A file of 2 MiB has room for so many letters; a run of equal ones takes few, so that most maps need far less.
    private const int MostCells = 200_000;
    private const int MostLetters = 1_200_000;

    private readonly int _pageBlockFrames = result.Board.PageBlockFrames;
    private readonly int _group = Group(result);

    public void WriteShape(Utf8JsonWriter json)
    {
        json.WriteStartObject("map");
        json.WriteNumber("cellBytes", (double)_group * _pageBlockFrames * result.Board.PageBytes);
        json.WriteNumber("group", _group);
        json.WriteStartArray("runs");
        foreach (FrameRunFacts run in result.Board.Runs)
        {
            json.WriteStartObject();
            json.WriteNumber("base", run.Base);
            json.WriteNumber("cells", (PageBlocks(run) + _group - 1) / _group);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A letter for each cell ('a' for <see cref="PageUse.Absent"/>), followed by a number where it repeats.</summary>
    public string Cells(DesignResult design)
    {
        StringBuilder text = new();
        foreach (FrameRunFacts run in result.Board.Runs)
        {
            int first = run.FirstFrame / _pageBlockFrames;
            AppendRuns(text, [.. design.Map.AsSpan(first, PageBlocks(run)).ToArray().Chunk(_group).Select(MostFrequent)]);
        }

        return text.ToString();
    }

    private static void AppendRuns(StringBuilder text, byte[] cells)
    {
        for (int cell = 0; cell < cells.Length;)
        {
            int end = cell + 1;
            while (end < cells.Length && cells[end] == cells[cell])
            {
                end++;
            }

            text.Append((char)('a' + cells[cell]));
            if (end - cell > 1)
            {
                text.Append(end - cell);
            }

            cell = end;
        }
    }

    private static byte MostFrequent(byte[] pageBlocks)
    {
        int[] counts = new int[(int)PageUse.Kept + 1];
        foreach (byte cell in pageBlocks)
        {
            counts[cell]++;
        }

        return (byte)Array.IndexOf(counts, counts.Max());
    }

    private int PageBlocks(FrameRunFacts run) => run.Frames / _pageBlockFrames;

    private static int Group(ComparisonResult result)
    {
        int pageBlocks = result.Board.Runs.Sum(run => run.Frames) / result.Board.PageBlockFrames;
        int most = Math.Min(MostCells, MostLetters / Math.Max(1, result.Designs.Count));
        return Math.Max(1, (pageBlocks + most - 1) / most);
    }
}
