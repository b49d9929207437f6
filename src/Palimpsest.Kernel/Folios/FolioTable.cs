using Palimpsest.Kernel.Frames;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Folios;

/// <summary>What the kernel keeps about a frame that processes use, beside <see cref="PageFrame"/>; 16 bytes.</summary>
// References and place are those of the first frame of a folio; each frame has mappings of its own, since parts of a
// large folio can be mapped alone.
internal struct FolioState
{
    /// <summary>Who keeps the folio from being freed: mappings, caches, pins, whoever works on it (folio_ref_count).</summary>
    public int References;

    /// <summary>First node of the reverse map, 0 without mappings.</summary>
    public int Mappings;

    /// <summary>File of a folio in the page cache, slot of one in the swap cache.</summary>
    public int Object;

    /// <summary>Index in its file, in pages.</summary>
    public int Index;
}

/// <summary>References of folios, and the end of them.</summary>
internal sealed class FolioTable(RunningKernel kernel)
{
    private readonly FolioState[] _states = new FolioState[kernel.Memory.Frames.Count];

    // Pins are rare, and most machines have none.
    private readonly Dictionary<int, int> _pins = [];

    public ref FolioState this[int frame] => ref _states[frame];

    /// <summary>First frame of the folio that a frame in use belongs to.</summary>
    public int HeadOf(int frame)
    {
        FrameTable frames = kernel.Memory.Frames;
        return frames[frame].State == FrameState.Allocated ? frame : frames.FolioOf(frame);
    }

    /// <summary>A fresh folio has the reference of whoever allocated it.</summary>
    public void Begin(int head)
    {
        ref FolioState state = ref _states[head];
        state.References = 1;
        state.Object = -1;
    }

    public void Get(int head) => _states[head].References++;

    /// <summary>Gives a reference back; the last frees the folio.</summary>
    public void Put(int head, int cpu)
    {
        ref FolioState state = ref _states[head];
        if (state.References <= 0)
        {
            throw new LawException("FRAME-1", $"folio {head} has no reference to give back");
        }

        if (--state.References == 0)
        {
            kernel.Lru.Remove(head);
            kernel.FreeFolio(head, cpu);
        }
    }

    /// <summary>Mappings of all frames of the folio together (folio_mapcount).</summary>
    public int MappingCount(int head)
    {
        int count = 0;
        int end = head + (1 << kernel.Memory.Frames[head].Order);
        for (int frame = head; frame < end; frame++)
        {
            count += kernel.ReverseMap.Count(_states[frame].Mappings);
        }

        return count;
    }

    /// <summary>References that caches account for.</summary>
    public int CacheReferences(int head)
    {
        PageFrame frame = kernel.Memory.Frames[head];
        return (frame.Has(FrameFlags.FileCached) ? 1 : 0) + (frame.Has(FrameFlags.SwapCached) ? 1 : 0);
    }

    /// <summary>Elevates the references for somebody outside the kernel's own rooms (get_user_pages).</summary>
    public void Pin(int head)
    {
        Get(head);
        _pins[head] = _pins.GetValueOrDefault(head) + 1;
        kernel.Memory.Frames[head].Set(FrameFlags.Pinned);
    }

    public void Unpin(int head, int cpu)
    {
        int left = _pins[head] - 1;
        if (left == 0)
        {
            _pins.Remove(head);
            kernel.Memory.Frames[head].Clear(FrameFlags.Pinned);
        }
        else
        {
            _pins[head] = left;
        }

        Put(head, cpu);
    }
}
