using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using Palimpsest.Testing.Corpus;
using Palimpsest.Testing.Recordings;
using Palimpsest.Traces;
using ZstdSharp;

namespace Palimpsest.Fuzzing;

/// <summary>
/// What a campaign begins with: the inputs kept before, the samples of the tests, cut where they are long, and a few written ones.
/// </summary>
internal static class Seeds
{
    private const int LongestText = 6 << 10;
    private const string Root = "../../";
    private const string Traces = "tests/Palimpsest.Testing/Recordings/Samples";
    private const string Free =
        "            init-1       [001] .....     9.316274: mm_page_free: page=000000007e13c42b pfn=0x42e48 order=0\n";

    public static string KeptFile(string name) => PathOf($"tests/Palimpsest.Lab.Tests/Corpus/{name}.tar.zst");

    public static IEnumerable<byte[]> Of(string name) => File.Exists(KeptFile(name))
        ? [.. KeptInputs.Read(KeptFile(name)), .. New(name)]
        : New(name);

    private static IEnumerable<byte[]> New(string name) => name switch
    {
        "ftrace-text" or "workload" => Files(Traces, "*.txt").Concat(Files(Traces, "*.txt.zst")).Select(Beginning),
        "trace-dat" => Files(Traces, "*.dat").Concat(Files(Traces, "*.dat.zst")).Append(SmallTraceDat()),
        "perf-data" => Files(Traces, "perf*.data").Concat(Files(Traces, "perf*.data.zst")),
        "perfetto" => Files(Traces, "*.pftrace").Concat(SmallPerfetto()),
        "wrapped" => Wrapped(),
        "pieces" => [.. Wrapped(), .. New("ftrace-text"), .. SmallPerfetto(), SmallTraceDat()],
        "snapshot" => Snapshots(),
        "kpageflags" => [new byte[64], .. Enumerable.Range(0, 4).Select(flags => Enumerable.Repeat((byte)(flags * 5),
            16384 * 8).ToArray())],
        "kernel-log" => Files("samples", "dmesg").Concat([Encoding.ASCII.GetBytes("[    0.000000] cma: Reserved 64 MiB at "
            + "0x000000007c000000 on node -1\n[    0.0] OF: reserved mem: created CMA memory pool at 0x000000007c000000, size 16 MiB\n"
            + "[    0.0] OF: reserved mem: initialized node linux,cma, compatible id shared-dma-pool\n[    0.0] OF: reserved mem: "
            + "0x000000002ac00000..0x000000002ebfffff (65536 KiB) map reusable linux,cma\n[    0.0] cma: CMA area linux,cma could not be "
            + "activated\n[    0.0] Linux version 6.1.0-56-arm64 (debian)\n[    0.0] Memory: 98324K/2097152K available (1K)\n"
            + "[    0.0] Kernel command line: mem=1G cma=64M\n[    0.0] Machine model: board\n")])
            .Select(Beginning),
        "device-tree" => Files("tests/Palimpsest.Machine.Tests/Samples", "*.dtb").Concat(Files("tests/Palimpsest.Machine.Tests/Samples",
            "*.itb")),
        "costs" => [Encoding.ASCII.GetBytes("{ \"copyPageNs\": 354, \"lookupNs\": 1.5e2, // slow\n \"faultNs\": 0, }")],
        "schedule" => [Encoding.ASCII.GetBytes("# found\nschedule 1 lost-update seed 7: cpu0 cpu1*2 cache?3 end\n")],
        "zoneinfo" => Files("samples", "zoneinfo"),
        _ => [Encoding.ASCII.GetBytes(SmallFiles()[name])],
    };

