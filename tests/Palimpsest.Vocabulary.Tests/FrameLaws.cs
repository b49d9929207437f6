using CsCheck;

namespace Palimpsest.Vocabulary.Tests;

/// <summary>Frames, blocks and CPUs count as their indexes do, and none of them is another.</summary>
public sealed class FrameLaws
{
    private static readonly Gen<Frame> _frame = Gen.Int[0, 1 << 20].Select(index => new Frame(index));

    [Fact]
    public void FramesAreOrderedByTheirIndex() => Law.Holds(Gen.Select(_frame, _frame), 400, pair =>
    {
        (Frame one, Frame other) = pair;

        Assert.Equal(one.Index.CompareTo(other.Index), one.CompareTo(other));
        Assert.Equal(one.Index < other.Index, one < other);
        Assert.Equal(one.Index <= other.Index, one <= other);
        Assert.Equal(one.Index > other.Index, one > other);
        Assert.Equal(one.Index >= other.Index, one >= other);
        Assert.Equal(new Frame(Math.Min(one.Index, other.Index)), Frame.Min(one, other));
        Assert.Equal(new Frame(Math.Max(one.Index, other.Index)), Frame.Max(one, other));
    });

    [Fact]
    public void ADistanceLeadsFromOneFrameToTheOther() => Law.Holds(Gen.Select(_frame, _frame), 400, pair =>
    {
        (Frame one, Frame other) = pair;

        Assert.Equal(other, one + (other - one));
        Assert.Equal(one, other - (other - one));
    });

    [Fact]
    public void TheNextFrameIsOneFurther() => Law.Holds(_frame, 100, frame =>
    {
        Frame next = frame;
        next++;
        Frame back = next;
        back--;

        Assert.Equal((frame + 1, frame), (next, back));
    });

    [Fact]
    public void AFrameLiesInTheChunkOfItsHead() => Law.Holds(Gen.Select(_frame, Gen.Int[0, Order.Max]), 400, pair =>
    {
        (Frame frame, int order) = pair;
        Frame head = frame.HeadAt(order);

        Assert.Equal(0, head.Index % (1 << order));
        Assert.InRange(frame - head, 0, (1 << order) - 1);
    });

    [Fact]
    public void BuddiesAreHalvesOfOneChunk() => Law.Holds(Gen.Select(_frame, Gen.Int[0, Order.Max - 1]), 400, pair =>
    {
        (Frame head, int order) = (pair.Item1.HeadAt(pair.Item2), pair.Item2);
        Frame buddy = head.BuddyAt(order);

        Assert.Equal(head, buddy.BuddyAt(order));
        Assert.Equal(1 << order, Math.Abs(buddy - head));
        Assert.Equal(head.HeadAt(order + 1), buddy.HeadAt(order + 1));
    });

    [Fact]
    public void NoneIsNoFrameNoBlockAndNoCpuThatThereIs()
    {
        Assert.True(Frame.None.IsNone && BlockId.None.IsNone && CpuId.None.IsNone);
        Assert.False(new Frame(0).IsNone || new BlockId(0).IsNone || CpuId.Boot.IsNone);
        Assert.Equal(default, CpuId.Boot);
    }

    [Fact]
    public void BlocksAndCpusAreCountedOneByOne()
    {
        BlockId block = new(6);
        block++;
        CpuId cpu = CpuId.Boot;
        cpu++;

        Assert.Equal((new BlockId(7), new CpuId(1)), (block, cpu));
        Assert.Equal(4, (block + 4) - block);
    }

    [Fact]
    public void NumbersAreShownAsNumbers() =>
        Assert.Equal("frame 17, block 3, CPU 2, none -1",
            $"frame {new Frame(17)}, block {new BlockId(3)}, CPU {new CpuId(2)}, none {Frame.None}");
}
