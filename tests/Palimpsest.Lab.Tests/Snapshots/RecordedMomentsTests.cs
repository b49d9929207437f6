using System.Globalization;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Testing.Recordings;
using Palimpsest.Traces;

namespace Palimpsest.Lab.Tests.Snapshots;

/// <summary>Snapshots are placed by the pages that the kernel had allocated by then.</summary>
public sealed class RecordedMomentsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palimpsest-");

    public void Dispose() => _folder.Delete(recursive: true);

    // 100 pages in order 0 and one last allocation that every recording has.
    private static Trace Hundred => Recording.Of([.. Enumerable.Range(0x40000, 99).Select(pfn => $"alloc {pfn:x}")]);

    [Fact]
    public void AMomentLiesHalfWayBetweenWhatStartAndEndSay()
    {
        Add("before", 1000);
        Add("mid", 1054);
        SnapshotFolder end = Add("after", 1104);

        RecordedMoments moments = RecordedMoments.Find(Hundred, end, end.Siblings());

        // Four pages are not recorded. From the end, 50 were recorded by then; from the start, 54.
        Assert.Equal("before", moments.Start?.Name);
        Assert.Equal(["before", "mid", "after"], moments.All.Select(moment => moment.Name));
        Assert.Equal([(0L, -1L), (52L, 51_000_000L), (100L, 1_000_000_000L)], moments.All.Select(moment => (moment.Events, moment.TimeNs)));
        Assert.Equal(2, moments.All[1].UncertainPages);
    }

    [Fact]
    public void WhereTheHeadIsMissingOnlyTheEndIsCountedFrom()
    {
        Add("before", 10);
        Add("A", 500);
        Add("B", 1074);
        SnapshotFolder end = Add("after", 1104);

        RecordedMoments moments = RecordedMoments.Find(Hundred, end, end.Siblings());

        Assert.Equal("A", moments.Start?.Name);
        Assert.Equal([("B", 70L, (long?)null), ("after", 100L, 0L)],
            moments.All.Select(moment => (moment.Name, moment.Events, moment.UncertainPages)));
    }

    [Fact]
    public void WithoutCountsTheFolderBeforeIsTheStart()
    {
        Add("before", null);
        Add("mid", null);
        SnapshotFolder end = Add("after", null);

        RecordedMoments moments = RecordedMoments.Find(Hundred, end, end.Siblings());

        Assert.Equal("before", moments.Start?.Name);
        Assert.Empty(moments.All);
    }

    [Fact]
    public void FoldersOfOtherMachinesAndLaterTimesAreNoMoments()
    {
        Add("before", 1000);
        Add("other", 1050, present: 7);
        Add("later", 2000);
        SnapshotFolder end = Add("after", 1104);

        Assert.Equal(["before", "after"], RecordedMoments.Find(Hundred, end, end.Siblings()).All.Select(moment => moment.Name));
    }

    private SnapshotFolder Add(string name, int? allocated, int present = 16384)
    {
        string path = _folder.CreateSubdirectory(name).FullName;
        File.WriteAllText(Path.Combine(path, "zoneinfo"),
            string.Create(CultureInfo.InvariantCulture, $"Node 0, zone      DMA\n        present  {present}\n"));
        if (allocated is { } pages)
        {
            File.WriteAllText(Path.Combine(path, "vmstat"),
                string.Create(CultureInfo.InvariantCulture, $"pgalloc_dma {pages - 3}\npgalloc_normal 3\n"));
        }

        return SnapshotFolder.Read(path);
    }
}
