using System.IO.Compression;
using CsCheck;
using Palimpsest.Traces.TraceDat;
using Palimpsest.Vocabulary;
using ZstdSharp;

namespace Palimpsest.Traces.Tests.TraceDat;

/// <summary>Chunks of a compressed file: unpacked to their size, told where the file ends inside one, refused where they lie.</summary>
public sealed class ChunkCodecTests
{
    private const int Most = 1 << 16;

    [Theory]
    [InlineData("zstd")]
    [InlineData("zlib")]
    public void AChunkIsItsContentWhereverItStands(string name) =>
        Law.Holds(Gen.Select(Gen.Byte.Array[0, 3_000], Gen.Int[0, 20]), 60, drawn =>
        {
            (byte[] content, int before) = drawn;
            byte[] chunk = Chunk(name, content);
            using ChunkCodec codec = Codec(name);
            byte[] into = [];
            int taken = codec.Unpack(Bytes([.. new byte[before], .. chunk, 1, 2, 3]), before, Most, ref into, out int length);

            Assert.Equal(chunk.Length, taken);
            Assert.Equal(content, into[..length]);
        });

    [Theory]
    [InlineData("zstd")]
    [InlineData("zlib")]
    public void AChunkThatTheFileEndsInIsNone(string name)
    {
        byte[] chunk = Chunk(name, [.. Enumerable.Range(0, 500).Select(n => (byte)n)]);
        using ChunkCodec codec = Codec(name);
        byte[] into = [];

        for (int length = 0; length < chunk.Length; length++)
        {
            Assert.Equal(0, codec.Unpack(Bytes(chunk[..length]), 0, Most, ref into, out int unpacked));
            Assert.Equal(0, unpacked);
        }
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("zlib")]
    public void AChunkWithAnotherSizeThanItSaysIsRefused(string name)
    {
        byte[] chunk = Chunk(name, new byte[100]);
        chunk[4] = 101;
        using ChunkCodec codec = Codec(name);
        byte[] into = [];

        Assert.Equal(
            "made-up: byte 0: a compressed chunk cannot be unpacked to the size that it gives; the file is damaged, copy it again",
            Assert.Throws<InputException>(() => codec.Unpack(Bytes(chunk), 0, Most, ref into, out _)).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void AChunkOfAnAbsurdSizeIsRefusedBeforeItIsRead(int at)
    {
        byte[] chunk = Chunk("zstd", new byte[100]);
        BitConverter.GetBytes(Most + 1).CopyTo(chunk, at);
        using ChunkCodec codec = Codec("zstd");
        byte[] into = [];

        Assert.Contains($"more than {Most}; the file is damaged",
            Assert.Throws<InputException>(() => codec.Unpack(Bytes(chunk), 0, Most, ref into, out _)).Message, StringComparison.Ordinal);
        Assert.Empty(into);
    }

    [Fact]
    public void DamagedChunksAreUnpackedOrRefused() =>
        Law.Holds(Gen.Select(Gen.Int[0, 200], Gen.Byte, Gen.Bool), 400, drawn =>
        {
            (int at, byte value, bool isZstd) = drawn;
            string name = isZstd ? "zstd" : "zlib";
            byte[] chunk = Chunk(name, [.. Enumerable.Range(0, 400).Select(n => (byte)(n * n))]);
            chunk[at % chunk.Length] = value;
            using ChunkCodec codec = Codec(name);
            byte[] into = [];
            try
            {
                codec.Unpack(Bytes(chunk), 0, Most, ref into, out int length);
                Assert.InRange(length, 0, Most);
            }
            catch (InputException refused)
            {
                Assert.StartsWith("made-up: byte 0: a compressed chunk ", refused.Message, StringComparison.Ordinal);
            }
        });

    [Fact]
    public void ACodecIsKnownByItsName()
    {
        ByteCursor at = new(Bytes([]), 0);

        Assert.Null(ChunkCodec.Of("none", at));
        Assert.Contains("compressed with \"lzo\", which is not read; run trace-cmd convert --compression none",
            Assert.Throws<InputException>(() => ChunkCodec.Of("lzo", at)).Message, StringComparison.Ordinal);
    }

    private static ChunkCodec Codec(string name) => ChunkCodec.Of(name, new ByteCursor(Bytes([]), 0))!;

    private static RandomBytes Bytes(byte[] content) => new(new MemoryStream(content), "made-up");

    private static byte[] Chunk(string name, byte[] content)
    {
        byte[] packed;
        if (name == "zstd")
        {
            using Compressor compressor = new();
            packed = compressor.Wrap(content).ToArray();
        }
        else
        {
            using MemoryStream bytes = new();
            using (ZLibStream zlib = new(bytes, CompressionLevel.Fastest, leaveOpen: true))
            {
                zlib.Write(content);
            }

            packed = bytes.ToArray();
        }

        return [.. BitConverter.GetBytes(packed.Length), .. BitConverter.GetBytes(content.Length), .. packed];
    }
}
