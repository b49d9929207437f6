using System.Buffers.Binary;
using System.Globalization;
using Palimpsest.Lab.Census;
using Palimpsest.Lab.Tests.Trials;

namespace Palimpsest.Lab.Tests.Census;

/// <summary>A folder with a kpageflags of a few frames, and what a test puts beside it.</summary>
internal sealed class CensusFolder : IDisposable
{
    public const ulong Lru = 1UL << 5;
    public const ulong Slab = 1UL << 7;
    public const ulong Free = 1UL << 10;
    public const ulong Anonymous = (1UL << 12) | Lru;
    public const ulong SwapBacked = 1UL << 14;
    public const ulong NoPage = 1UL << 20;
    public const ulong Ksm = 1UL << 21;
    public const ulong Huge = 1UL << 22;
    public const ulong Reserved = 1UL << 32;
    public const ulong Tagged = 1UL << 41;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palimpsest-");

    public string Path => _folder.FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Frames by their flags, from pfn 0 on.</summary>
    public static byte[] Bytes(params IEnumerable<ulong> flags)
    {
        ulong[] all = [.. flags];
        byte[] bytes = new byte[all.Length * 8];
        for (int frame = 0; frame < all.Length; frame++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(frame * 8), all[frame]);
        }

        return bytes;
    }

    /// <summary>So many frames, all free but those that are named.</summary>
    public static ulong[] Frames(int count, params (int Frame, ulong Flags)[] others)
    {
        ulong[] flags = [.. Enumerable.Repeat(Free, count)];
        foreach ((int frame, ulong of) in others)
        {
            flags[frame] = of;
        }

        return flags;
    }

    /// <summary>The folder with these frames.</summary>
    public static CensusFolder Of(params IEnumerable<ulong> flags)
    {
        CensusFolder folder = new();
        File.WriteAllBytes(folder["kpageflags"], Bytes(flags));
        return folder;
    }

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
    }

    /// <summary>One zone of so many frames from a pfn on.</summary>
    public void WriteZone(int first, int frames, int? present = null) => Write("zoneinfo", string.Create(CultureInfo.InvariantCulture,
        $"Node 0, zone   Normal\n  pages free     1\n        spanned  {frames}\n        present  {present ?? frames}\n"
            + $"        managed  {present ?? frames}\n  start_pfn:           {first}\n"));

    /// <summary>A process with one area at page 16 of its addresses.</summary>
    public void WriteProcess(int pid, string name, string flags, params ulong[] pagemap)
    {
        string own = pid.ToString(CultureInfo.InvariantCulture);
        Write($"{own}/comm", name + "\n");
        Write($"{own}/smaps", string.Create(CultureInfo.InvariantCulture,
            $"00010000-{(16 + pagemap.Length) << 12:x8} rw-p 00000000 00:00 0 [heap]\nRss:      8 kB\nAnonymous:      8 kB\n"
                + $"VmFlags: rd wr {flags}\n00900000-00a00000 r--p 00000000 00:00 0 /lib/a\nRss:      4 kB\nAnonymous:      0 kB\n"));
        File.WriteAllBytes(this[$"{own}/pagemap"], [.. new byte[16 * 8], .. Bytes(pagemap)]);
    }

    public CensusResult Run() => new CensusTrial { Path = Path }.Finish();

    public void Dispose() => _folder.Delete(recursive: true);
}
