using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Dram;

/// <summary>
/// The bytes of DRAM by dense frame number. A page takes a slot of a slab when it is first written and keeps it; pages
/// never written read as zeros and take none.
/// </summary>
public sealed class DramPages
{
    private const int ChunkLog2 = 10;
    private const int SlabLog2 = 16;

    // Slot + 1 of a frame, 0 while it is untouched; a chunk without touched frames is null.
    private readonly int[]?[] _chunks;
    private readonly List<byte[]> _slabs = [];
    private readonly byte[] _zeros;
    private readonly int _pageShift;
    private readonly int _slabPagesLog2;

    /// <param name="frames">Frames that exist, as <see cref="Memory.MemoryLayout.Frames"/>.</param>
    public DramPages(int frames, PageGeometry geometry)
    {
        Frames = frames;
        _pageShift = geometry.PageShift;
        _slabPagesLog2 = SlabLog2 - _pageShift;
        _zeros = new byte[geometry.PageBytes];
        _chunks = new int[]?[(frames + (1 << ChunkLog2) - 1) >> ChunkLog2];
    }

    /// <summary>Frame indexes that there is room for, from 0.</summary>
    public int Frames { get; }

    /// <summary>Pages that were written so far: what the model pays memory for.</summary>
    public int TouchedPages { get; private set; }

    /// <summary>Were bytes of the frame ever written? It reads as zero otherwise.</summary>
    public bool IsTouched(int frame) => SlotOf(frame) != 0;

    /// <summary>The page as it is now; the shared page of zeros while it is untouched.</summary>
    public ReadOnlySpan<byte> Peek(int frame) => TryFind(frame, out byte[] slab, out int offset)
        ? slab.AsSpan(offset, _zeros.Length)
        : _zeros;

    /// <summary>The page to be written; takes its slot.</summary>
    public Span<byte> Page(int frame)
    {
        if (!TryFind(frame, out byte[] slab, out int offset))
        {
            Touch(frame);
            TryFind(frame, out slab, out offset);
        }

        return slab.AsSpan(offset, _zeros.Length);
    }

    /// <summary>Fills the page with zeros; an untouched page stays untouched.</summary>
    public void Zero(int frame)
    {
        if (TryFind(frame, out byte[] slab, out int offset))
        {
            slab.AsSpan(offset, _zeros.Length).Clear();
        }
    }

    /// <summary>Where a touched page lies; valid for ever.</summary>
    internal bool TryFind(int frame, out byte[] slab, out int offset)
    {
        int slot = SlotOf(frame) - 1;
        if (slot < 0)
        {
            slab = _zeros;
            offset = 0;
            return false;
        }

        slab = _slabs[slot >> _slabPagesLog2];
        offset = (slot & ((1 << _slabPagesLog2) - 1)) << _pageShift;
        return true;
    }

    private int SlotOf(int frame)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)frame, (uint)Frames);
        return _chunks[frame >> ChunkLog2] is { } chunk ? chunk[frame & ((1 << ChunkLog2) - 1)] : 0;
    }

    private void Touch(int frame)
    {
        if (TouchedPages >> _slabPagesLog2 == _slabs.Count)
        {
            _slabs.Add(GC.AllocateArray<byte>(1 << SlabLog2, pinned: true));
        }

        int[] chunk = _chunks[frame >> ChunkLog2] ??= new int[1 << ChunkLog2];
        chunk[frame & ((1 << ChunkLog2) - 1)] = ++TouchedPages;
    }
}
