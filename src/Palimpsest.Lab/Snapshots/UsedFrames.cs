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
public sealed class UsedFrames(long frames, long neverFreed = 0) : IStartState
{
    /// <summary>Frames of CMA areas in use; null where nobody counted.</summary>
    public long? InCma { get; init; }

    /// <summary>What the kernel set aside at boot, likeliest first to be set aside still.</summary>
    public IReadOnlyList<PhysicalRange> SetAside { get; init; } = [];

    /// <inheritdoc/>
    public string? Note { get; private set; }

    public IEnumerable<InitialPage> Unseen(MemoryLayout layout, Func<int, bool> isSeen, IReadOnlyList<InitialPage> inUse)
    {
        long left = Math.Max(frames - inUse.Count, neverFreed);
        if (frames < inUse.Count)
        {
            Note = string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"Start: {frames:N0} pages in use by count, {inUse.Count:N0} by the events: the count is from another moment, and the events are followed.");
        }

        // A frame that is passed over is as good as taken.
        bool[] isTaken = new bool[layout.Frames];
        for (int frame = 0; frame < layout.Frames; frame++)
        {
            isTaken[frame] = isSeen(frame) || IsTagStorage(layout, frame);
        }

        List<int> names = [];
        if (InCma is { } inCma)
        {
            bool[] isCma = Frames(layout, layout.Board.CmaPools.Select(pool => pool.Range));
            Take(layout, layout.Board.CmaPools.Select(pool => pool.Range), Math.Min(left, inCma - inUse.Count(page => isCma[page.Name])), isTaken, names);
            for (int frame = 0; frame < layout.Frames; frame++)
            {
                isTaken[frame] |= isCma[frame];
            }
        }

        Take(layout, SetAside, Math.Min(left - names.Count, neverFreed), isTaken, names);
        Take(layout, layout.Board.Banks.Select(bank => bank.Range), left - names.Count, isTaken, names);
        return names.Order().Select(name => new InitialPage(name, IsMovable: false));
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

    private static bool[] Frames(MemoryLayout layout, IEnumerable<PhysicalRange> ranges)
    {
        bool[] isIn = new bool[layout.Frames];
        foreach ((int first, int count) in ranges.SelectMany(layout.FramesOf))
        {
            isIn.AsSpan(first, count).Fill(true);
        }

        return isIn;
    }

    private static bool IsTagStorage(MemoryLayout layout, int frame)
    {
        foreach (StorageRun run in layout.Storage)
        {
            if (frame >= run.FirstFrame && frame < run.FirstFrame + run.Frames)
            {
                return true;
            }
        }

        return false;
    }
}
