using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Packing;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.TagStorage.Packing;

using Home = Palimpsest.Kernel.TagStorage.Homes.ActiveBlocks;

/// <summary>A tagged page comes from an active block; a block goes back with its last; a worker moves the last ones together.</summary>
public sealed class ActiveBlocksTests
{
    private const long Second = 1_000_000_000;

    private readonly MemorySystem _system = Machine(new PackRule());

    [Fact]
    public void TaggedPagesFillABlockBeforeTheNextIsMadeActive()
    {
        List<Frame> pages = [.. Enumerable.Range(0, 33).Select(_ => Tagged())];

        Assert.Single(pages[..32].Select(page => page.Index / 32).Distinct());
        Assert.Equal(2, _system.Blocks.ReservedBlocks);
    }

    [Fact]
    public void NobodyElseGetsTheFreePagesOfAnActiveBlock()
    {
        Frame tagged = Tagged();
        int block = tagged.Index / 32;

        Assert.All(Enumerable.Range(0, 500), _ => Assert.NotEqual(block, Plain().Index / 32));
        Assert.Equal(31, _system.Zones[0].ReadyFrames);
        Assert.Equal(31, _system.Zones[0].StrandedFrames);
    }

    [Fact]
    public void ABlockGoesBackWithItsLastPageAndItsFramesMakeOneChunk()
    {
        Frame first = Tagged();
        Frame second = Tagged();
        _system.Free(first, CpuId.Boot);
        Assert.Equal(1, _system.Blocks.ReservedBlocks);

        _system.Free(second, CpuId.Boot);

        Assert.Equal(0, _system.Blocks.ReservedBlocks);
        Assert.Equal(0, _system.Zones[0].ReadyFrames);
        Assert.True(_system.Guided.IsFree(first.HeadAt(5), 5));
    }

    [Fact]
    public void DataBorrowWhatIsNotNeededBeforeAnybodyReclaims()
    {
        Tagged();
        int ready = _system.Zones[0].ReadyFrames;
        while (_system.Counters.BorrowedFrames == 0)
        {
            Assert.False(Plain().IsNone);
        }

        Assert.Equal(ready - 1, _system.Zones[0].ReadyFrames);
        Assert.Equal(0, _system.Counters.DirectReclaims);
        Assert.Empty(_system.Audit());
    }

    [Fact]
    public void ThePagesOfTheEmptiestBlockMoveIntoFullerOnes()
    {
        List<Frame> pages = [.. Enumerable.Range(0, 40).Select(_ => Tagged())];
        // One page is left in the first block, and eight in the second.
        pages[..31].ForEach(page => _system.Free(page, CpuId.Boot));
        _system.RunThreads(0);
        Assert.Equal(2, _system.Blocks.ReservedBlocks);

        _system.RunThreads(Second - 1);
        Assert.Equal(2, _system.Blocks.ReservedBlocks);
        _system.RunThreads(Second);

        Assert.Equal(1, _system.Blocks.ReservedBlocks);
        Assert.Equal((1L, 1L), (_system.Counters.PackedFrames, _system.Counters.TagMigratedFrames));
        Assert.Empty(_system.Audit());
    }

    [Fact]
    public void WithoutMovesTheWorkerEmptiesNothing()
    {
        MemorySystem system = Machine(new PackRule(Moves: false));
        List<Frame> pages = [.. Enumerable.Range(0, 40).Select(_ => Tagged(system))];
        pages[..31].ForEach(page => system.Free(page, CpuId.Boot));
        system.RunThreads(0);
        system.RunThreads(10 * Second);

        Assert.Equal((2, 0L), (system.Blocks.ReservedBlocks, system.Counters.MigratedFrames));
    }

    [Fact]
    public void APinnedPageKeepsItsBlock()
    {
        List<Frame> pages = [.. Enumerable.Range(0, 40).Select(_ => Tagged())];
        pages[..31].ForEach(page => _system.Free(page, CpuId.Boot));
        _system.Pin(pages[31]);
        pages[32..].ForEach(_system.Pin);
        _system.RunThreads(0);
        _system.RunThreads(10 * Second);

        Assert.Equal(2, _system.Blocks.ReservedBlocks);
        Assert.Empty(_system.Audit());
    }

