using Palimpsest.Kernel;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;

namespace Palimpsest.Lab.Snapshots;

/// <summary>
/// Only the number of frames in use is known. Those that no event names are taken to be the lowest, where the kernel
/// image and its boot allocations lie, and unmovable.
/// </summary>
/// <param name="frames">Frames in use at the start, as somebody counted them.</param>
/// <param name="neverFreed">Of those, frames that the kernel never manages: present less managed.</param>
public sealed class UsedFrames(long frames, long neverFreed = 0) : IStartState
{
    /// <inheritdoc/>
    public string? Note { get; private set; }

    public IEnumerable<InitialPage> Unseen(MemoryLayout layout, Func<int, bool> isSeen, int alreadyInUse)
    {
        long left = Math.Max(frames - alreadyInUse, neverFreed);
        if (frames < alreadyInUse)
        {
            Note = string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"Start: {frames:N0} pages in use by count, {alreadyInUse:N0} by the events: the count is from another moment, and the events are followed.");
        }

        foreach ((int first, int count) in layout.Board.Banks.SelectMany(bank => layout.FramesOf(bank.Range)))
        {
            for (int frame = first; frame < first + count && left > 0; frame++)
            {
                if (!isSeen(frame) && !IsTagStorage(layout, frame))
                {
                    left--;
                    yield return new InitialPage(frame, IsMovable: false);
                }
            }
        }
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
