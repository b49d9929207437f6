using System.Buffers.Binary;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.TraceDat;

/// <summary>
/// Events of one CPU's ring buffer (kernel/trace/ring_buffer.c). A page: u64 time, u64 length of its data and flags, data.
/// An event: 5 bits of type or length in words, 27 bits of time since the event before.
/// </summary>
internal sealed class CpuStream(CpuPages pages, int cpu, int pageHeaderBytes, RandomBytes bytes)
{
    private const ulong LengthMask = (1UL << 27) - 1;
    private const ulong MissedEvents = 1UL << 31;
    private const ulong MissedStored = 1UL << 30;
    private const int DeltaBits = 27;
    private const ulong StampMask = (1UL << 59) - 1;

    private int _at;
    private int _end;
    private int _recordAt;
    private int _recordLength;

    public int Cpu => cpu;

    /// <summary>Trace clock of the current event.</summary>
    public ulong Time { get; private set; }

    /// <summary>What the event says, from the number of its format on.</summary>
    public ReadOnlySpan<byte> Record => pages.Page.Slice(_recordAt, _recordLength);

    /// <summary>Events that were overwritten or dropped, as far as the kernel counted them.</summary>
    public ulong LostEvents { get; private set; }

    /// <summary>Places where the kernel did not say how many.</summary>
    public long LossesOfUnknownSize { get; private set; }

    /// <summary>Place of the current page in the file.</summary>
    public long FileOffset => pages.Offset;

    public bool IsCutOff => pages.IsCutOff;

    /// <summary>Goes to the next event; false after the last.</summary>
    public bool MoveNext()
    {
        while (true)
        {
            ReadOnlySpan<byte> page = pages.Page;
            while (_at + 4 <= _end)
            {
                if (TryReadEvent(page))
                {
                    return true;
                }
            }

            if (!pages.TryNext())
            {
                return false;
            }

            StartPage();
        }
    }

    public InputException Error(string whatAndWhatToDo) => bytes.Error(pages.Offset, $"in this page of CPU {cpu}: {whatAndWhatToDo}");

    // False for what is no event of its own: padding and time.
    private bool TryReadEvent(ReadOnlySpan<byte> page)
    {
        uint header = BinaryPrimitives.ReadUInt32LittleEndian(page[_at..]);
        uint type = header & 31;
        ulong delta = header >> 5;
        _at += 4;
        if (type is > 0 and <= 28)
        {
            Time += delta;
            return TakeRecord((int)type * 4);
        }

        if (type == 29 && delta == 0)
        {
            _at = _end;
            return false;
        }

        if (_at + 4 > _end)
        {
            throw Damaged();
        }

        uint word = BinaryPrimitives.ReadUInt32LittleEndian(page[_at..]);
        switch (type)
        {
            case 0:
                _at += 4;
                Time += delta;
                return TakeRecord(word is >= 4 and < int.MaxValue - 3 ? ((int)word - 4 + 3) & ~3 : throw Damaged());
            case 29:
                Time += delta;
                TakeRecord(word < int.MaxValue ? (int)word : throw Damaged());
                return false;
            case 30:
                _at += 4;
                Time += delta + ((ulong)word << DeltaBits);
                return false;
            default:
                _at += 4;
                Time = (Time & ~StampMask) | ((delta + ((ulong)word << DeltaBits)) & StampMask);
                return false;
        }
    }

    private bool TakeRecord(int length)
    {
        if (length > _end - _at)
        {
            throw Damaged();
        }

        _recordAt = _at;
        _recordLength = length;
        _at += length;
        return true;
    }

    private void StartPage()
    {
        ReadOnlySpan<byte> page = pages.Page;
        if (page.Length < pageHeaderBytes)
        {
            throw Damaged();
        }

        ulong commit = BinaryPrimitives.ReadUInt64LittleEndian(page[8..]);
        ulong length = commit & LengthMask;
        if (length > (ulong)(page.Length - pageHeaderBytes))
        {
            throw Damaged();
        }

        Time = BinaryPrimitives.ReadUInt64LittleEndian(page);
        _at = pageHeaderBytes;
        _end = pageHeaderBytes + (int)length;
        if ((commit & MissedEvents) != 0)
        {
            CountLost(page, commit);
        }
    }

    private void CountLost(ReadOnlySpan<byte> page, ulong commit)
    {
        bool isStored = (commit & MissedStored) != 0 && _end + sizeof(ulong) <= page.Length;
        ulong lost = isStored ? BinaryPrimitives.ReadUInt64LittleEndian(page[_end..]) : 1;
        LostEvents += Math.Min(lost, uint.MaxValue);
        LossesOfUnknownSize += isStored ? 0 : 1;
    }

    private InputException Damaged() => Error("lengths do not fit into it; the file is damaged, copy it again");
}
