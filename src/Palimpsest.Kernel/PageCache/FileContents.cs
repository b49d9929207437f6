using System.Buffers.Binary;

namespace Palimpsest.Kernel.PageCache;

/// <summary>What a file has in it before anybody writes: a pattern that names the file and the place.</summary>
public static class FileContents
{
    /// <param name="page">A whole page.</param>
    public static void Fill(int file, int index, Span<byte> page)
    {
        ulong state = ((ulong)(uint)file << 32 | (uint)index) * 0x9E3779B97F4A7C15;
        for (int at = 0; at < page.Length; at += sizeof(ulong))
        {
            state = (state ^ (state >> 29)) * 0xBF58476D1CE4E5B9;
            BinaryPrimitives.WriteUInt64LittleEndian(page[at..], state);
        }
    }
}
