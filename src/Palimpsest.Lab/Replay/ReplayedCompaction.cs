using Palimpsest.Kernel;
using Palimpsest.Kernel.Frames;
using Palimpsest.Lab.Workloads;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Replay;

/// <summary>Compaction of the recorded kernel, in the memory of the model: it scans the same frames.</summary>
/// <param name="frameOf">Frame of each recorded page; its owner's name.</param>
internal sealed class ReplayedCompaction(MemorySystem system, int[] frameOf)
{
    // COMPACT_CLUSTER_MAX pages in use among as many free ones.
    private const int ScannedAtOnce = 64;

    private int _scanned = -1;

    /// <summary>
    /// The recorded kernel's scanner emptied a frame, the last of its cluster first; so does the model with what lies there, and with
    /// what it has between that frame and the one before.
    /// </summary>
    public void Empty(in WorkloadStep step)
    {
        bool isSameCluster = _scanned > step.Name && _scanned - step.Name < ScannedAtOnce
            && _scanned >> system.Frames.PageBlockOrder == step.Name >> system.Frames.PageBlockOrder;
        for (int frame = isSameCluster ? _scanned - 1 : step.Name; frame >= step.Name; frame--)
        {
            MoveUp(new Frame(frame), new CpuId(step.Cpu));
        }

        _scanned = step.Name;
    }

    /// <summary>Tags come back with the first access: at once, for want of a better moment.</summary>
    private void MoveUp(Frame frame, CpuId cpu)
    {
        if (system.FolioOf(frame) == frame && system.Frames[frame] is { Order: 0, Owner: var owner } page)
        {
            system.MoveUp(frame, cpu);
            if (page.Has(FrameFlags.Tagged) && frameOf[owner] != frame.Index)
            {
                system.TryTag(new Frame(frameOf[owner]), cpu);
            }
        }
    }
}
