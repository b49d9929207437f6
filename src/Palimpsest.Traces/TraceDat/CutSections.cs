using System.Buffers.Binary;

namespace Palimpsest.Traces.TraceDat;

/// <summary>
/// The sections of a version 7 file that was cut off before it says where they are. The events of a buffer are in one, CPU after CPU,
/// each beginning at a whole page. CPUs are numbered in this order; one without events is not seen.
/// </summary>
internal sealed class CutSections(RandomBytes bytes, int pageBytes, ChunkCodec? codec)
{
    public const int HeaderBytes = 16;

    /// <summary>Is the section in the file to its end?</summary>
    public static bool IsWhole(RandomBytes bytes, ulong offset)
    {
        byte[] header = new byte[HeaderBytes];
        return offset <= (ulong)bytes.Length && bytes.ReadUpTo((long)offset, header) == HeaderBytes
            && BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(8)) <= (ulong)bytes.Length - offset - HeaderBytes;
    }

    /// <summary>Kind, and where the content begins and ends: u16 kind, u16 flags, u32 name, u64 size, content.</summary>
    /// <param name="offset">Of a header; other sections follow to the end of the file.</param>
    public IEnumerable<(int Kind, long Start, long End)> From(long offset)
    {
        byte[] header = new byte[HeaderBytes];
        while (bytes.ReadUpTo(offset, header) == HeaderBytes)
        {
            long start = offset + HeaderBytes;
            ulong size = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(8));
            offset = size < (ulong)(bytes.Length - start) ? start + (long)size : bytes.Length;
            yield return (BinaryPrimitives.ReadUInt16LittleEndian(header), start, offset);
        }
    }

    /// <summary>Where the events of each CPU begin.</summary>
    public IEnumerable<CpuExtent> Events(long start, long end) => codec is null ? Plain(RoundUp(start), end) : Packed(RoundUp(start), end);

    /// <summary>Each CPU: u32 number of chunks, and the chunks.</summary>
    private IEnumerable<CpuExtent> Packed(long start, long end)
    {
        byte[] word = new byte[sizeof(uint)];
        for (int cpu = 0; cpu < TraceBuilder.MostCpus && start < end && bytes.ReadUpTo(start, word) == word.Length; cpu++)
        {
            yield return new CpuExtent(cpu, start, end - start);
            uint chunks = BinaryPrimitives.ReadUInt32LittleEndian(word);
            long at = start + word.Length;
            for (; chunks > 0 && at < end && bytes.ReadUpTo(at, word) == word.Length; chunks--)
            {
                at += ChunkCodec.HeaderBytes + BinaryPrimitives.ReadUInt32LittleEndian(word);
            }

            start = RoundUp(at);
        }
    }

    /// <summary>
    /// Time goes back where the pages of the next CPU begin. The last is said to go on behind the break, so that it is told.
    /// </summary>
    private IEnumerable<CpuExtent> Plain(long start, long end)
    {
        byte[] stamp = new byte[sizeof(ulong)];
        int cpu = 0;
        ulong last = 0;
        for (long at = start; at < end && cpu < TraceBuilder.MostCpus - 1 && bytes.ReadUpTo(at, stamp) == stamp.Length; at += pageBytes)
        {
            ulong time = BinaryPrimitives.ReadUInt64LittleEndian(stamp);
            if (time < last)
            {
                yield return new CpuExtent(cpu++, start, at - start);
                start = at;
            }

            last = time;
        }

        if (start < end)
        {
            yield return new CpuExtent(cpu, start, end - start + pageBytes);
        }
    }

    private long RoundUp(long offset) => (offset + pageBytes - 1) / pageBytes * pageBytes;
}
