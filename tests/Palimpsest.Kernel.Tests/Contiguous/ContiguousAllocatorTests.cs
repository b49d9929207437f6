using Palimpsest.Kernel.Contiguous;
using Palimpsest.Kernel.Frames;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.Contiguous;

/// <summary>A range is had when all of it is free or can move, is then exactly that range, and a failure leaves no trace (6.1).</summary>
public sealed class ContiguousAllocatorTests
{
    private readonly TinyMachine _machine = new();

    [Fact]
    public void AFreeRangeIsTakenAndTheSurplusGivenBack()
    {
        _machine.Zone.Free(new Frame(8), order: 3);

        Assert.Equal(RangeOutcome.Done, _machine.Ranges.Allocate(new Frame(10), 3, CpuId.Boot).Now().Outcome);

        Assert.Equal("..HHH...", _machine.States(8, 8));
        Assert.Equal("M[0: 13 | 1: 8 14] U[] C[] I[] free 5 cma 0 isolated 0", _machine.Picture());
        Assert.Empty(_machine.Zone.Audit());
    }

    [Fact]
    public void UsedPagesMoveOutAndTheirOwnersAreTold()
    {
        _machine.Zone.FreeEach(8, 40, 41);

        Assert.Equal(RangeOutcome.Done, _machine.Ranges.Allocate(new Frame(8), 3, CpuId.Boot).Now().Outcome);

        Assert.Equal("HHHmmmmm", _machine.States(8, 8));
        Assert.Equal([(10, 40), (9, 41)], _machine.Moves);
        Assert.Equal(10, _machine.Zone.Frames[new Frame(40)].Owner);
        Assert.Equal(2, _machine.Zone.Counters.MigratedFrames);
    }

    [Fact]
    public void TheResultTellsWhatThisRangeTook()
    {
        _machine.Zone.FreeEach(8, 40, 41);

        Assert.Equal(new RangeResult(RangeOutcome.Done, MovedFrames: 2, IsolatedBlocks: 1, Interrupts: 1),
            _machine.Ranges.Allocate(new Frame(8), 3, CpuId.Boot)
            .Now());

        _machine.HasRoom = false;

        Assert.Equal(new RangeResult(RangeOutcome.NoMemory, IsolatedBlocks: 2, Interrupts: 1),
            _machine.Ranges.Allocate(new Frame(14), 4, CpuId.Boot).Now());
    }

    [Fact]
    public void PagesMoveOutInClustersTheLastOfEachFirst()
    {
        TinyMachine machine = new(frames: 128);
        machine.Zone.FreeEach([.. Enumerable.Range(64, 40)]);

        Assert.Equal(RangeOutcome.Done, machine.Ranges.Allocate(new Frame(0), 40, CpuId.Boot).Now().Outcome);

        Assert.Equal(Enumerable.Range(0, 32).Reverse().Concat(Enumerable.Range(32, 8).Reverse()), machine.Moves.Select(move => move.Owner));
    }

    [Fact]
    public void AFolioThatReachesIntoTheRangeMovesAsAWhole()
    {
        _machine.Zone.Use(new Frame(8), 2);
        _machine.Zone.Free(new Frame(40), order: 2);

        Assert.Equal(RangeOutcome.Done, _machine.Ranges.Allocate(new Frame(11), 1, CpuId.Boot).Now().Outcome);

        Assert.Equal("...Hmmmm", _machine.States(8, 8));
        Assert.Equal([(8, 40)], _machine.Moves);
    }

    [Fact]
    public void AFolioLargerThanABlockIsCutWhereTheIsolationEnds()
    {
        _machine.Zone.Use(new Frame(0), 4);
        _machine.Zone.Free(new Frame(32), order: 4);

        Assert.Equal(RangeOutcome.Done, _machine.Ranges.Allocate(new Frame(8), 2, CpuId.Boot).Now().Outcome);

        Assert.Equal("........HH......", _machine.States(0, 16));
        Assert.Equal(14, _machine.Zone.Zone.FreeFrames);
        Assert.Empty(_machine.Zone.Audit());
    }

    [Fact]
    public void APinnedPageIsTriedFiveTimesAndKeepsTheRangeBusy()
    {
        _machine.Zone.FreeEach(8, 40);
        _machine.Zone.Frames[new Frame(9)].Set(FrameFlags.Pinned);
        string before = _machine.Picture();

        Assert.Equal(RangeOutcome.Busy, _machine.Ranges.Allocate(new Frame(8), 2, CpuId.Boot).Now().Outcome);

        Assert.Equal(before, _machine.Picture());
        Assert.Equal(5, _machine.Zone.Counters.PinnedMigrationFailures);
        Assert.Equal(1, _machine.Zone.Counters.RangeFailures);
    }

    [Fact]
    public void AnUnmovablePageIsFoundBeforeAnythingMoves()
    {
        _machine.Zone.FreeEach(40, 42);
        _machine.Zone.Frames[new Frame(10)].Clear(FrameFlags.Movable);
        string before = _machine.Picture();

        Assert.Equal(RangeOutcome.Busy, _machine.Ranges.Allocate(new Frame(8), 4, CpuId.Boot).Now().Outcome);

        Assert.Equal(before, _machine.Picture());
        Assert.Empty(_machine.Moves);
    }

