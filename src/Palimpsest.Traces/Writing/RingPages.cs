using System.Buffers.Binary;

namespace Palimpsest.Traces.Writing;

/// <summary>
/// The ring buffer of one CPU: pages of events, each with the time of its first and the number of its bytes, times of the
/// others as what has passed since the one before (kernel/trace/ring_buffer.c).
/// </summary>
/// <param name="pageBytes">A page of the machine (BUF_PAGE_SIZE).</param>
internal sealed class RingPages(int pageBytes)
{
    public const int HeaderBytes = 16;
    private const int TimeExtendType = 30;
    private const int DeltaBits = 27;
    private const int TypeBits = 5;

    private readonly MemoryStream _pages = new();
    private readonly byte[] _page = new byte[pageBytes];
    private int _used;
    private long _last;

    /// <summary>Makes place for an event; the bytes are the caller's to fill, and valid until the next.</summary>
    /// <param name="timeNs">Never less than that of the event before.</param>
    /// <param name="bytes">A multiple of four, at most 112.</param>
    public Span<byte> Add(long timeNs, int bytes)
    {
        const int longest = sizeof(uint) + sizeof(ulong);
        if (_used == 0 || HeaderBytes + _used + longest + bytes > pageBytes)
        {
            FinishPage();
            BinaryPrimitives.WriteInt64LittleEndian(_page, timeNs);
            _last = timeNs;
        }

        long delta = timeNs - _last;
        if (delta >> DeltaBits != 0)
        {
            Word(TimeExtendType | ((uint)delta << TypeBits));
            Word((uint)(delta >> DeltaBits));
            delta = 0;
        }

        _last = timeNs;
        Word((uint)(bytes / sizeof(uint)) | ((uint)delta << TypeBits));
        _used += bytes;
        return _page.AsSpan(HeaderBytes + _used - bytes, bytes);
    }

    /// <summary>All pages; nothing can be added afterwards.</summary>
    public Stream Finish()
    {
        FinishPage();
        return _pages;
    }

    private void FinishPage()
    {
        if (_used > 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_page.AsSpan(sizeof(long)), _used);
            _pages.Write(_page);
            _page.AsSpan().Clear();
            _used = 0;
        }
    }

    private void Word(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_page.AsSpan(HeaderBytes + _used), value);
        _used += sizeof(uint);
    }
}
