using System.IO.Compression;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Swap;

/// <summary>
/// Swap to a compressed device in memory (zram): slots with their users, the swap cache, and tags by slot
/// (tags_by_swp_entry of arch/arm64/mm/mteswap.c). What it stores takes pages of the machine, as zsmalloc's pool does.
/// </summary>
internal sealed class SwapDevice
{
    private readonly PhysicalMemory _memory;
    private readonly FolioTable _folios;
    private readonly Slot[] _slots;
    private readonly Stack<int> _free = [];
    private readonly Stack<int> _pool = [];
    private readonly byte[] _page;
    private readonly byte[] _packed;
    private long _poolBytes;

    /// <param name="slots">Pages that fit, whatever they compress to.</param>
    public SwapDevice(PhysicalMemory memory, FolioTable folios, int slots)
    {
        _memory = memory;
        _folios = folios;
        _slots = new Slot[slots];
        _page = new byte[memory.System.Layout.Geometry.PageBytes];
        _packed = new byte[2 * _page.Length];
        for (int slot = slots - 1; slot >= 0; slot--)
        {
            _slots[slot].Cached = Frame.None;
            _free.Push(slot);
        }
    }

    public int FreeSlots => _free.Count;

    /// <summary>Folio of the swap cache for a slot, or none.</summary>
    public Frame CachedIn(int slot) => _slots[slot].Cached;

    /// <summary>Entries that name a slot.</summary>
    public int UsersOf(int slot) => _slots[slot].Users;

    /// <summary>What is remembered of the page whose bytes are in a slot.</summary>
    public Shadow ShadowOf(int slot) => _slots[slot].Shadow;

    /// <summary>A folio has left memory, its bytes in a slot.</summary>
    public void Remember(int slot, Shadow shadow) => _slots[slot].Shadow = shadow;

    public bool HasTags(int slot) => _slots[slot].Tags is not null;

    /// <summary>A slot with one user, for a page of shared memory; null when the device is full.</summary>
    public int? TryTake()
    {
        if (!_free.TryPop(out int slot))
        {
            return null;
        }

        _slots[slot] = new Slot { Cached = Frame.None, Users = 1 };
        return slot;
    }

    /// <summary>Puts a folio into the swap cache under a new slot. False: the device is full.</summary>
    public bool TryEnterCache(Frame folio)
    {
        if (!_free.TryPop(out int slot))
        {
            return false;
        }

        EnterCache(folio, slot);
        return true;
    }

    /// <summary>Puts the folio that was read from a slot into the swap cache.</summary>
    public void EnterCache(Frame folio, int slot)
    {
        _slots[slot].Cached = folio;
        _memory.Frames[folio].Set(FrameFlags.SwapCached);
        _folios[folio].Object = slot;
        _folios.Get(folio);
    }

    /// <summary>Takes a folio, which somebody has a reference to, out of the swap cache.</summary>
    public void LeaveCache(Frame folio)
    {
        int slot = _folios[folio].Object;
        _memory.Frames[folio].Clear(FrameFlags.SwapCached);
        _folios[folio].Object = FolioState.NoObject;
        _folios[folio].References--;
        _slots[slot].Cached = Frame.None;
        Release(slot);
    }

    /// <summary>The last entry and the cache let go of a slot together; the folio has other references.</summary>
    public void LeaveCacheWithEntry(Frame folio)
    {
        _slots[_folios[folio].Object].Users--;
        LeaveCache(folio);
    }

    /// <summary>A migrated folio takes the place of another in the swap cache.</summary>
    public void Moved(int slot, Frame destination) => _slots[slot].Cached = destination;

    public void Get(int slot) => _slots[slot].Users++;

    /// <summary>An entry that names a slot is gone (free_swap_and_cache).</summary>
    public void Put(int slot, CpuId cpu)
    {
        _slots[slot].Users--;
        Frame cached = _slots[slot].Cached;
        if (_slots[slot].Users == 0 && !cached.IsNone)
        {
            _folios.Get(cached);
            LeaveCache(cached);
            _folios.Put(cached, cpu);
        }
        else
        {
            Release(slot);
        }
    }

    /// <summary>Writes the bytes and tags of a folio to its slot. False: no memory for them.</summary>
    public bool Write(Frame folio, int slot)
    {
        _memory.Bytes.Read(folio.Index, 0, _page);
        byte[] data = Pack();
        byte[]? tags = _memory.Tags.HasTagsToSwap(folio) ? _memory.Tags.TagsOf(folio, folio) : null;
        long bytes = data.Length + (tags?.Length ?? 0);
        if (!TryGrow(bytes))
        {
            return false;
        }

        _poolBytes += bytes - _slots[slot].Bytes;
        _slots[slot].Data = data;
        _slots[slot].Tags = tags;
        return true;
    }

    /// <summary>Reads a slot into a folio of one page; its tags go where they can (R3).</summary>
    public async ValueTask Read(int slot, Frame folio, bool withTags = true)
    {
        byte[] data = _slots[slot].Data!;
        Unpack(data, _page);
        _memory.Bytes.Write(folio.Index, 0, _page);
        if (withTags && _slots[slot].Tags is { } tags)
        {
            await _memory.Runtime.Point(StepKind.RestoreTags, folio);
            await _memory.Tags.Put(folio, folio, tags);
        }
    }

    private void Release(int slot)
    {
        if (_slots[slot].Users > 0 || !_slots[slot].Cached.IsNone)
        {
            return;
        }

        _poolBytes -= _slots[slot].Bytes;
        _slots[slot].Data = null;
        _slots[slot].Tags = null;
        _free.Push(slot);
        while (_pool.Count > 0 && (_pool.Count - 1L) * _page.Length >= _poolBytes)
        {
            _memory.System.Free(new Frame(_pool.Pop()), cpu: CpuId.Boot);
        }
    }

    private bool TryGrow(long bytes)
    {
        while (_pool.Count * (long)_page.Length < _poolBytes + bytes)
        {
            AllocationRequest request = new(
                GfpFlags.HighMem | GfpFlags.NoWarn, Order.Zero, CpuId.Boot, IsTagged: false, Owner: 0, AllocationEffort.Reserves);
            Frame frame = _memory.Supply.Take(request).Now().Frame;
            _memory.System.Tell(request, frame);
            if (frame.IsNone)
            {
                return false;
            }

            _pool.Push(frame.Index);
        }

        return true;
    }

    /// <summary>A page of one repeated word takes no room, as in zram; else it is compressed, or kept if that does not help.</summary>
    private byte[] Pack()
    {
        if (_page.AsSpan().IndexOfAnyExcept(_page[0]) < 0)
        {
            return [_page[0]];
        }

        return BrotliEncoder.TryCompress(_page, _packed, out int written, quality: 0, window: 12) && written < _page.Length
            ? _packed.AsSpan(0, written).ToArray()
            : _page.AsSpan().ToArray();
    }

    private static void Unpack(byte[] data, Span<byte> page)
    {
        if (data.Length == 1)
        {
            page.Fill(data[0]);
        }
        else if (data.Length == page.Length)
        {
            data.CopyTo(page);
        }
        else
        {
            BrotliDecoder.TryDecompress(data, page, out _);
        }
    }

    private struct Slot
    {
        public int Users;
        public Frame Cached;
        public byte[]? Data;
        public byte[]? Tags;
        public Shadow Shadow;

        public readonly long Bytes => (Data?.Length ?? 0) + (Tags?.Length ?? 0);
    }
}
