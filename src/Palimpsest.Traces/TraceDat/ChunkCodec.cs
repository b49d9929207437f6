using System.Buffers.Binary;
using System.IO.Compression;
using Palimpsest.Vocabulary;
using ZstdSharp;

namespace Palimpsest.Traces.TraceDat;

/// <summary>Chunks of a version 7 file: u32 compressed size, u32 size, and the bytes of one zstd frame or zlib stream.</summary>
internal sealed class ChunkCodec : IDisposable
{
    public const int HeaderBytes = 8;

    private readonly Decompressor? _zstd;
    private byte[] _packed = [];

    private ChunkCodec(bool isZstd) => _zstd = isZstd ? new Decompressor() : null;

    /// <summary>The codec of that name; null for "none".</summary>
    public static ChunkCodec? Of(string name, ByteCursor at) => name switch
    {
        "none" => null,
        "zstd" => new ChunkCodec(isZstd: true),
        "zlib" => new ChunkCodec(isZstd: false),
        _ => throw at.Error(
            $"compressed with \"{OneLine.Quote(name)}\", which is not read; run trace-cmd convert --compression none on the file"),
    };

    /// <summary>Unpacks the chunk at a place; its whole length in the file, or 0 where the file ends inside it.</summary>
    /// <param name="most">No sane chunk is larger once unpacked.</param>
    public int Unpack(RandomBytes bytes, long offset, int most, ref byte[] into, out int length)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        length = 0;
        if (bytes.ReadUpTo(offset, header) < HeaderBytes)
        {
            return 0;
        }

        uint packedSize = BinaryPrimitives.ReadUInt32LittleEndian(header);
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        if (packedSize > most || size > most)
        {
            throw bytes.Error(offset, $"a compressed chunk is said to have {packedSize} and unpacked {size} bytes, more than {most}; the "
                + "file is damaged, copy it again");
        }

        if (packedSize > bytes.Length - offset - HeaderBytes)
        {
            return 0;
        }

        Grow(ref _packed, (int)packedSize);
        Grow(ref into, (int)size);
        bytes.ReadUpTo(offset + HeaderBytes, _packed.AsSpan(0, (int)packedSize));
        if (!TryUnpack(_packed.AsMemory(0, (int)packedSize), into.AsSpan(0, (int)size)))
        {
            throw bytes.Error(offset,
                "a compressed chunk cannot be unpacked to the size that it gives; the file is damaged, copy it again");
        }

        length = (int)size;
        return HeaderBytes + (int)packedSize;
    }

    public void Dispose() => _zstd?.Dispose();

    private bool TryUnpack(ReadOnlyMemory<byte> packed, Span<byte> into)
    {
        try
        {
            if (_zstd is not null)
            {
                return _zstd.TryUnwrap(packed.Span, into, out int written) && written == into.Length;
            }

            using var stream = new ZLibStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
            return stream.ReadAtLeast(into, into.Length, throwOnEndOfStream: false) == into.Length;
        }
        catch (Exception exception) when (exception is ZstdException or InvalidDataException or IOException)
        {
            // The inflater of .NET has an internal kind of IOException for codes that it does not expect.
            return false;
        }
    }

    private static void Grow(ref byte[] buffer, int size)
    {
        if (buffer.Length < size)
        {
            buffer = GC.AllocateUninitializedArray<byte>(size);
        }
    }
}
