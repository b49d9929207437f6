using Palimpsest.Kernel;
using Palimpsest.Kernel.Following;
using Palimpsest.Kernel.Frames;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>
/// What a miss says of the lists. A kernel that splits a chunk of one order had nothing on the lists of lower orders:
/// what the model has there is in use. A kernel that takes another chunk of the same order did not have the model's
/// first.
/// </summary>
internal sealed class Concessions(MemorySystem system, RecordedFrames recorded, GuidedTallies tallies)
{
    /// <summary>Misses with the same proposal after which the proposed chunk counts as in use.</summary>
    private const int Strikes = 6;

    private readonly GuidedAllocator _guided = system.Guided;
    private readonly Dictionary<int, int> _strikes = [];
    private readonly Dictionary<(Frame Frame, int Order), long> _refused = [];

    /// <param name="frame">Frame that the kernel took.</param>
    /// <param name="kernelOrder">Order of the chunk that it lies in, or -1 when the model has it in use.</param>
    // One miss may be the order of a list. A frame that is refused again and again is not on the list at all.
    public void Concede(Frame frame, Frame proposed, int order, MigrateType type, int kernelOrder, long index)
    {
        int strikes = _strikes[proposed.Index] = _strikes.GetValueOrDefault(proposed.Index) + 1;
        if (strikes >= Strikes && _guided.ChunkOf(proposed) is ({ IsNone: false } refused, var refusedOrder)
            && refusedOrder < kernelOrder)
        {
            Withdraw(refused, refusedOrder);
            _refused[(refused, refusedOrder)] = index;
            _strikes.Remove(proposed.Index);
        }

        if (kernelOrder < 0 || system.Frames.BlockType(frame) != type)
        {
            return;
        }

        for (int lower = order; lower < kernelOrder; lower++)
        {
            foreach (Frame chunk in _guided.ListOf(frame, lower, type, most: int.MaxValue).Where(IsGuess))
            {
                Withdraw(chunk, lower);
            }
        }

        IReadOnlyList<Frame> list = _guided.ListOf(frame, kernelOrder, type, most: 1);
        if (list.Count > 0 && list[0] != _guided.ChunkOf(frame).Frame)
        {
            _guided.Rotate(list[0], type);
        }
    }

    /// <summary>A refused chunk came back, without an event, when the kernel takes a frame of it and none was seen since.</summary>
    public void GiveBack(Frame frame, long index)
    {
        for (int order = 0; order <= system.Frames.LargestOrder; order++)
        {
            Frame head = frame.HeadAt(order);
            if (_refused.Remove((head, order), out long since) && IsUntouched(head, order, since, index))
            {
                _guided.MarkInUse(head, order);
                _guided.FreeToBuddy(head, order, system.Frames.BlockType(head), toTail: false);
                return;
            }
        }
    }

    private void Withdraw(Frame chunk, int order)
    {
        tallies.WithdrawnFrames += 1 << order;
        _guided.ForceTake(chunk, order);
    }

    private bool IsUntouched(Frame head, int order, long since, long now)
    {
        for (Frame frame = head; frame < head + (1 << order); frame++)
        {
            if (system.Frames[frame].State != (frame == head ? FrameState.Allocated : FrameState.Covered)
                || recorded.IsNamedBetween(frame, since, now))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Nothing but a snapshot says that these frames were free.</summary>
    private bool IsGuess(Frame chunk)
    {
        Frame end = chunk + (1 << system.Frames[chunk].Order);
        while (chunk < end && recorded.First(chunk) is null)
        {
            chunk++;
        }

        return chunk == end;
    }
}
