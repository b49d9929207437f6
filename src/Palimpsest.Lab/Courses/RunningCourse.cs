using Palimpsest.Kernel;
using Palimpsest.Lab.Metrics;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Courses;

/// <summary>The course of a run that goes on: each moment that was reached can be opened meanwhile, from any thread.</summary>
// The machine itself is the run's own, and nobody else may look at it: at a step boundary, which a moment is, the run writes down what each
// page is used for. What was let go since is had by running again, as after the end.
public sealed class RunningCourse
{
    private readonly Lock _gate = new();
    private readonly MemorySystem _system;
    private readonly CourseGrid _grid;
    private readonly RunAgain _again;
    private readonly long _most;
    private readonly List<int> _steps = [];
    private readonly Dictionary<int, PageLook> _kept = [];
    private int _oldest;

    /// <param name="most">Pages that may be kept, those of all moments together.</param>
    internal RunningCourse(MemorySystem system, CourseGrid grid, RunAgain again, long most) =>
        (_system, _grid, _again, _most) = (system, grid, again, most);

    /// <summary>Pages of a cell at a moment, with the tag storage that covers them.</summary>
    /// <param name="moment">Its number among those that were told, from 0.</param>
    /// <exception cref="UsageException">There is no such cell, or the moment is not reached.</exception>
    public IReadOnlyList<OpenedBlock> Open(int moment, int cell)
    {
        PageLook? look;
        int steps;
        lock (_gate)
        {
            if (moment < 0 || moment >= _steps.Count || cell < 0 || cell >= _grid.Cells)
            {
                throw new UsageException($"there is no cell {cell} at moment {moment}");
            }

            look = _kept.GetValueOrDefault(moment);
            steps = _steps[moment];
        }

        IReadOnlyList<OpenedBlock> opened = [];
        if (look is not null)
        {
            return look.Open(_grid.FramesOf(cell));
        }

        _again([steps], (_, system) => opened = OpenedBlock.Of(system, _grid.FramesOf(cell)));
        return opened;
    }

    /// <summary>A moment is reached; called by the run.</summary>
    internal void Reach(int steps)
    {
        PageLook? look = _system.Frames.Count <= _most ? PageLook.Of(_system) : null;
        lock (_gate)
        {
            _steps.Add(steps);
            if (look is null)
            {
                return;
            }

            _kept.Add(_steps.Count - 1, look);
            while ((long)_kept.Count * _system.Frames.Count > _most)
            {
                _kept.Remove(_oldest++);
            }
        }
    }
}

/// <summary>What every page is used for at one moment, a byte each, and how many tagged frames each block holds tags of.</summary>
internal sealed class PageLook
{
    // Of the system only what never changes is asked: which block a frame belongs to, and where that lies.
    private readonly MemorySystem _system;
    private readonly PageUse[] _uses;
    private readonly int[] _references;

    private PageLook(MemorySystem system, PageUse[] uses, int[] references) => (_system, _uses, _references) = (system, uses, references);

    public static PageLook Of(MemorySystem system) => new(
        system, CourseMap.Pages(system, 0, system.Frames.Count),
        [.. Enumerable.Range(0, system.Blocks.Count).Select(block => system.Blocks.ReferencesOf(new BlockId(block)))]);

    public IReadOnlyList<OpenedBlock> Open((int First, int End) frames) =>
        OpenedBlock.Of(_system, frames, (first, end) => _uses[first..end], block => _references[block.Index]);
}
