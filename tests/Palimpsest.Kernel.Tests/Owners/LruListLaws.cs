using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.Owners;

/// <summary>The four lists of reclaim, with folios that come, go and move, against four queues.</summary>
public sealed class LruListLaws
{
    private const int Folios = 24;
    private const int Distance = 8;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ListsAreQueuesAndPagesAreCounted(int seed)
    {
        Random random = new(seed);
        FrameTable frames = Table(random);
        LruLists lists = new(frames);
        List<Frame>[] queues = [.. Enumerable.Range(0, 4).Select(_ => new List<Frame>())];
        for (int step = 0; step < 3000; step++)
        {
            Frame folio = new(random.Next(Folios) * Distance);
            List<Frame>? on = Array.Find(queues, queue => queue.Contains(folio));
            switch (random.Next(3))
            {
                case 0 when on is null:
                    lists.Add(folio);
                    queues[Number(frames[folio])].Insert(0, folio);
                    break;
                case 1:
                    Assert.Equal(on is not null, lists.Remove(folio));
                    on?.Remove(folio);
                    break;
                default:
                    Move(lists, queues, frames, folio, on, random.Next(2) == 0);
                    break;
            }

            Check(lists, queues, frames);
        }
    }

    [Fact]
    public void AFolioOnNoListIsNotMovedAndKeepsItsFlag()
    {
        FrameTable frames = Table(new Random(5));
        LruLists lists = new(frames);
        frames[new Frame(0)].Set(FrameFlags.Active);
        lists.Move(new Frame(0), active: false);

        Assert.True(frames[new Frame(0)].Has(FrameFlags.Active));
        Assert.Equal(0, lists.TotalPages);
        Assert.All(Enum.GetValues<LruList>(), list => Assert.True(lists.Oldest(list).IsNone));
    }

    private static FrameTable Table(Random random)
    {
        FrameTable frames = new(Folios * Distance, lists: 3, pageBlockOrder: 5, largestOrder: 10);
        for (int folio = 0; folio < Folios; folio++)
        {
            ref PageFrame frame = ref frames[new Frame(folio * Distance)];
            frame.Become(FrameState.Allocated, random.Next(4));
            frame.PlaceIn(random.Next(3), areaSet: 0);
            if (random.Next(2) == 0)
            {
                frame.Set(FrameFlags.SwapBacked);
            }
        }

        return frames;
    }

    private static void Move(LruLists lists, List<Frame>[] queues, FrameTable frames, Frame folio, List<Frame>? on, bool isActive)
    {
        lists.Move(folio, isActive);
        if (on is not null)
        {
            on.Remove(folio);
            queues[Number(frames[folio])].Insert(0, folio);
            Assert.Equal(isActive, frames[folio].Has(FrameFlags.Active));
        }
    }

    private static void Check(LruLists lists, List<Frame>[] queues, FrameTable frames)
    {
        foreach (LruList list in Enum.GetValues<LruList>())
        {
            List<Frame> queue = queues[(int)list];
            Assert.Equal(queue, frames.FirstOf(lists.Head(list), Folios));
            Assert.Equal(queue.Count == 0 ? Frame.None : queue[^1], lists.Oldest(list));
            Assert.Equal(queue.Sum(folio => 1 << frames[folio].Order), lists.Pages(list));
            Assert.Equal(lists.Pages(list), lists.Pages(list, ZoneMask.All));
            for (int mask = 0; mask < 8; mask++)
            {
                int pages = queue.Where(folio => (mask >> frames[folio].Zone & 1) != 0).Sum(folio => 1 << frames[folio].Order);
                Assert.Equal(pages, lists.Pages(list, new ZoneMask(mask)));
            }
        }

        Assert.Equal(Enum.GetValues<LruList>().Sum(lists.Pages), lists.TotalPages);
    }

    /// <summary>Anonymous memory before files, and of each the inactive list before the active one.</summary>
    private static int Number(in PageFrame frame) => (frame.Has(FrameFlags.SwapBacked), frame.Has(FrameFlags.Active)) switch
    {
        (true, false) => 0,
        (true, true) => 1,
        (false, false) => 2,
        _ => 3,
    };
}
