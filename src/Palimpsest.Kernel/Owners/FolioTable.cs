using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Owners;

/// <summary>What the kernel keeps about a frame that processes use, beside <see cref="PageFrame"/>; 16 bytes.</summary>
// References and place are those of the first frame of a folio; each frame has mappings of its own, since parts of a
// large folio can be mapped alone.
internal struct FolioState
{
    /// <summary>Neither a file nor a slot.</summary>
    public const int NoObject = -1;

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
internal sealed class FolioTable(MemorySystem memory, LruLists lru, ReverseMap reverseMap, SavedTags saved, KernelRuntime runtime)
{
    private readonly FolioState[] _states = new FolioState[memory.Frames.Count];

    // Pins are rare, and most machines have none.
    private readonly Dictionary<int, int> _pins = [];

    public ref FolioState this[Frame frame] => ref _states[frame.Index];

    /// <summary>First frame of the folio that a frame in use belongs to.</summary>
    public Frame HeadOf(Frame frame)
    {
        FrameTable frames = memory.Frames;
        return frames[frame].State == FrameState.Allocated ? frame : frames.FolioOf(frame);
    }

    /// <summary>A fresh folio has the reference of whoever allocated it.</summary>
    public void Begin(Frame head)
    {
        ref FolioState state = ref _states[head.Index];
        state.References = 1;
        state.Object = FolioState.NoObject;
    }

    public void Get(Frame head) => _states[head.Index].References++;

    /// <summary>Gives a reference back; the last frees the folio.</summary>
    public void Put(Frame head, CpuId cpu)
    {
        ref FolioState state = ref _states[head.Index];
        if (state.References <= 0)
        {
            throw new LawException("FRAME-1", $"folio {head} has no reference to give back");
        }

        if (--state.References == 0)
        {
            lru.Remove(head);
            Free(head, cpu);
        }
    }

    /// <summary>A mapping that is gone, or names another page, gives its reference back (page_remove_rmap).</summary>
    public void Unmap(Frame frame, Frame folio, int space, ulong page, CpuId cpu)
    {
        reverseMap.Remove(ref _states[frame.Index].Mappings, space, page);
        Put(folio, cpu);
    }

    /// <summary>The same, where the last reference may wait between the steps of freeing the folio (tlb_finish_mmu).</summary>
    public ValueTask UnmapInSteps(Frame frame, Frame folio, int space, ulong page, CpuId cpu)
    {
        if (!runtime.Interleaving.IsControlled || _states[folio.Index].References > 1)
        {
            Unmap(frame, folio, space, page, cpu);
            return default;
        }

        reverseMap.Remove(ref _states[frame.Index].Mappings, space, page);
        _states[folio.Index].References--;
        lru.Remove(folio);
        ForgetSaved(folio);
        return memory.FreeInSteps(folio, cpu);
    }

    /// <summary>Mappings of all frames of the folio together (folio_mapcount).</summary>
    public int MappingCount(Frame head)
    {
        int count = 0;
        Frame end = head + (1 << memory.Frames[head].Order);
        for (Frame frame = head; frame < end; frame++)
        {
            count += reverseMap.Count(_states[frame.Index].Mappings);
        }

        return count;
    }

    /// <summary>References that caches account for.</summary>
    public int CacheReferences(Frame head)
    {
        PageFrame frame = memory.Frames[head];
        return (frame.Has(FrameFlags.FileCached) ? 1 : 0) + (frame.Has(FrameFlags.SwapCached) ? 1 : 0);
    }

    /// <summary>Elevates the references for somebody outside the kernel's own rooms (get_user_pages).</summary>
    public void Pin(Frame head)
    {
        Get(head);
        _pins[head.Index] = _pins.GetValueOrDefault(head.Index) + 1;
        memory.Frames[head].Set(FrameFlags.Pinned);
    }

    public void Unpin(Frame head, CpuId cpu)
    {
        int left = _pins[head.Index] - 1;
        if (left == 0)
        {
            _pins.Remove(head.Index);
            memory.Frames[head].Clear(FrameFlags.Pinned);
        }
        else
        {
            _pins[head.Index] = left;
        }

        Put(head, cpu);
    }

    private void Free(Frame head, CpuId cpu)
    {
        ForgetSaved(head);
        memory.Free(head, cpu);
    }

    private void ForgetSaved(Frame head)
    {
        if (saved.Count > 0 && runtime.Has(Safeguards.ForgetTagsOnFree))
        {
            runtime.Spin(runtime.Locks.SavedTags);
            memory.Contents.ForgetSavedTags(head, 1 << memory.Frames[head].Order);
        }
    }
}
