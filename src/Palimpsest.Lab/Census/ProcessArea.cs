using System.Buffers.Text;

namespace Palimpsest.Lab.Census;

/// <summary>An area of a process's addresses, as /proc/PID/smaps has it (fs/proc/task_mmu.c, 6.1).</summary>
/// <param name="HasPages">Something of it is in memory.</param>
/// <param name="HasAnonymous">Something of it is anonymous memory.</param>
/// <param name="IsMte">It was mapped PROT_MTE: "mt" among its VmFlags.</param>
internal readonly record struct ProcessArea(ulong Start, ulong End, bool HasPages, bool HasAnonymous, bool IsMte)
{
    /// <summary>All areas of a process; lines that are none are passed over.</summary>
    /// <param name="buffer">Room for the longest line.</param>
    public static void Read(Stream smaps, byte[] buffer, List<ProcessArea> areas)
    {
        int held = 0;
        for (int read; (read = smaps.Read(buffer, held, buffer.Length - held)) > 0;)
        {
            held += read;
            ReadOnlySpan<byte> rest = buffer.AsSpan(0, held);
            for (int end; (end = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
            {
                Take(rest[..end], areas);
            }

            // A line as long as the buffer is none of the kernel's.
            held = rest.Length == buffer.Length ? 0 : rest.Length;
            rest[..held].CopyTo(buffer);
        }
    }

    private static void Take(ReadOnlySpan<byte> line, List<ProcessArea> areas)
    {
        if (line.Length > 0 && line[0] is >= (byte)'0' and <= (byte)'9' or >= (byte)'a' and <= (byte)'f')
        {
            if (Utf8Parser.TryParse(line, out ulong start, out int dash, 'x') && line[dash..] is [(byte)'-', .. var after]
                && Utf8Parser.TryParse(after, out ulong end, out _, 'x') && end > start)
            {
                areas.Add(new ProcessArea(start, end, HasPages: false, HasAnonymous: false, IsMte: false));
            }
        }
        else if (areas.Count == 0)
        {
            return;
        }
        else if (line.StartsWith("Rss:"u8))
        {
            areas[^1] = areas[^1] with { HasPages = IsSome(line) };
        }
        else if (line.StartsWith("Anonymous:"u8))
        {
            areas[^1] = areas[^1] with { HasAnonymous = IsSome(line) };
        }
        else if (line.StartsWith("VmFlags:"u8))
        {
            areas[^1] = areas[^1] with { IsMte = line.IndexOf(" mt "u8) >= 0 || line.EndsWith(" mt"u8) };
        }
    }

    // "Rss:                 12 kB"
    private static bool IsSome(ReadOnlySpan<byte> line) => line.IndexOfAnyInRange((byte)'1', (byte)'9') >= 0;
}