    [Fact]
    public void APageThatTurnsTaggedMovesToAnActiveBlockAndOneThatCannotStays()
    {
        Frame tagged = Tagged();
        Frame late = Plain();
        Assert.True(_system.TryTag(late, CpuId.Boot));
        Assert.Equal(1, _system.Blocks.ReservedBlocks);
        Assert.Equal(1, _system.Counters.LateFrames);

        Frame pinned = Plain();
        _system.Pin(pinned);
        Assert.True(_system.TryTag(pinned, CpuId.Boot));
        Assert.True(_system.Frames[pinned].Has(FrameFlags.Tagged));
        Assert.NotEqual(tagged.Index / 32, pinned.Index / 32);
        Assert.Empty(_system.Audit());
    }

    [Fact]
    public void ABlockThatNobodyHasFreePagesInAfterAllIsOnNoListOfThem()
    {
        List<Frame> pages = [.. Enumerable.Range(0, 40).Select(_ => Tagged())];
        pages[..31].ForEach(page => _system.Free(page, CpuId.Boot));
        ActiveBlocks active = _system.Active!;
        BlockId victim = _system.Blocks.BlockOf(pages[31]);
        active.BeginEmptying(victim);
        while (Plain() is { IsNone: false })
        {
        }

        active.EndEmptying(victim);

        Assert.Equal(0, active.Masks.FreeOf(victim));
        active.Borrow(_system.Zones[0], MigrateType.Movable);
        Assert.Empty(_system.Audit());
    }

    [Fact]
    public void AFolioIsFoundBehindManyBlocksThatHaveNoRoomForIt()
    {
        List<Frame> pages = [.. Enumerable.Range(0, 40 * 32).Select(_ => Tagged())];
        pages.Where(page => page.Index % 2 == 1).ToList().ForEach(page => _system.Free(page, CpuId.Boot));
        int reserved = _system.Blocks.ReservedBlocks;

        AllocationRequest request = new(GfpFlags.HighUserMovable, new Order(2), CpuId.Boot, IsTagged: true, Owner: 0);
        Frame folio = _system.Allocate(request).Frame;

        Assert.False(folio.IsNone);
        Assert.Equal(reserved + 1, _system.Blocks.ReservedBlocks);
        Assert.Empty(_system.Audit());
    }

    [Fact]
    public void ABitWithoutAFrameBreaksPack1()
    {
        Frame tagged = Tagged();
        _system.Active!.Masks.Add(_system.Blocks.BlockOf(tagged), tagged);

        Finds("PACK-1");
    }

    [Fact]
    public void AFreeFrameOfAnActiveBlockOnAListBreaksPack1()
    {
        Frame tagged = Tagged();
        _system.Frames[Neighbour(tagged)].Become(FrameState.PerCpu, 0);

        Finds("PACK-1");
    }

    [Fact]
    public void ABlockThatNobodyNeedsAndIsNotGivenBackBreaksPack2()
    {
        Assert.True(_system.Active!.TryActivate(_system.Zones[0], CpuId.Boot, order: 0));
        Assert.True(_system.Active!.TryActivate(_system.Zones[0], CpuId.Boot, order: 0));

        Finds("PACK-2");
    }

    [Fact]
    public void ATaggedPageWhoseBlockIsLentBreaksPack3()
    {
        Frame plain = Plain();
        _system.Frames[plain].Set(FrameFlags.StorageReserved);

        Finds("PACK-3");
    }

    [Fact]
    public void AnUnmovableBorrowerBreaksPack4()
    {
        Tagged();
        Frame borrowed = Frame.None;
        while (_system.Counters.BorrowedFrames == 0)
        {
            borrowed = Plain();
        }

        _system.Frames[borrowed].Clear(FrameFlags.Movable);

        Finds("PACK-4");
    }

    private static Frame Neighbour(Frame frame) => new(frame.Index ^ 1);

    private void Finds(string law) => Assert.Contains(_system.Audit(), violation => violation.Law == law);

    private Frame Tagged() => Tagged(_system);

    private static Frame Tagged(MemorySystem system) => Allocate(system, isTagged: true);

    private Frame Plain() => Allocate(_system, isTagged: false);

    private static Frame Allocate(MemorySystem system, bool isTagged) => system.Allocate(
        new AllocationRequest(GfpFlags.HighUserMovable, Order.Zero, CpuId.Boot, isTagged, Owner: 0)).Frame;

    private static MemorySystem Machine(PackRule rule) =>
        new(TestBoards.Layout("flat 8 MiB, small blocks"), new MovesFirst(rule), new MachineOptions(1));

    private sealed class MovesFirst(PackRule rule) : Design
    {
        public override StorageHome Home { get; } = new Home(rule);

        public override ReservationVerdict OnTagged(in TaggedView view) =>
            view.IsAllocation ? ReservationVerdict.OnlyActive : ReservationVerdict.MoveFirst;
    }
}