    [Fact]
    public void WithoutRoomForThePagesThereIsNoMemory()
    {
        _machine.HasRoom = false;

        Assert.Equal(RangeOutcome.NoMemory, _machine.Ranges.Allocate(new Frame(8), 4, CpuId.Boot).Now().Outcome);

        Assert.Equal("mmmmmmmm", _machine.States(8, 8));
        Assert.Equal(MigrateType.Movable, _machine.Zone.Frames.BlockType(new Frame(8)));
    }

    [Fact]
    public void ARangeHeldBySomebodyIsBusy()
    {
        _machine.Zone.Free(new Frame(8), order: 3);
        Assert.Equal(RangeOutcome.Done, _machine.Ranges.Allocate(new Frame(10), 3, CpuId.Boot).Now().Outcome);
        string before = _machine.Picture();

        Assert.Equal(RangeOutcome.Busy, _machine.Ranges.Allocate(new Frame(12), 3, CpuId.Boot).Now().Outcome);

        Assert.Equal(before, _machine.Picture());
        Assert.Equal("..HHH...", _machine.States(8, 8));
    }

    [Fact]
    public void PerCpuListsAreDrainedFirst()
    {
        _machine.Zone.Pages.High = 10;
        _machine.Zone.PerCpu.Free(new Frame(9), 0, MigrateType.Movable, cpu: CpuId.Boot);

        Assert.Equal(RangeOutcome.Done, _machine.Ranges.Allocate(new Frame(9), 1, CpuId.Boot).Now().Outcome);
        Assert.Equal("mHmm", _machine.States(8, 4));
    }

    [Fact]
    public void ARangeOfSeveralBlocksIsOnePiece()
    {
        _machine.Zone.Free(new Frame(32), order: 5);

        Assert.Equal(RangeOutcome.Done, _machine.Ranges.Allocate(new Frame(4), 24, CpuId.Boot).Now().Outcome);

        Assert.Equal("mmmm" + new string('H', 24) + "mmmm", _machine.States(0, 32));
        Assert.Equal(24, _machine.Moves.Count);
        Assert.Equal(4, _machine.Zone.Counters.BlocksIsolated);
    }

    [Fact]
    public void LruCachesAreDisabledOnEveryCpuEvenIfNothingMoves()
    {
        TinyMachine machine = new(cpus: 8);
        machine.Zone.Free(new Frame(8), order: 3);

        machine.Ranges.Allocate(new Frame(8), 8, CpuId.Boot);

        Assert.Equal(8, machine.Zone.Counters.Interrupts);
    }

    [Fact]
    public void AFreedRangeMergesAgain()
    {
        _machine.Zone.Free(new Frame(8), order: 3);
        _machine.Ranges.Allocate(new Frame(9), 5, CpuId.Boot).Now();
        _machine.Ranges.Free(new Frame(9), 5, CpuId.Boot, throughPerCpu: false);

        Assert.Equal("M[3: 8] U[] C[] I[] free 8 cma 0 isolated 0", _machine.Picture());
    }

    [Fact]
    public void AFreedRangeMayGoThroughThePerCpuLists()
    {
        _machine.Zone.Pages.High = 10;
        _machine.Zone.Free(new Frame(8), order: 3);
        _machine.Ranges.Allocate(new Frame(9), 3, CpuId.Boot).Now();
        _machine.Ranges.Free(new Frame(9), 3, CpuId.Boot, throughPerCpu: true);

        Assert.Equal("11 10 9", _machine.Zone.PerCpuPicture());
    }

    [Theory]
    [InlineData(8, 8, "HHHHHHHH........")]
    [InlineData(9, 1, ".H..............")]
    [InlineData(10, 6, "..HHHHHH........")]
    [InlineData(11, 3, "...HHH..........")]
    [InlineData(13, 5, ".....HHHHH......")]
    public void TheFastPathTakesAnyFreeRunWithoutIsolation(int start, int count, string expected)
    {
        _machine.Zone.Free(new Frame(8), order: 3);
        _machine.Zone.Free(new Frame(16), order: 3);

        Assert.True(_machine.Ranges.TryTakeFree(new Frame(start), count));

        Assert.Equal(expected, _machine.States(8, 16));
        Assert.Equal(16 - count, _machine.Zone.Zone.FreeFrames);
        Assert.Equal(0, _machine.Zone.Counters.BlocksIsolated);
        Assert.Empty(_machine.Zone.Audit());
    }

    [Fact]
    public void TheFastPathDeclinesWhenOneFrameIsNotFree()
    {
        _machine.Zone.FreeEach(8, 9, 10);
        string before = _machine.Picture();

        Assert.False(_machine.Ranges.TryTakeFree(new Frame(8), 4));

        Assert.Equal(before, _machine.Picture());
    }
}
