using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Perfetto;

/// <summary>Fills as much of a buffer as is at hand; 0 at the end.</summary>
internal delegate int ByteSource(Span<byte> buffer);

/// <summary>
/// Cuts bytes into packets: a trace is a message of nothing but packets, field 1 (protos/perfetto/trace/trace.proto). What a
/// packet claims to be long is believed only as its bytes arrive.
/// </summary>
/// <param name="windowBytes">Read ahead at once; packets may be longer.</param>
internal sealed class PacketStream(string name, int windowBytes)
{
    private const int LargestPacket = 64 << 20;
    private const int LongestHeader = 20;
    private const uint Packet = 1;

    private byte[] _window = new byte[windowBytes];
    private ByteSource _source = _ => 0;
    private int _at;
    private int _used;
    private long _read;
    private long? _place;

    /// <summary>Place of the current packet in the file.</summary>
    public long Offset { get; private set; }

    /// <summary>Do the bytes end inside a packet? Known after the last.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Begins with other bytes.</summary>
    /// <param name="taken">Those that have been read from the source already.</param>
    /// <param name="place">Place in the file of the packet that holds all of them; null if they are the file.</param>
    public void Start(ByteSource source, ReadOnlySpan<byte> taken, long? place)
    {
        _source = source;
        _at = 0;
        _used = 0;
        _place = place;
        IsCutOff = false;
        Reserve(taken.Length);
        taken.CopyTo(_window);
        _used = taken.Length;
        _read = taken.Length;
    }

    /// <summary>The next packet, valid until the next call; false after the last whole one.</summary>
    public bool TryNext(out ReadOnlySpan<byte> packet)
    {
        packet = default;
        while (true)
        {
            Fill(LongestHeader);
            Offset = _place ?? _read - (_used - _at);
            if (_at == _used)
            {
                return false;
            }

            ReadOnlySpan<byte> head = _window.AsSpan(_at, _used - _at);
            int tagBytes = WireReader.Varint(head, out ulong tag);
            int sizeBytes = WireReader.Varint(head[tagBytes..], out ulong size);
            if (tagBytes == 0 || sizeBytes == 0)
            {
                IsCutOff = head.Length < LongestHeader && !WireReader.IsNoVarint(head) && !WireReader.IsNoVarint(head[tagBytes..]);
                return IsCutOff ? false : throw Damaged();
            }

            if ((tag & 7) != (ulong)WireType.Bytes || tag < 8)
            {
                throw Damaged();
            }

            if (size > LargestPacket)
            {
                throw Error($"a packet is said to have {size} bytes, more than {LargestPacket}; the file is damaged, copy it again");
            }

            int length = tagBytes + sizeBytes + (int)size;
            Fill(length);
            if (_used - _at < length)
            {
                IsCutOff = true;
                return false;
            }

            packet = _window.AsSpan(_at + length - (int)size, (int)size);
            _at += length;
            if (tag >> 3 == Packet)
            {
                return true;
            }
        }
    }

    public InputException Error(string whatAndWhatToDo) => new($"{name}: byte {Offset}: {whatAndWhatToDo}");

    public InputException Damaged() => Error("lengths and fields do not fit; the file is damaged, copy it again");

    // Has that many bytes at hand, if there are so many.
    private void Fill(int wanted)
    {
        while (_used - _at < wanted)
        {
            if (_at > 0)
            {
                _window.AsSpan(_at, _used - _at).CopyTo(_window);
                _used -= _at;
                _at = 0;
            }

            Reserve(_used + 1);
            int read = _source(_window.AsSpan(_used));
            _used += read;
            _read += read;
            if (read == 0)
            {
                return;
            }
        }
    }

    private void Reserve(int size)
    {
        if (size > _window.Length)
        {
            Array.Resize(ref _window, Math.Max(_window.Length * 2, size));
        }
    }
}
