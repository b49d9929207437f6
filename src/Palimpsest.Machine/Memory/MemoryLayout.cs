using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory;

/// <summary>A run of frames that are contiguous in pfns and in frame indexes.</summary>
/// <param name="Pfns">Frames of the run; padding that completes a buddy block is included and has no RAM.</param>
/// <param name="FirstFrame">Frame index of <c>Pfns.Start</c>; congruent to it modulo the largest buddy block.</param>
public sealed record FrameRun(PfnRange Pfns, int FirstFrame);

/// <summary>Tag storage of a layout in frames.</summary>
/// <param name="BlockFrames">Frames of a block before a design rounds it up.</param>
public sealed record StorageRun(int FirstFrame, int Frames, int FirstCovered, int CoveredFrames, int BlockFrames);

/// <summary>
/// Maps pfns of a board to dense frame indexes, the same for every design, so that one recorded page has one name
/// everywhere. Runs are padded to whole buddy blocks: a buddy's index is the index xor its size, as for pfns.
/// </summary>
public sealed class MemoryLayout
{
    private readonly FrameRun[] _runs;

    private MemoryLayout(MemoryBoard board, PageGeometry geometry, FrameRun[] runs, int frames)
    {
        Board = board;
        Geometry = geometry;
        _runs = runs;
        Frames = frames;
        Storage = [.. board.TagStorage.Select(StorageRunOf)];
    }

    /// <summary>Banks, reservations and tag storage, by address.</summary>
    public MemoryBoard Board { get; }

    /// <summary>Size of a page and of a pageblock.</summary>
    public PageGeometry Geometry { get; }

    /// <summary>Frame indexes in use, padding included.</summary>
    public int Frames { get; }

    /// <summary>Runs of frame indexes whose pfns follow each other, by pfn.</summary>
    public IReadOnlyList<FrameRun> Runs => _runs;

    /// <summary>The part of them that is tag storage, by pfn, with the data that it serves.</summary>
    public IReadOnlyList<StorageRun> Storage { get; }

    /// <summary>Of each frame, whether it lies in tag storage.</summary>
    public bool[] StorageMask()
    {
        bool[] isStorage = new bool[Frames];
        foreach (StorageRun run in Storage)
        {
            isStorage.AsSpan(run.FirstFrame, run.Frames).Fill(true);
        }

        return isStorage;
    }

    /// <exception cref="InputException">The board has no memory, or more frames than 32-bit indexes can name.</exception>
    public static MemoryLayout For(MemoryBoard board, PageGeometry geometry)
    {
        List<FrameRun> runs = [];
        ulong next = 0;
        foreach (PfnRange range in MergedBlocks(board, geometry))
        {
            if (next + range.Frames > int.MaxValue / 2)
            {
                throw new InputException($"the board has more than {int.MaxValue / 2:N0} frames; use larger pages (--page-size)");
            }

            runs.Add(new FrameRun(range, (int)next));
            next += range.Frames;
        }

        if (runs.Count == 0)
        {
            throw new InputException("the board has no memory; give its size with --ram");
        }

        return new MemoryLayout(board, geometry, [.. runs], (int)next);
    }

    /// <summary>Frame index of a pfn, or -1 where the board has no memory.</summary>
    public int FrameOf(Pfn pfn)
    {
        foreach (FrameRun run in _runs)
        {
            if (run.Pfns.Contains(pfn))
            {
                return run.FirstFrame + (int)(pfn - run.Pfns.Start);
            }
        }

        return -1;
    }

    /// <summary>Pfn that a frame index stands for; the frame is one of the layout.</summary>
    public Pfn PfnOf(int frame)
    {
        foreach (FrameRun run in _runs)
        {
            if (frame >= run.FirstFrame && (ulong)(frame - run.FirstFrame) < run.Pfns.Frames)
            {
                return run.Pfns.Start + (ulong)(frame - run.FirstFrame);
            }
        }

        throw new ArgumentOutOfRangeException(nameof(frame), frame, "no such frame");
    }

    /// <summary>Frames that lie wholly inside a range of addresses.</summary>
    public IEnumerable<(int First, int Count)> FramesOf(PhysicalRange range)
    {
        ulong first = RoundUp(range.Start.Value, (ulong)Geometry.PageBytes) >> Geometry.PageShift;
        ulong end = range.End >> Geometry.PageShift;
        foreach (FrameRun run in _runs)
        {
            ulong from = Math.Max(first, run.Pfns.Start.Value);
            ulong to = Math.Min(end, run.Pfns.End.Value);
            if (from < to)
            {
                yield return (run.FirstFrame + (int)(from - run.Pfns.Start.Value), (int)(to - from));
            }
        }
    }

    private StorageRun StorageRunOf(TagStorageSpan span)
    {
        (int first, int count) = FramesOf(span.Storage).First();
        (int covered, int coveredCount) = FramesOf(span.Covered).First();
        return new StorageRun(first, count, covered, coveredCount, span.BlockFrames(Geometry));
    }

    private static IEnumerable<PfnRange> MergedBlocks(MemoryBoard board, PageGeometry geometry)
    {
        ulong block = 1UL << geometry.LargestOrder;
        PfnRange? open = null;
        foreach (MemoryBank bank in board.Banks.OrderBy(bank => bank.Range))
        {
            ulong start = bank.Range.Start.Value >> geometry.PageShift & ~(block - 1);
            ulong end = RoundUp(bank.Range.End >> geometry.PageShift, block);
            if (open is { } range && range.End.Value >= start)
            {
                open = range with { End = new Pfn(Math.Max(range.End.Value, end)) };
                continue;
            }

            if (open is { } done)
            {
                yield return done;
            }

            open = new PfnRange(new Pfn(start), new Pfn(end));
        }

        if (open is { } last)
        {
            yield return last;
        }
    }

    private static ulong RoundUp(ulong value, ulong multiple) => (value + multiple - 1) / multiple * multiple;
}
