using Palimpsest.Kernel;
using Palimpsest.Lab.Metrics;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Courses;

/// <summary>
/// The map of a system, kept up to date: the stream of events says which cells have changed, and the frames themselves what they hold
/// now.
/// </summary>
internal sealed class CourseMap
{
    private readonly MemorySystem _system;
    private readonly CourseGrid _grid;
    private readonly byte[] _cells;
    private readonly bool[] _isStale;
    private readonly List<int> _stale = [];

    public CourseMap(MemorySystem system, CourseGrid grid)
    {
        (_system, _grid) = (system, grid);
        _cells = new byte[grid.Cells];
        _isStale = new bool[_cells.Length];
        for (int cell = 0; cell < _cells.Length; cell++)
        {
            _isStale[cell] = true;
            _stale.Add(cell);
        }
    }

    /// <summary>Something has happened to frames.</summary>
    public void Touch(Frame first, int count)
    {
        if (first.IsNone)
        {
            return;
        }

        int last = _grid.CellOf(first + (count - 1));
        for (int cell = _grid.CellOf(first); cell <= last; cell++)
        {
            if (!_isStale[cell])
            {
                _isStale[cell] = true;
                _stale.Add(cell);
            }
        }
    }

    /// <summary>The map as it is now.</summary>
    public byte[] Look()
    {
        Span<int> counts = stackalloc int[PageUses.Count];
        foreach (int cell in _stale)
        {
            _isStale[cell] = false;
            (int first, int end) = _grid.FramesOf(cell);
            counts.Clear();
            foreach ((int from, int to, PageUse use) in new PageUses(_system.Frames, first, end))
            {
                counts[(int)use] += to - from;
            }

            _cells[cell] = MemoryCell.Of(counts).Code;
        }

        _stale.Clear();
        return [.. _cells];
    }

    /// <summary>Uses of the pages of [first, end), one by one.</summary>
    public static PageUse[] Pages(MemorySystem system, int first, int end)
    {
        PageUse[] uses = new PageUse[end - first];
        foreach ((int from, int to, PageUse use) in new PageUses(system.Frames, first, end))
        {
            uses.AsSpan(from - first, to - from).Fill(use);
        }

        return uses;
    }
}