    private static IEnumerable<byte[]> Wrapped()
    {
        byte[] text = [.. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Free, 4)))];
        yield return [.. "<!DOCTYPE html>\n<html><script>x</script><script class=\"trace-data\" type=\"application/text\">\n"u8, .. text,
            .. "  </script></html>\n"u8];
        yield return [0xff, 0xfe, .. Encoding.Unicode.GetBytes(Encoding.ASCII.GetString(text))];
        yield return Encoding.BigEndianUnicode.GetBytes(Encoding.ASCII.GetString(text));
        yield return Zip(("trace.txt", text));
        yield return Zip(("trace.txt", text), ("other.txt", text));
        foreach (byte[] content in SmallPerfetto().Prepend(SmallTraceDat()).Prepend(text))
        {
            using Compressor zstd = new();
            yield return zstd.Wrap(content).ToArray();
            yield return Packed(content, into => new GZipStream(into, CompressionLevel.Fastest));
            yield return [.. "capturing trace... done\nTRACE:\n"u8,
                .. Packed(content, into => new ZLibStream(into, CompressionLevel.Fastest))];
        }
    }

    private static IEnumerable<byte[]> Snapshots()
    {
        Dictionary<string, string> files = SmallFiles();
        string text = string.Concat(files.Select(file => $"== {file.Key}\n{file.Value}\n"));
        foreach (byte[] zoneinfo in Files("samples", "zoneinfo"))
        {
            yield return [.. Encoding.ASCII.GetBytes(text + "== zoneinfo\n"), .. zoneinfo, .. "\n== kpageflags\n"u8, .. new byte[256]];
            yield return [.. Encoding.ASCII.GetBytes(text + "== zoneinfo\n"), .. zoneinfo];
        }
    }

    private static Dictionary<string, string> SmallFiles() => new()
    {
        ["pagetypeinfo"] = "Page block order: 9\nPages per block:  512\n\nFree pages count per migrate type at order       0      1      "
            + "2      3      4      5      6      7      8      9     10 \nNode    0, zone      DMA, type    Unmovable      1      0     "
            + " 0      1      2      1      1      0      1      1      1 \nNode    0, zone      DMA, type      Movable      3    "
            + ">100000      0      1      2      1      1      0      1      1      1 \nNode    0, zone      DMA, type          CMA      "
            + "0      0      0      0      0      0      0      0      0      0     16 \n\nNumber of blocks type     Unmovable      "
            + "Movable  Reclaimable   HighAtomic          CMA      Isolate \nNode 0, zone      DMA           14          450           "
            + "12            0           32            0 \n",
        ["meminfo"] = "MemTotal:        1989376 kB\nMemFree:          512 kB\n",
        ["vmstat"] = "nr_free_pages 432\npgalloc_dma 12345\npgalloc_normal 77\npgfree 12\n",
        ["iomem"] = "00000000-3fffffff : System RAM\n  00010000-00ffffff : Kernel code\n  01000000-0123ffff : reserved\n  "
            + "01240000-015fffff : Kernel data\n40000000-7fffffff : System RAM\n  7d000000-7fffffff : reserved\n",
        ["dmesg"] = "[    0.000000] cma: Reserved 16 MiB at 0x0000000003000000\n",
    };

    private static byte[] SmallTraceDat() =>
        RawTraceDat.Write([[.. Enum.GetValues<RingPrefix>()
            .Select((prefix, index) => new RingEvent((ulong)index, index, 12, 100, prefix, index % 2 == 0))],
            [new RingEvent(7, 0, 13, 5, RingPrefix.None, HasLongHeader: false)]], 1000).Bytes;

    private static IEnumerable<byte[]> SmallPerfetto() =>
        from encoding in Enum.GetValues<EventEncoding>()
        from packing in new[] { PerfettoWriter.Plain, PerfettoWriter.Zlib, PerfettoWriter.Zstd }
        let style = new PerfettoStyle(encoding, 65536, DescribesFirst: true, EventsOfBundle: 4, MostOfCpu: 3, EventsOfRound: 8, packing)
        select PerfettoWriter.Write(style,
            [.. Enumerable.Range(1, 12)
            .Select(index => new PerfettoEvent(index % 2 == 0 ? TraceEventKind.Free : TraceEventKind.Allocate, (ulong)index, index % 3,
            index, (ulong)index, 0, 0, 0xcc0))]);

    private static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        MemoryStream into = new();
        using (ZipArchive zip = new(into, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in files)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return into.ToArray();
    }

    private static byte[] Packed(byte[] content, Func<Stream, Stream> packer)
    {
        MemoryStream into = new();
        using (Stream stream = packer(into))
        {
            stream.Write(content);
        }

        return into.ToArray();
    }

    private static byte[] Beginning(byte[] text)
    {
        int end = text.Length <= LongestText ? text.Length : text.AsSpan(0, LongestText).LastIndexOf((byte)'\n') + 1;
        return text[..end];
    }

    private static IEnumerable<byte[]> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(PathOf(folder), pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => file.EndsWith(".zst", StringComparison.Ordinal) ? Unpacked(file) : File.ReadAllBytes(file));

    private static byte[] Unpacked(string file)
    {
        using DecompressionStream content = new(File.OpenRead(file), leaveOpen: false);
        using MemoryStream all = new();
        content.CopyTo(all);
        return all.ToArray();
    }

    private static string PathOf(string path, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, Root, path));
}
