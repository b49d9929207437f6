using Palimpsest.Kernel;
using Palimpsest.Kernel.Following;
using Palimpsest.Kernel.Frames;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>What the recorded kernel did without an event, as far as a later event gives it away; each such case is counted.</summary>
internal sealed class Silence(MemorySystem system, RecordedFrames recorded, GuidedTallies tallies)
{
    private readonly GuidedAllocator _guided = system.Guided;

    /// <summary>Passes over heads of a list that the recording frees next, or never names again: they are in use already.</summary>
    /// <returns>The first folio that may still be on the list, or none.</returns>
    public Frame PassHeads(Frame near, int order, MigrateType type, CpuId cpu, long index, Frame? upTo = null)
    {
        while (true)
        {
            Frame head = _guided.PerCpu.First(near, order, type, cpu);
            if (head.IsNone || head == upTo || recorded.Next(head, index) is not (TraceEventKind.Free or null))
            {
                return head;
            }

            tallies.SilentAllocations++;
            _guided.PerCpu.Remove(head);
        }
    }

    /// <summary>Passes over all of a list that the kernel found empty.</summary>
    public void PassAll(Frame near, int order, MigrateType type, CpuId cpu)
    {
        while (_guided.PerCpu.First(near, order, type, cpu) is { IsNone: false } head)
        {
            tallies.SilentAllocations++;
            _guided.PerCpu.Remove(head);
        }
    }

    /// <summary>Passes over what a drain of all lists of a CPU would begin with, as over heads, up to the folio that is drained.</summary>
    public void PassLast(Frame drained, CpuId cpu, long index)
    {
        while (_guided.PerCpu.HighMoves && _guided.PerCpu.FirstOfAll(drained, cpu) is { IsNone: false } first && first != drained
            && recorded.Next(first, index) is TraceEventKind.Free or null)
        {
            tallies.SilentAllocations++;
            _guided.PerCpu.Remove(first);
        }
    }

    /// <summary>Passes over what is left, behind a folio, of a list that the kernel has emptied when it drains another.</summary>
    public void PassLast(Frame drained, Frame expected, long index)
    {
        while (!expected.IsNone && expected != drained && recorded.Next(expected, index) is TraceEventKind.Free or null
            && _guided.PerCpu.CpuOf(expected) is not null)
        {
            Frame before = _guided.PerCpu.BeforeBeside(expected);
            tallies.SilentAllocations++;
            _guided.PerCpu.Remove(expected);
            expected = before;
        }
    }

    /// <summary>
    /// A drain takes from the tail, so what lies behind the folio that it took is on the list no more, if the recording frees it
    /// next or never names it again; or it lies further ahead.
    /// </summary>
    public void PassTails(Frame drained, long index)
    {
        while (_guided.PerCpu.CpuOf(drained) is not null && _guided.PerCpu.LastBeside(drained) is var tail && tail != drained)
        {
            switch (recorded.Next(tail, index))
            {
                case TraceEventKind.Free or null:
                    tallies.SilentAllocations++;
                    _guided.PerCpu.Remove(tail);
                    break;
                case TraceEventKind.Allocate:
                    _guided.PerCpu.MoveFirst(tail);
                    break;
                default:
                    return;
            }
        }
    }

    /// <summary>Makes one folio in use of the frames, and counts what the model thought otherwise.</summary>
    /// <param name="kind">Of the event that shows them in use.</param>
    public void EnsureInUse(Frame frame, int order, TraceEventKind kind)
    {
        Frame folio = system.FolioOf(frame);
        if (!folio.IsNone && system.Frames[folio].Order != order)
        {
            // Allocated as one, freed in parts.
            system.Frames.Split(folio, owner: 0);
        }

        FrameState state = system.Frames[frame].State;
        if (state == FrameState.PerCpu)
        {
            tallies.SilentAllocations += kind == TraceEventKind.Free ? 1 : 0;
        }
        else if (state == FrameState.Free || _guided.IsFree(frame, order))
        {
            tallies.Contradictions++;
        }

        _guided.ForceTake(frame, order);
    }

    /// <summary>
    /// Compaction took so many free pages of a pageblock, from a frame on: what it does not use it frees with an event, and what it
    /// does it may use without one.
    /// </summary>
    public void TakeForCompaction(Frame first, int count)
    {
        Frame end = Frame.Min(first.HeadAt(system.Frames.PageBlockOrder) + system.Frames.PageBlockFrames, new Frame(system.Frames.Count));
        for (Frame frame = first; frame < end && count > 0; frame++)
        {
            if (_guided.TryTake(frame, 0))
            {
                count--;
            }
        }
    }

    /// <summary>Takes a folio that was allocated, wherever the model has it.</summary>
    public void TakeAnyway(Frame frame, int order)
    {
        if (system.Frames[frame].State == FrameState.PerCpu)
        {
            _guided.PerCpu.Remove(frame);
            return;
        }

        tallies.Contradictions++;
        _guided.ForceTake(frame, order);
    }
}
