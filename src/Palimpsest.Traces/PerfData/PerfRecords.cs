using System.Buffers.Binary;
using Palimpsest.Vocabulary;
using ZstdSharp;

namespace Palimpsest.Traces.PerfData;

/// <summary>
/// The records of a perf.data, one after the other: u32 kind, u16 flags, u16 size, content; compressed ones unpacked in their place.
/// </summary>
internal sealed class PerfRecords(RandomBytes bytes, long start, long end) : IDisposable
{
    public const int HeaderBytes = 8;

    // Of a file that was written to a pipe.
    public const uint Attribute = 64;
    public const uint TracingData = 66;
    public const uint Feature = 80;

    private const uint AuxiliaryTrace = 71;
    private const uint Compressed = 81;
    private const uint Compressed2 = 83;
    private const int WindowBytes = 1 << 20;

    // What one compressed record may unpack to: 64 KiB of the most compressible content.
    private const int LargestUnpacked = 64 << 20;

    private readonly byte[] _window = GC.AllocateUninitializedArray<byte>(WindowBytes);
    private long _next = start;
    private int _at;
    private int _used;
    private Decompressor? _zstd;
    private byte[] _unpacked = [];
    private int _unpackedAt;
    private int _unpackedEnd;

    /// <summary>The file ends inside a record: nothing comes behind the records of a pipe that would tell.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Place of the record in the file; of the compressed one that held it.</summary>
    public long Offset { get; private set; } = start;

    public static uint KindOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadUInt32LittleEndian(record);

    /// <summary>The next record with its header, valid until the next call; false after the last.</summary>
    public bool TryNext(out ReadOnlySpan<byte> record)
    {
        while (true)
        {
            if (TryTakeUnpacked(out record))
            {
                return true;
            }

            if (!TryTake(out record))
            {
                return false;
            }

            switch (KindOf(record))
            {
                case Compressed:
                    Unpack(record[HeaderBytes..]);
                    break;
                case Compressed2 when record.Length >= HeaderBytes + sizeof(ulong):
                    ulong size = BinaryPrimitives.ReadUInt64LittleEndian(record[HeaderBytes..]);
                    ReadOnlySpan<byte> content = record[(HeaderBytes + sizeof(ulong))..];
                    Unpack(content[..(int)Math.Min(size, (ulong)content.Length)]);
                    break;
                case AuxiliaryTrace when record.Length >= HeaderBytes + sizeof(ulong):
                    Skip(record.Length, BinaryPrimitives.ReadUInt64LittleEndian(record[HeaderBytes..]));
                    break;
                case TracingData when record.Length >= HeaderBytes + sizeof(uint):
                    // The data follow the record, in whole words of eight bytes.
                    Skip(record.Length, (BinaryPrimitives.ReadUInt32LittleEndian(record[HeaderBytes..]) + 7UL) & ~7UL);
                    return true;
                default:
                    return true;
            }
        }
    }

    public void Dispose() => _zstd?.Dispose();

    private bool TryTake(out ReadOnlySpan<byte> record)
    {
        record = default;
        if (_used - _at < ushort.MaxValue + 1)
        {
            Fill();
        }

        Offset = _next - (_used - _at);
        if (_used - _at < HeaderBytes)
        {
            IsCutOff = _used > _at;
            return false;
        }

        int size = SizeOf(_window.AsSpan(_at));
        if (size > _used - _at && end == bytes.Length)
        {
            IsCutOff = true;
            return false;
        }

        if (size > _used - _at)
        {
            throw Damaged();
        }

        record = _window.AsSpan(_at, size);
        _at += size;
        return true;
    }

    private bool TryTakeUnpacked(out ReadOnlySpan<byte> record)
    {
        record = default;
        int left = _unpackedEnd - _unpackedAt;
        if (left < HeaderBytes)
        {
            return false;
        }

        int size = SizeOf(_unpacked.AsSpan(_unpackedAt));
        if (size > left)
        {
            return false;
        }

        record = _unpacked.AsSpan(_unpackedAt, size);
        _unpackedAt += size;
        return true;
    }

    private int SizeOf(ReadOnlySpan<byte> record)
    {
        int size = BinaryPrimitives.ReadUInt16LittleEndian(record[6..]);
        return size >= HeaderBytes ? size : throw Damaged();
    }

    private void Fill()
    {
        _window.AsSpan(_at, _used - _at).CopyTo(_window);
        _used -= _at;
        _at = 0;
        int read = bytes.ReadUpTo(_next, _window.AsSpan(_used, (int)Math.Min(WindowBytes - _used, end - _next)));
        _next += read;
        _used += read;
    }

    private void Skip(int recordBytes, ulong count)
    {
        long place = Offset + recordBytes;
        if (count > (ulong)(end - place))
        {
            throw Damaged();
        }

        _next = place + (long)count;
        _at = 0;
        _used = 0;
    }

    // One zstd stream runs through all compressed records; a record may begin in one and end in the next.
    private void Unpack(ReadOnlySpan<byte> content)
    {
        _zstd ??= new Decompressor();
        int rest = _unpackedEnd - _unpackedAt;
        _unpacked.AsSpan(_unpackedAt, rest).CopyTo(_unpacked);
        _unpackedAt = 0;
        _unpackedEnd = rest;
        try
        {
            while (true)
            {
                if (_unpacked.Length - _unpackedEnd < ushort.MaxValue)
                {
                    Grow();
                }

                _zstd.UnwrapStream(content, _unpacked.AsSpan(_unpackedEnd), out int consumed, out int written);
                content = content[consumed..];
                _unpackedEnd += written;
                if (consumed == 0 && written == 0)
                {
                    return;
                }
            }
        }
        catch (ZstdException)
        {
            throw Damaged();
        }
    }

    private void Grow()
    {
        if (_unpacked.Length >= LargestUnpacked)
        {
            throw Damaged();
        }

        Array.Resize(ref _unpacked, Math.Max(_unpacked.Length * 2, 1 << 20));
    }

    private InputException Damaged() => bytes.Error(Offset, "the sizes of records do not fit; the file is damaged, copy it again");
}
