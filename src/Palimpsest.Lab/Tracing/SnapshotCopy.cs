using ZstdSharp;

namespace Palimpsest.Lab.Tracing;

/// <summary>Copies the files of /proc that tell the state of memory into a folder that --snapshot takes.</summary>
internal static class SnapshotCopy
{
    private static readonly string[] Texts = ["zoneinfo", "pagetypeinfo", "vmstat", "buddyinfo", "iomem", "meminfo"];

    /// <param name="proc">Where procfs is mounted; what it lacks, or does not let be read, is left out.</param>
    public static void Take(string proc, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string name in Texts)
        {
            Copy(Path.Combine(proc, name), source => File.WriteAllBytes(Path.Combine(folder, name), ReadAll(source)));
        }

        Copy(Path.Combine(proc, "kpageflags"), source =>
        {
            using FileStream file = File.Create(Path.Combine(folder, "kpageflags.zst"));
            using CompressionStream packed = new(file, level: 1);
            source.CopyTo(packed, 1 << 20);
        });
    }

    private static byte[] ReadAll(Stream source)
    {
        using MemoryStream all = new();
        source.CopyTo(all);
        return all.ToArray();
    }

    private static void Copy(string from, Action<Stream> copy)
    {
        if (!File.Exists(from))
        {
            return;
        }

        try
        {
            using FileStream source = new(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            copy(source);
        }
        catch (UnauthorizedAccessException)
        {
            // A file for root alone; the others do without it.
        }
    }
}
