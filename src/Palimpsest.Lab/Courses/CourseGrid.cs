using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Courses;

/// <summary>Cells of the map that lie side by side.</summary>
/// <param name="Base">Address of the first, in bytes.</param>
public sealed record CellRun(ulong Base, int FirstCell, int Cells, int FirstFrame, int Frames);

/// <summary>Physical memory in cells of one pageblock each, or of a power of two of them where memory is large.</summary>
public sealed class CourseGrid
{
    // A screen has no room for more, and 150 moments of 14 designs have to be kept.
    private const int MostCells = 1 << 14;

    private CourseGrid(int pageBlocks, int pageBlockFrames, int pageBytes, CellRun[] runs) =>
        (PageBlocks, CellFrames, CellBytes, Runs) =
            (pageBlocks, pageBlocks * pageBlockFrames, (ulong)pageBlocks * (ulong)pageBlockFrames * (ulong)pageBytes, runs);

    /// <summary>Pageblocks of a cell; fewer in the last of a run.</summary>
    public int PageBlocks { get; }

    /// <summary>Frames of a cell; fewer in the last of a run.</summary>
    public int CellFrames { get; }

    /// <summary>The same in bytes.</summary>
    public ulong CellBytes { get; }

    /// <summary>By address.</summary>
    public IReadOnlyList<CellRun> Runs { get; }

    /// <summary>Cells of all runs.</summary>
    public int Cells => Runs.Sum(run => run.Cells);

    internal static CourseGrid Of(MemoryLayout layout)
    {
        PageGeometry geometry = layout.Geometry;
        int group = 1;
        while (layout.Frames / geometry.PageBlockFrames / group > MostCells)
        {
            group *= 2;
        }

        int frames = group * geometry.PageBlockFrames;
        CellRun[] runs = new CellRun[layout.Runs.Count];
        int first = 0;
        foreach ((int index, FrameRun run) in layout.Runs.Index())
        {
            int cells = ((int)run.Pfns.Frames + frames - 1) / frames;
            runs[index] = new CellRun(geometry.AddressOf(run.Pfns.Start).Value, first, cells, run.FirstFrame, (int)run.Pfns.Frames);
            first += cells;
        }

        return new CourseGrid(group, geometry.PageBlockFrames, geometry.PageBytes, runs);
    }

    /// <summary>Cell that holds a frame.</summary>
    internal int CellOf(Frame frame)
    {
        int at = Runs.Count - 1;
        while (at > 0 && frame.Index < Runs[at].FirstFrame)
        {
            at--;
        }

        return Runs[at].FirstCell + ((frame.Index - Runs[at].FirstFrame) / CellFrames);
    }

    /// <summary>Frames of a cell, the second behind its last.</summary>
    internal (int First, int End) FramesOf(int cell)
    {
        CellRun run = Runs.Last(run => run.FirstCell <= cell);
        int first = run.FirstFrame + ((cell - run.FirstCell) * CellFrames);
        return (first, Math.Min(first + CellFrames, run.FirstFrame + run.Frames));
    }
}
