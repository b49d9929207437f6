using System.Buffers.Binary;

namespace Palimpsest.Traces.TraceDat;

/// <summary>The ring-buffer pages of one CPU, one after the other, in a window that holds some of them.</summary>
internal sealed class CpuPages
{
    private const int LargestChunk = 16 << 20;

    private readonly RandomBytes _bytes;
    private readonly ChunkCodec? _codec;
    private readonly int _pageBytes;
    private readonly long _end;
    private byte[] _window;
    private long _next;
    private long _windowOffset;
    private uint _chunks;
    private int _used;
    private int _start;

    /// <param name="window">Bytes to hold at least; the memory of this CPU.</param>
    public CpuPages(RandomBytes bytes, in CpuExtent extent, int pageBytes, int window, ChunkCodec? codec)
    {
        _bytes = bytes;
        _codec = codec;
        _pageBytes = pageBytes;
        _next = extent.Offset;
        _end = extent.Offset + extent.Size;
        _window = codec is null && extent.Size > 0 ? GC.AllocateUninitializedArray<byte>(Math.Max(window / pageBytes, 1) * pageBytes) : [];
        if (codec is not null && extent.Size > 0)
        {
            ReadChunkCount();
        }
    }

    /// <summary>Does the file end before the pages do?</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>The current page.</summary>
    public ReadOnlySpan<byte> Page => _window.AsSpan(_start, Length);

    public int Length { get; private set; }

    /// <summary>Place of the current page in the file; of its chunk if it is compressed.</summary>
    public long Offset { get; private set; }

    public bool TryNext()
    {
        _start += Length;
        if (_start >= _used && !TryFill())
        {
            Length = 0;
            return false;
        }

        Length = Math.Min(_pageBytes, _used - _start);
        Offset = _windowOffset + (_codec is null ? _start : 0);
        return true;
    }

    private bool TryFill()
    {
        _start = 0;
        _used = 0;
        return _codec is null ? TryFillPlain() : TryFillChunk();
    }

    private bool TryFillPlain()
    {
        int wanted = (int)Math.Min(_window.Length, _end - _next);
        if (wanted <= 0)
        {
            return false;
        }

        int read = _bytes.ReadUpTo(_next, _window.AsSpan(0, wanted));
        if (read < wanted)
        {
            IsCutOff = true;
            read -= read % _pageBytes;
            wanted = read;
        }

        _windowOffset = _next;
        _next = IsCutOff ? _end : _next + wanted;
        _used = wanted;
        return read > 0;
    }

    private bool TryFillChunk()
    {
        // A chunk of no bytes would not go on.
        while (_chunks > 0)
        {
            _chunks--;
            int taken = _codec!.Unpack(_bytes, _next, LargestChunk, ref _window, out _used);
            IsCutOff |= taken == 0;
            _windowOffset = _next;
            _next += taken;
            if (_used > 0)
            {
                return true;
            }

            _chunks = taken == 0 ? 0 : _chunks;
        }

        return false;
    }

    // The extent's size leaves out the u32 count that comes before the chunks.
    private void ReadChunkCount()
    {
        Span<byte> count = stackalloc byte[sizeof(uint)];
        IsCutOff = _bytes.ReadUpTo(_next, count) < count.Length;
        _chunks = IsCutOff ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(count);
        _next += count.Length;
    }
}
