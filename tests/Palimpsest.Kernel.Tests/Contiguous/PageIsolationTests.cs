using Palimpsest.Kernel.Frames;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.Contiguous;

/// <summary>Isolated blocks lend nothing; undone, the same frames are free, under the same types and counters (6.1).</summary>
public sealed class PageIsolationTests
{
    private readonly TinyMachine _machine = new();

    [Fact]
    public void FreeChunksOfTheBlocksAreOutOfReachAndUncounted()
    {
        _machine.Zone.Free(new Frame(8), order: 3);
        _machine.Zone.FreeEach(17, 40);

        Assert.True(_machine.Isolation.TryIsolate(new Frame(10), new Frame(20), MigrateType.Movable, out _));

        Assert.Equal("M[0: 40] U[] C[] I[0: 17 | 3: 8] free 1 cma 0 isolated 2", _machine.Picture());
        Assert.Equal(40, _machine.Zone.Take(0).Index);
        Assert.Equal(-1, _machine.Zone.Take(0).Index);
    }

    [Theory]
    [InlineData(8, 24)]
    [InlineData(8, 17)]
    [InlineData(15, 24)]
    public void UndoRestoresListsAndCounters(int start, int end)
    {
        _machine.Zone.SetBlocks(MigrateType.Cma, new Frame(8), 16);
        _machine.Zone.FreeEach(9, 12, 13, 20, 40);
        string before = _machine.Picture();

        Assert.True(_machine.Isolation.TryIsolate(new Frame(start), new Frame(end), MigrateType.Cma, out _));
        Assert.Equal(2, _machine.Zone.Zone.IsolatedBlocks);
        _machine.Isolation.Undo(new Frame(start), new Frame(end), MigrateType.Cma);

        Assert.Equal(before, _machine.Picture());
        Assert.Equal(MigrateType.Cma, _machine.Zone.Frames.BlockType(new Frame(8)));
    }

    [Fact]
    public void ALargeChunkIsCutAtTheEdgesAndJoinedAgain()
    {
        _machine.Zone.Free(new Frame(0), order: 5);

        Assert.True(_machine.Isolation.TryIsolate(new Frame(10), new Frame(14), MigrateType.Movable, out _));
        Assert.Equal("M[3: 0 | 4: 16] U[] C[] I[3: 8] free 24 cma 0 isolated 1", _machine.Picture());

        _machine.Isolation.Undo(new Frame(10), new Frame(14), MigrateType.Movable);
        Assert.Equal("M[5: 0] U[] C[] I[] free 32 cma 0 isolated 0", _machine.Picture());
    }

    [Fact]
    public void AFailureInTheMiddleUndoesBothEnds()
    {
        _machine.Zone.Free(new Frame(0), order: 5);
        _machine.Zone.Frames[new Frame(36)].Clear(FrameFlags.Movable);
        string before = _machine.Picture();

        Assert.False(_machine.Isolation.TryIsolate(new Frame(28), new Frame(44), MigrateType.Movable, out _));

        Assert.Equal(before, _machine.Picture());
        Assert.Equal(1, _machine.Zone.Counters.IsolationFailures);
    }

    [Theory]
    [InlineData(8, 16, false)]
    [InlineData(8, 12, true)]
    [InlineData(14, 24, true)]
    public void OnlyUnmovablePagesInsideTheRangeStandInTheWay(int start, int end, bool expected)
    {
        _machine.Zone.Frames[new Frame(13)].Clear(FrameFlags.Movable);

        Assert.Equal(expected, _machine.Isolation.TryIsolate(new Frame(start), new Frame(end), MigrateType.Movable, out _));
    }

    [Fact]
    public void FirmwarePagesStandInTheWay()
    {
        _machine.Zone.Frames[new Frame(13)].Become(FrameState.Kept, 0);

        Assert.False(_machine.Isolation.TryIsolate(new Frame(8), new Frame(16), MigrateType.Movable, out _));
    }

    [Fact]
    public void AnIsolatedBlockIsNotIsolatedAgain()
    {
        Assert.True(_machine.Isolation.TryIsolate(new Frame(8), new Frame(16), MigrateType.Movable, out _));
        Assert.False(_machine.Isolation.TryIsolate(new Frame(0), new Frame(12), MigrateType.Movable, out _));

        Assert.Equal(1, _machine.Zone.Zone.IsolatedBlocks);
        Assert.Equal(MigrateType.Movable, _machine.Zone.Frames.BlockType(new Frame(0)));
    }

    [Fact]
    public void ABlockThatItsZoneEndsInIsIsolatedUpToTheEnd()
    {
        _machine.Zone.Zone.End = new Frame(60);
        _machine.Zone.FreeEach(56, 57, 59);
        string before = _machine.Picture();

        Assert.True(_machine.Isolation.TryIsolate(new Frame(56), new Frame(60), MigrateType.Movable, out _));
        Assert.Equal(0, _machine.Zone.Zone.FreeFrames);

        _machine.Isolation.Undo(new Frame(56), new Frame(60), MigrateType.Movable);
        Assert.Equal(before, _machine.Picture());
    }
}
