using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Workloads;
using Palimpsest.Vocabulary;

namespace Palimpsest.Testing.Corpus;

/// <summary>A whole snapshot in one input: before each file a line <c>== name</c>.</summary>
public static class SnapshotSections
{
    private static readonly string[] _names = ["zoneinfo", "pagetypeinfo", "vmstat", "iomem", "dmesg", "kpageflags", "kpageflags.zst",
        "kpageflags.gz"];

    /// <summary>Reads all that a replay takes from a snapshot.</summary>
    public static void Read(byte[] bytes)
    {
        string folder = Directory.CreateTempSubdirectory("palimpsest-corpus").FullName;
        try
        {
            Unpack(bytes, folder);
            SnapshotFolder snapshot = SnapshotFolder.Read(folder);
            _ = snapshot.PagesAllocated + snapshot.Unmanaged.Count + snapshot.PerCpuCounts.Count + snapshot.Ram(PageGeometry.Page4K).Count;
            _ = snapshot.StartState(InputReaders.Layout).Unseen(new StartEvidence(InputReaders.Layout, frame => frame % 3 == 0, [], []))
                .Count();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Unpack(ReadOnlySpan<byte> bytes, string folder)
    {
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOf("\n== "u8);
            ReadOnlySpan<byte> section = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? [] : bytes[(end + 1)..];
            int line = section.IndexOf((byte)'\n');
            string head = System.Text.Encoding.Latin1.GetString(line < 0 ? section : section[..line]);
            if (_names.FirstOrDefault(name => head == $"== {name}") is { } known)
            {
                File.WriteAllBytes(Path.Combine(folder, known), line < 0 ? [] : section[(line + 1)..]);
            }
        }
    }
}
