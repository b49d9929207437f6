using Palimpsest.Kernel;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Recordings;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Courses;

/// <summary>Runs the same again from its start, and stops after so many steps, ascending, for a look.</summary>
internal delegate void RunAgain(IReadOnlyList<int> steps, Action<int, MemorySystem> look);

/// <summary>How memory fared under one design: moments of a run in order of time.</summary>
public sealed class MemoryCourse
{
    internal MemoryCourse(CourseGrid grid, RunAgain again) => (Grid, Again) = (grid, again);

    internal RunAgain Again { get; }

    /// <summary>Which cell of the map shows which frames.</summary>
    public CourseGrid Grid { get; }

    /// <summary>Of recorded time; of steps times 1 ms where a workload ran.</summary>
    public long DurationNs { get; internal init; }

    /// <summary>Frames of the whole carve-out.</summary>
    public int StorageFrames { get; internal init; }

    /// <summary>No block is ever lent: nothing of the carve-out is given back.</summary>
    public bool KeepsAll { get; internal init; }

    /// <summary>At even distances, and where a mark or a failure is.</summary>
    public required IReadOnlyList<MemoryMoment> Moments { get; init; }

    /// <summary>Moments worth a jump, in order of time.</summary>
    public required IReadOnlyList<CourseMark> Marks { get; init; }

    /// <summary>The first of each kind, in order of time.</summary>
    public required IReadOnlyList<MemoryFailure> Failures { get; init; }

    /// <summary>All failures by kind.</summary>
    public required IReadOnlyDictionary<FailureKind, long> FailureCounts { get; init; }

    /// <summary>What was done about tag storage; null where nobody asked.</summary>
    public StorageEvents? Events { get; init; }

    /// <summary>Pages of a cell at a moment, with the tag storage that covers them; runs the design again up to there.</summary>
    /// <exception cref="UsageException">There is no such moment or cell.</exception>
    public IReadOnlyList<OpenedBlock> Open(int moment, int cell)
    {
        if (moment < 0 || moment >= Moments.Count || cell < 0 || cell >= Grid.Cells)
        {
            throw new UsageException($"there is no cell {cell} at moment {moment}");
        }

        IReadOnlyList<OpenedBlock> opened = [];
        Again([Moments[moment].Steps], (_, system) => opened = OpenedBlock.Of(system, Grid.FramesOf(cell)));
        return opened;
    }
}

/// <summary>As many pages as one page of tag storage covers, and that page.</summary>
/// <param name="Pfn">Of the first page.</param>
/// <param name="Pages">What each is used for, in order.</param>
/// <param name="StoragePfn">Of the page of tag storage; null where nothing covers them.</param>
/// <param name="Storage">What that page is used for.</param>
/// <param name="Tagged">Tagged frames that the block of that page holds tags of.</param>
public sealed record OpenedBlock(ulong Pfn, IReadOnlyList<PageUse> Pages, ulong? StoragePfn, PageUse Storage, int Tagged)
{
    internal static IReadOnlyList<OpenedBlock> Of(MemorySystem system, (int First, int End) frames) =>
        Of(system, frames, (first, end) => CourseMap.Pages(system, first, end), system.Blocks.ReferencesOf);

    /// <summary>By what was written down of pages and blocks.</summary>
    internal static IReadOnlyList<OpenedBlock> Of(
        MemorySystem system, (int First, int End) frames, Func<int, int, PageUse[]> pages, Func<BlockId, int> references)
    {
        PageUse[] uses = pages(frames.First, frames.End);
        List<OpenedBlock> opened = [];
        for (int at = 0; at < uses.Length; at += TagGeometry.DataFramesPerStorageFrame)
        {
            opened.Add(One(system, frames.First + at, uses[at..Math.Min(at + TagGeometry.DataFramesPerStorageFrame, uses.Length)], pages,
                references));
        }

        return opened;
    }

    private static OpenedBlock One(
        MemorySystem system, int first, PageUse[] own, Func<int, int, PageUse[]> pages, Func<BlockId, int> references)
    {
        TagBlocks blocks = system.Blocks;
        ulong pfn = system.Layout.PfnOf(first).Value;
        BlockId block = blocks.BlockOf(new Frame(first));
        if (block.IsNone)
        {
            return new OpenedBlock(pfn, own, StoragePfn: null, PageUse.Absent, Tagged: 0);
        }

        int storage = blocks.StorageOf(block).First.Index
            + ((first - blocks.CoverOf(block).First.Index) / TagGeometry.DataFramesPerStorageFrame);
        return new OpenedBlock(pfn, own, system.Layout.PfnOf(storage).Value, pages(storage, storage + 1)[0], references(block));
    }
}
