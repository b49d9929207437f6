using System.Buffers.Binary;
using System.IO.Compression;

namespace Palimpsest.Reports.Html.Census;

/// <summary>A picture of one byte a cell, as PNG (RFC 2083) with a palette.</summary>
internal static class IndexedPng
{
    private const uint CrcPolynomial = 0xedb88320;
    private const byte BitsOfIndex = 8;
    private const byte Palette = 3;

    /// <param name="pixels">Row after row, each an index into the colours.</param>
    /// <param name="colours">Red, green, blue and opacity.</param>
    public static byte[] Of(ReadOnlySpan<byte> pixels, int width, IReadOnlyList<(byte Red, byte Green, byte Blue, byte Alpha)> colours)
    {
        int height = pixels.Length / width;
        using MemoryStream png = new();
        png.Write([0x89, .. "PNG\r\n\x1a\n"u8]);
        byte[] head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), height);
        (head[8], head[9]) = (BitsOfIndex, Palette);
        Write(png, "IHDR"u8, head);
        Write(png, "PLTE"u8, [.. colours.SelectMany(colour => new[] { colour.Red, colour.Green, colour.Blue })]);
        Write(png, "tRNS"u8, [.. colours.Select(colour => colour.Alpha)]);
        Write(png, "IDAT"u8, Packed(pixels, width));
        Write(png, "IEND"u8, []);
        return png.ToArray();
    }

    // Each row begins with the number of its filter: none.
    private static byte[] Packed(ReadOnlySpan<byte> pixels, int width)
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (ReadOnlySpan<byte> rest = pixels; rest.Length >= width; rest = rest[width..])
            {
                zlib.WriteByte(0);
                zlib.Write(rest[..width]);
            }
        }

        return packed.ToArray();
    }

    private static void Write(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(data, Crc(type, uint.MaxValue)));
        png.Write(number);
    }

    private static uint Crc(ReadOnlySpan<byte> data, uint crc)
    {
        foreach (byte item in data)
        {
            crc ^= item;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (CrcPolynomial & (uint)-(int)(crc & 1));
            }
        }

        return crc;
    }
}
