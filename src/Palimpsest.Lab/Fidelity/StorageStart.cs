using Palimpsest.Kernel;
using Palimpsest.Kernel.Following;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>
/// Tag storage at the first event: a page first seen freed with its storage had it, and a block first seen given back, or found
/// present by a reservation, was reserved. One that is never given back has a reference that stays, as that of the zero page.
/// </summary>
internal sealed class StorageStart(MemorySystem system)
{
    private readonly GuidedTagStorage _storage = system.GuidedStorage;
    private readonly HashSet<Frame> _seen = [];
    private readonly HashSet<Frame> _seenBlocks = [];
    private readonly HashSet<Frame> _givenBack = [];
    private readonly List<Frame> _reserved = [];
    private readonly List<(Frame Page, int Order)> _pages = [];

    /// <summary>Puts the model into that state.</summary>
    /// <returns>Pages that had storage.</returns>
    public int Apply(Trace trace)
    {
        foreach (ref readonly TraceEvent at in trace.Events)
        {
            if (at.Kind is TraceEventKind.StorageReserve or TraceEventKind.StorageFree or TraceEventKind.StorageBlock
                && system.Layout.FrameOf(at.Pfn) is var frame and >= 0)
            {
                Look(at, new Frame(frame));
            }
        }

        foreach (Frame block in _reserved)
        {
            _storage.Take(block);
            if (!_givenBack.Contains(block))
            {
                _storage.ReferForEver(block);
            }
        }

        foreach ((Frame page, int order) in _pages)
        {
            _storage.Refer(page, order);
        }

        return _pages.Count;
    }

    private void Look(in TraceEvent at, Frame frame)
    {
        switch (at.Kind)
        {
            case TraceEventKind.StorageBlock:
                bool isTaken = TagStorageEvents.SmallOf(at) == 1;
                LookAtBlock(frame, wasReserved: !isTaken);
                _ = isTaken || _givenBack.Add(frame);
                break;
            case TraceEventKind.StorageFree when _seen.Add(frame):
                _pages.Add((frame, at.Order));
                LookAtBlocks(frame, at.Order);
                break;
            case TraceEventKind.StorageReserve:
                _seen.Add(frame);
                if (at.MigrateType == (byte)StoragePath.Present)
                {
                    LookAtBlocks(frame, at.Order);
                }

                break;
        }
    }

    private void LookAtBlocks(Frame frame, int order)
    {
        foreach (Frame block in _storage.BlocksOf(frame, order))
        {
            LookAtBlock(block, wasReserved: true);
        }
    }

    private void LookAtBlock(Frame block, bool wasReserved)
    {
        if (_seenBlocks.Add(block) && wasReserved)
        {
            _reserved.Add(block);
        }
    }
}
