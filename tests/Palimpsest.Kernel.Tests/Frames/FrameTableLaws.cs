using Palimpsest.Kernel.Frames;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.Frames;

/// <summary>Lists that are threaded through frames, folios and their heads, and folios that are split and joined.</summary>
public sealed class FrameTableLaws
{
    private const int Count = 64;
    private const int Lists = 5;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ThreadedListsAreLists(int seed)
    {
        Random random = new(seed);
        FrameTable frames = Table();
        List<Frame>[] lists = [.. Enumerable.Range(0, Lists).Select(_ => new List<Frame>())];
        for (int step = 0; step < 4000; step++)
        {
            Frame frame = new(random.Next(Count));
            int number = random.Next(Lists);
            Frame head = frames.ListHead(number);
            List<Frame>? on = Array.Find(lists, list => list.Contains(frame));
            if (on is not null)
            {
                bool isFirst = on[0] == frame;
                if (isFirst && random.Next(2) == 0)
                {
                    frames.RemoveFirst(frames.ListHead(Array.IndexOf(lists, on)), frame);
                }
                else
                {
                    frames.Remove(frame);
                }

                on.Remove(frame);
            }
            else if (random.Next(2) == 0)
            {
                frames.AddFirst(head, frame);
                lists[number].Insert(0, frame);
            }
            else
            {
                frames.AddLast(head, frame);
                lists[number].Add(frame);
            }

            for (int list = 0; list < Lists; list++)
            {
                Check(frames, frames.ListHead(list), lists[list]);
            }
        }
    }

    [Fact]
    public void AFrameIsOfTheFolioThatCoversIt()
    {
        FrameTable frames = Table();
        Fill(frames, 8, FrameState.Allocated, 3);
        Fill(frames, 16, FrameState.Free, 4);
        Fill(frames, 32, FrameState.Allocated, 0);
        Fill(frames, 40, FrameState.Held, 2);

        Assert.All(Enumerable.Range(8, 8), frame => Assert.Equal(new Frame(8), frames.FolioOf(new Frame(frame))));
        Assert.All(Enumerable.Range(16, 16), frame => Assert.True(frames.FolioOf(new Frame(frame)).IsNone));
        Assert.All(Enumerable.Range(16, 16), frame => Assert.Equal(new Frame(16), frames.FolioIn(new Frame(frame), FrameState.Free)));
        Assert.Equal(new Frame(32), frames.FolioOf(new Frame(32)));
        Assert.True(frames.FolioOf(new Frame(33)).IsNone);
        Assert.Equal(new Frame(40), frames.FolioIn(new Frame(43), FrameState.Held));
        Assert.True(frames.FolioIn(new Frame(44), FrameState.Held).IsNone);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void ASplitFolioIsItsPagesAndComesTogetherAgain(int order)
    {
        FrameTable frames = Table();
        Fill(frames, 16, FrameState.Allocated, order);
        frames[new Frame(16)].Set(FrameFlags.Movable | FrameFlags.Tagged);
        frames[new Frame(16 + (1 << order))].Become(FrameState.Allocated, 0);
        frames.Split(new Frame(16), owner: 100);

        for (int at = 0; at < 1 << order; at++)
        {
            PageFrame page = frames[new Frame(16 + at)];
            Assert.Equal((FrameState.Allocated, 0, 100 + at), (page.State, (int)page.Order, page.Owner));
            Assert.True(page.Has(FrameFlags.Movable) && page.Has(FrameFlags.Tagged));
            Assert.Equal(new Frame(16 + at), frames.FolioOf(new Frame(16 + at)));
        }

        Assert.False(frames[new Frame(16 + (1 << order))].Has(FrameFlags.Movable));
        frames.Join(new Frame(16), new Order(order));
        Assert.All(Enumerable.Range(16, 1 << order), frame => Assert.Equal(new Frame(16), frames.FolioOf(new Frame(frame))));
        Assert.Equal(order, frames[new Frame(16)].Order);
    }

    [Fact]
    public void TypesAreOfWholePageblocks()
    {
        FrameTable frames = Table();
        frames.SetBlockType(new Frame(19), MigrateType.Cma);

        Assert.Equal(8, frames.PageBlocks);
        Assert.All(Enumerable.Range(0, Count), frame =>
            Assert.Equal(frame is >= 16 and < 24, frames.BlockType(new Frame(frame)) == MigrateType.Cma));
    }

    private static FrameTable Table() => new(Count, Lists, pageBlockOrder: 3, largestOrder: 5);

    private static void Fill(FrameTable frames, int first, FrameState state, int order)
    {
        frames[new Frame(first)].Become(state, order);
        for (int at = first + 1; at < first + (1 << order); at++)
        {
            frames[new Frame(at)].Become(FrameState.Covered, 0);
        }
    }

    private static void Check(FrameTable frames, Frame head, List<Frame> list)
    {
        Assert.Equal(list.Count == 0, frames.IsEmpty(head));
        Assert.Equal(list, frames.FirstOf(head, Count));
        Assert.Equal(list.Take(3), frames.FirstOf(head, 3));
        Frame at = frames.Last(head);
        for (int index = list.Count - 1; index >= 0; index--, at = frames.Before(at))
        {
            Assert.Equal(list[index], at);
        }

        Assert.Equal(head, at);
        if (list.Count > 0)
        {
            Assert.Equal((list[0], list[^1], head), (frames.First(head), frames.Last(head), frames.After(list[^1])));
        }
    }
}
