using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Replay;
using Palimpsest.Testing.Recordings;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Metrics;

/// <summary>What pages are used for is read off their frames a folio or chunk at a time, wherever one begins to look.</summary>
public sealed class PageUseTests
{
    // A huge page, a page of its own, a tagged one, and what the carve-out holds for it.
    private static readonly MemorySystem System = After("migrate-metadata", "alloc 40000 order=9", "alloc 40200", "alloc 40210 tagged");

    private static MemorySystem After(string design, params string[] lines)
    {
        WorkloadReplay replay = new(Recording.Workload(lines), Recording.Layout, DesignCatalog.Parse(design).Create(),
            new MachineOptions(Cpus: 1), CostTable.Default);
        replay.Run(timeLine: null, progress: null, TestContext.Current.CancellationToken);
        return replay.System;
    }

    private static PageUse[] OneByOne(int first, int end)
    {
        PageUse[] uses = new PageUse[end - first];
        for (int frame = first; frame < end; frame++)
        {
            foreach ((int from, int to, PageUse use) in new PageUses(System.Frames, frame, frame + 1))
            {
                Assert.Equal((frame, frame + 1), (from, to));
                uses[frame - first] = use;
            }
        }

        return uses;
    }

    [Theory]
    [InlineData(0, 2048)]
    [InlineData(1, 700)]
    [InlineData(511, 513)]
    [InlineData(300, 301)]
    [InlineData(1024, 1024)]
    public void StepsFollowOneAnotherAndAgreeWithSinglePages(int first, int end)
    {
        int next = first;
        List<PageUse> uses = [];
        foreach ((int from, int to, PageUse use) in new PageUses(System.Frames, first, end))
        {
            Assert.Equal(next, from);
            Assert.InRange(to, from + 1, end);
            uses.AddRange(Enumerable.Repeat(use, to - from));
            next = to;
        }

        Assert.Equal(Math.Max(first, end), next);
        Assert.Equal(OneByOne(first, end), uses);
    }

    [Fact]
    public void EachUseIsCountedOnceForEachPageInIt()
    {
        Dictionary<PageUse, int> pages = [];
        foreach ((int from, int to, PageUse use) in new PageUses(System.Frames, 0, System.Frames.Count))
        {
            pages[use] = pages.GetValueOrDefault(use) + to - from;
        }

        int used = Enumerable.Range(0, System.Frames.Count).Select(frame => System.Frames[new Frame(frame)])
            .Where(frame => frame.State is FrameState.Allocated or FrameState.Held && !frame.Has(FrameFlags.TagStorage))
            .Sum(frame => 1 << frame.Order);
        Assert.Equal((used - 1, 1, 1), (pages[PageUse.InUse], pages[PageUse.Tagged], pages[PageUse.StorageReserved]));
        Assert.InRange(used, 514, 520);
        Assert.Equal(System.Frames.Count, pages.Values.Sum());
        Assert.Equal(511, pages[PageUse.StorageFree] + pages.GetValueOrDefault(PageUse.StorageLent));
    }

    [Fact]
    public void AHugePageIsOneStepAlsoFromItsMiddle()
    {
        Frame huge = Enumerable.Range(0, System.Frames.Count).Select(frame => new Frame(frame))
            .First(frame => System.Frames[frame].State == FrameState.Allocated && System.Frames[frame].Order == 9);
        List<(int, int, PageUse)> steps = [];
        foreach ((int, int, PageUse) step in new PageUses(System.Frames, huge.Index + 100, huge.Index + 512))
        {
            steps.Add(step);
        }

        Assert.Equal([(huge.Index + 100, huge.Index + 512, PageUse.InUse)], steps);
    }

    // Without tags to keep, the storage is as good as any memory for a huge page.
    [Theory]
    [InlineData("static", PageUse.StorageReserved, 1)]
    [InlineData("no-mte", PageUse.StorageLent, 0)]
    public void OfAPageblockTheMapShowsWhatMostOfItIs(string design, PageUse storage, int huge)
    {
        MemorySystem system = After(design, "alloc 40000 order=9", "alloc 40200");
        byte[] map = MemoryMapPicture.Of(system);

        Assert.Equal(system.Frames.PageBlocks, map.Length);
        Assert.Equal((huge, 1), (map.Count(cell => (PageUse)cell == PageUse.InUse), map.Count(cell => (PageUse)cell == storage)));
    }
}
