using Palimpsest.Kernel;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Snapshots;

/// <summary>
/// Only the number of frames in use is known. Those that no event names are taken to be unmovable, and to be: in CMA areas,
/// whose use is counted by itself, the lowest, since cma_alloc takes the first that fit; then what the kernel set aside
/// at boot; then the lowest.
/// </summary>
/// <param name="frames">Frames in use at the start, as somebody counted them.</param>
/// <param name="neverFreed">Of those, frames that the kernel never manages: present less managed.</param>
internal sealed class UsedFrames(long frames, long neverFreed = 0) : IStartState
{
    /// <summary>Frames of CMA areas in use; null where nobody counted.</summary>
    public long? InCma { get; init; }

    /// <summary>What the kernel set aside at boot, likeliest first to be set aside still.</summary>
    public IReadOnlyList<PhysicalRange> SetAside { get; init; } = [];

    /// <summary>Free chunks at the start: none of their frames is in use, wherever else there is room.</summary>
    public FreeChunkCounts? Chunks { get; init; }

    /// <inheritdoc/>
    public string? Note { get; private set; }

    public IEnumerable<InitialPage> Unseen(StartEvidence evidence)
    {
        MemoryLayout layout = evidence.Layout;
        int seen = evidence.InUse.Count;
        long left = Math.Max(frames - seen, neverFreed);
        if (frames < seen)
        {
            Note = string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"Start: {frames:N0} pages in use by count, {seen:N0} by the events: the count is from another moment, and the events "
                    + $"are followed.");
        }

        // A frame that is passed over is as good as taken.
        bool[] isTaken = new bool[layout.Frames];
        for (Frame frame = new(0); frame.Index < layout.Frames; frame++)
        {
            isTaken[frame.Index] = evidence.IsSeen(frame.Index) || IsTagStorage(layout, frame);
        }

        List<int> names = [];
        bool[] isCma = FramesIn(layout, layout.Board.CmaPools.Select(pool => pool.Range));
        if (InCma is { } inCma)
        {
            Take(layout, layout.Board.CmaPools.Select(pool => pool.Range),
                Math.Min(left, inCma - evidence.InUse.Count(page => isCma[page.Name])), isTaken, names);
            Pass(isTaken, isCma);
        }

        Take(layout, SetAside, Math.Min(left - names.Count, neverFreed), isTaken, names);
        if (Chunks is { } chunks && PlacedChunks(evidence, names, chunks) is var placed)
        {
            // The snapshot is a little older than the first event: a guess gives way where the count wants more in use.
            bool[] isKeptFree = [.. isTaken];
            Pass(isKeptFree, placed.IsFree);
            Take(layout, layout.Board.Banks.Select(bank => bank.Range), left - names.Count, isKeptFree, names);
            Pass(isTaken, [.. placed.IsFree.Select((isFree, frame) => isKeptFree[frame] && !placed.IsGuess[frame])]);
        }

        Take(layout, layout.Board.Banks.Select(bank => bank.Range), left - names.Count, isTaken, names);
        return names.Order().Select(name => new InitialPage(name, IsMovable: false));
    }

    private static StartChunks PlacedChunks(StartEvidence evidence, List<int> names, FreeChunkCounts chunks)
    {
        bool[] isInUse = new bool[evidence.Layout.Frames];
        isInUse.AsSpan().Fill(true);
        foreach ((int first, int count) in evidence.Layout.Board.Banks.SelectMany(bank => evidence.Layout.FramesOf(bank.Range)))
        {
            isInUse.AsSpan(first, count).Clear();
        }

        foreach (int frame in evidence.InUse.Select(page => page.Name).Concat(names)
            .Concat(Enumerable.Range(0, isInUse.Length).Where(frame => IsTagStorage(evidence.Layout, new Frame(frame)))))
        {
            isInUse[frame] = true;
        }

        StartChunks start = new(evidence, isInUse);
        start.Place(chunks);
        return start;
    }

    private static void Pass(bool[] isTaken, bool[] passed)
    {
        for (Frame frame = new(0); frame.Index < isTaken.Length; frame++)
        {
            isTaken[frame.Index] |= passed[frame.Index];
        }
    }

    private static void Take(MemoryLayout layout, IEnumerable<PhysicalRange> ranges, long count, bool[] isTaken, List<int> names)
    {
        foreach ((int first, int length) in ranges.SelectMany(layout.FramesOf))
        {
            for (int frame = first; frame < first + length && count > 0; frame++)
            {
                if (!isTaken[frame])
                {
                    isTaken[frame] = true;
                    names.Add(frame);
                    count--;
                }
            }
        }
    }

    private static bool[] FramesIn(MemoryLayout layout, IEnumerable<PhysicalRange> ranges)
    {
        bool[] isIn = new bool[layout.Frames];
        foreach ((int first, int count) in ranges.SelectMany(layout.FramesOf))
        {
            isIn.AsSpan(first, count).Fill(true);
        }

        return isIn;
    }

    private static bool IsTagStorage(MemoryLayout layout, Frame frame)
    {
        foreach (StorageRun run in layout.Storage)
        {
            if (frame.Index >= run.FirstFrame && frame.Index < run.FirstFrame + run.Frames)
            {
                return true;
            }
        }

        return false;
    }
}
