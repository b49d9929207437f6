using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Trials;
using Palimpsest.Testing.Recordings;
using Palimpsest.Traces;

namespace Palimpsest.Lab.Tests.Trials;

/// <summary>A recording made while memory was short says so: a replay cannot repeat what reclaim did.</summary>
public sealed class PressureTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palimpsest-");

    public void Dispose() => _folder.Delete(recursive: true);

    // 100 pages in order 0, of which the snapshots count all.
    private static Trace Hundred => Recording.Of([.. Enumerable.Range(0x40000, 99).Select(pfn => $"alloc {pfn:x}")]);

    [Fact]
    public void WhatIsCountedIsWhatHappenedBetweenTheFirstSnapshotAndTheLast()
    {
        SnapshotFolder before = Add("before", "pgalloc_dma 1000", "nr_free_pages 900", "allocstall_dma 3", "pageoutrun 1", "pswpout 10");
        Add("mid", "pgalloc_dma 1050", "nr_free_pages 70");
        Add("after", "pgalloc_dma 1100", "nr_free_pages 80", "allocstall_dma 4", "allocstall_normal 6", "pageoutrun 5", "pswpout 60");

        Pressure pressure = Pressure.Find(Hundred, before)!;

        Assert.Equal((7, 4, 50), (pressure.Stalls, pressure.KswapdRuns, pressure.SwapOuts));
        Assert.Equal([("mid", 70L, (long?)null), ("after", 80L, null)],
            pressure.Moments.Select(at => (at.Snapshot, at.Kernel, at.Model)));
        Assert.InRange(pressure.Moments[0].TimeNs, 1, pressure.Moments[1].TimeNs - 1);
    }

    [Fact]
    public void OneSnapshotSaysNothing() => Assert.Null(Pressure.Find(Hundred, Add("before", "pgalloc_dma 1000", "nr_free_pages 900")));

    [Fact]
    public void SnapshotsWithoutAVmstatSayNothing()
    {
        SnapshotFolder before = Add("before");
        Add("after");

        Assert.Null(Pressure.Find(Hundred, before));
    }

    private SnapshotFolder Add(string name, params string[] counts)
    {
        string path = _folder.CreateSubdirectory(name).FullName;
        File.WriteAllText(Path.Combine(path, "zoneinfo"), "Node 0, zone      DMA\n        present  16384\n");
        if (counts.Length > 0)
        {
            File.WriteAllLines(Path.Combine(path, "vmstat"), counts);
        }

        return SnapshotFolder.Read(path);
    }
}
