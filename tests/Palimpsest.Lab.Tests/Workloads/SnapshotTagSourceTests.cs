using System.Buffers.Binary;
using System.Globalization;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Workloads;
using Palimpsest.Testing.Recordings;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Workloads;

/// <summary>Pages that a kpageflags shows tagged are tagged for the life that the snapshot falls into.</summary>
public sealed class SnapshotTagSourceTests : IDisposable
{
    private const ulong Tagged = 1UL << 41;
    private const ulong NoPage = 1UL << 20;
    private const int FirstPfn = 0x40000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palimpsest-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void ALifeThatASnapshotFallsIntoIsTaggedFromItsAllocationOn()
    {
        Trace trace = Recording.Of("alloc 40010", "alloc 40011 zeroed", "alloc 40012", "free 40010", "alloc 40010", "free 40011");
        Workload workload = Build(trace, new TaggedMapping(3, new Pfn(0x40010), 1, 0, 0), new TaggedMapping(3, new Pfn(0x40011), 1, 0, 0));

        Assert.Equal((2, 0), (workload.TaggedAllocations, workload.LateTags));
        Assert.Equal([true, true, false, false, false, false, false], workload.Steps.ToArray()
            .Select(step => step.Flags.HasFlag(WorkloadStepFlags.Tagged)));
    }

    [Fact]
    public void APageInUseBeforeTheFirstEventIsTaggedWithIt()
    {
        Workload workload = Build(Recording.Of("free 40010"), new TaggedMapping(0, new Pfn(0x40010), 1, 0, 0));

        Assert.Equal([WorkloadStepKind.Tag, WorkloadStepKind.Free], workload.Steps.ToArray()[..2].Select(step => step.Kind));
    }

    [Fact]
    public void ItsErrorIsMeasuredWhereARecordingHasTheProbe()
    {
        Trace trace = Recording.Of("alloc 40010", "mapped 40010 tagged", "free 40010", "alloc 40011", "mapped 40011 tagged", "alloc 40012");
        Workload workload = Build(trace, new TaggedMapping(4, new Pfn(0x40011), 1, 0, 0), new TaggedMapping(4, new Pfn(0x40012), 1, 0, 0));

        Assert.Equal(new TagCoverage(Mapped: 2, Marked: 2, Both: 1), workload.TagCoverage);
    }

    [Fact]
    public void FoldersBesideEachOtherArePlacedByThePagesAllocatedByThen()
    {
        Trace trace = Recording.Of([.. Enumerable.Range(FirstPfn, 99).Select(pfn => $"alloc {pfn:x}")]);
        SnapshotFolder start = Add("start", 1000, []);
        Add("mid", 1050, [(0x10, Tagged), (0x11, Tagged | NoPage), (0x12, 0)]);
        Add("end", 1100, [(0x20, Tagged)]);

        Assert.Equal(
            [(50L, 0x40010UL), (100L, 0x40020UL)],
            TaggedPages.Find(trace, Recording.Layout, start).Select(page => (page.BeforeEvent, page.Pfn.Value)));
    }

    [Fact]
    public void AFolderAloneIsTakenForTheStart() =>
        Assert.Equal(0,
            Assert.Single(TaggedPages.Find(Recording.Of("free 40010"), Recording.Layout, Add("any", 1000, [(0x10, Tagged)]))).BeforeEvent);

    [Theory]
    [InlineData(true, "shows no tagged page")]
    [InlineData(false, "no snapshot has a kpageflags")]
    public void WhatShowsNothingIsRefused(bool hasFlags, string expected)
    {
        SnapshotFolder folder = Add("any", 1000, hasFlags ? [(0x10, 0)] : null);
        InputException refusal = Assert.Throws<InputException>(() => TaggedPages.Find(Recording.Of("free 40010"), Recording.Layout,
            folder));

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    private static Workload Build(Trace trace, params TaggedMapping[] tagged) =>
        WorkloadBuilder.Build(trace, Recording.Layout, new WorkloadOptions(TagSource.Snapshot) { TaggedAtSnapshots = tagged });

    private SnapshotFolder Add(string name, int allocated, (int Frame, ulong Flags)[]? flags)
    {
        DirectoryInfo folder = _folder.CreateSubdirectory(name);
        File.WriteAllText(Path.Combine(folder.FullName, "zoneinfo"), "Node 0, zone   Normal\n  pages free     100\n        present  "
            + "16384\n        managed  16384\n  pagesets\n    cpu: 0\n              count: 0\n");
        File.WriteAllText(Path.Combine(folder.FullName, "vmstat"),
            string.Create(CultureInfo.InvariantCulture, $"pgalloc_normal {allocated}\n"));
        if (flags is not null)
        {
            byte[] bytes = new byte[sizeof(ulong) * (16 << 10)];
            foreach ((int frame, ulong bits) in flags)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(frame * sizeof(ulong)), bits);
            }

            File.WriteAllBytes(Path.Combine(folder.FullName, "kpageflags"), bytes);
        }

        return SnapshotFolder.Read(folder.FullName);
    }
}
