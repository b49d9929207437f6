using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.PageAllocator;

/// <summary>Per-CPU lists fill by the batch, give in order of address, and drain from their tails, round-robin (6.1).</summary>
public sealed class PerCpuListsTests
{
    private readonly TinyZone _zone = new();

    [Fact]
    public void ARefillTakesABatchInOrderAndGivesTheFirst()
    {
        _zone.Free(new Frame(16), 4);
        _zone.Pages.Batch = 4;

        Assert.Equal(16, _zone.PerCpu.Take(_zone.Zone, CpuId.Boot, TinyZone.Request(0)).Index);

        Assert.Equal("17 18 19", _zone.PerCpuPicture());
        Assert.Equal(3, _zone.Pages.Count);
        Assert.Equal("2: 20 | 3: 24", _zone.Picture());
        Assert.Equal(12, _zone.Zone.FreeFrames);
    }

    [Theory]
    [InlineData(0, 8, 8)]
    [InlineData(1, 8, 4)]
    [InlineData(2, 8, 2)]
    [InlineData(3, 8, 2)]
    [InlineData(2, 1, 1)]
    public void LargerOrdersTakeFewerButAtLeastTwo(int order, int batch, int folios)
    {
        _zone.Free(new Frame(0), 6);
        _zone.Pages.Batch = batch;

        Frame frame = _zone.PerCpu.Take(_zone.Zone, CpuId.Boot, TinyZone.Request(order));

        Assert.Equal(0, frame.Index);
        Assert.Equal((folios - 1) << order, _zone.Pages.Count);
    }

    [Fact]
    public void AFreedFolioIsGivenNext()
    {
        _zone.Pages.High = 100;
        Free(20, 33, 7);

        Assert.Equal("7 33 20", _zone.PerCpuPicture());
        Assert.Equal(7, _zone.PerCpu.Take(_zone.Zone, CpuId.Boot, TinyZone.Request(0)).Index);
    }

    [Fact]
    public void ABootPageSetKeepsNothing()
    {
        Free(9);

        Assert.Equal(0, _zone.Pages.Count);
        Assert.Equal("0: 9", _zone.Picture());
    }

    [Fact]
    public void AtTheHighMarkABatchLeavesFromTheTail()
    {
        _zone.Pages.High = 6;
        _zone.Pages.Batch = 2;
        Free(1, 3, 5, 8, 10, 12);

        Assert.Equal("12 10 8 5", _zone.PerCpuPicture());
        Assert.Equal("0: 3 1", _zone.Picture());
    }

    [Fact]
    public void FreesThatFollowFreesDoubleTheBatchUpToHighLessABatch()
    {
        _zone.Pages.High = 20;
        _zone.Pages.Batch = 2;
        List<long> drained = [];
        for (Frame frame = new(0); frame.Index < 60; frame++)
        {
            long before = _zone.Counters.DrainedFrames;
            Free(frame.Index);
            if (_zone.Counters.DrainedFrames > before)
            {
                drained.Add(_zone.Counters.DrainedFrames - before);
            }
        }

        Assert.Equal([2, 4, 8, 16, 18], drained);
        Assert.Equal(4, _zone.Pages.FreeRun);
    }

    [Fact]
    public void AnAllocationHalvesTheFactor()
    {
        _zone.Pages.High = 100;
        _zone.Pages.FreeRun = 4;
        Free(0, 2);

        _zone.PerCpu.Take(_zone.Zone, CpuId.Boot, TinyZone.Request(0));

        Assert.Equal(2, _zone.Pages.FreeRun);
    }

    [Fact]
    public void AHighOrderFreeAfterFreesEmptiesTheLists()
    {
        _zone.Pages.High = 100;
        _zone.Pages.Batch = 4;
        Free(0, 2, 33);
        _zone.Pages.FreeRun = 1;
        _zone.Use(new Frame(8), 2);
        _zone.PerCpu.Free(new Frame(8), 2, MigrateType.Movable, cpu: CpuId.Boot);

        Assert.Equal(0, _zone.Pages.Count);
        Assert.Equal(7, _zone.Zone.FreeFrames);
    }

    [Fact]
    public void ADrainGoesRoundTheListsFromTheOneFreedTo()
    {
        _zone.Pages.High = 100;
        _zone.Pages.Batch = 2;
        Free(0);
        _zone.SetBlocks(MigrateType.Unmovable, new Frame(8), 8);
        Free(8);
        _zone.SetBlocks(MigrateType.Reclaimable, new Frame(16), 8);
        Free(16, 18);
        _zone.Pages.High = 5;
        Free(2);

        // The list freed to is Movable; two frames are due, and Movable has two.
        Assert.Equal("", _zone.PerCpuPicture());
        Assert.Equal("8", _zone.PerCpuPicture(type: MigrateType.Unmovable));
        Assert.Equal("18 16", _zone.PerCpuPicture(type: MigrateType.Reclaimable));

        _zone.Pages.High = 4;
        _zone.Pages.Batch = 1;
        _zone.Pages.FreeRun = 1;
        Free(10);

        // Unmovable has two and is emptied first.
        Assert.Equal("", _zone.PerCpuPicture(type: MigrateType.Unmovable));
        Assert.Equal("18 16", _zone.PerCpuPicture(type: MigrateType.Reclaimable));
    }

    [Fact]
    public void SpecialTypesTravelOnTheMovableListAndReturnToTheirOwn()
    {
        _zone.SetBlocks(MigrateType.Cma, new Frame(8), 8);
        _zone.Pages.High = 100;
        Free(8);

        Assert.Equal("8", _zone.PerCpuPicture());

        _zone.PerCpu.DrainAll();

        Assert.Equal("0: 8", _zone.Picture(MigrateType.Cma));
        Assert.Equal(1, _zone.Zone.FreeCmaFrames);
    }

    [Fact]
    public void WhileABlockIsIsolatedDrainedFramesGoWhereTheirBlockIs()
    {
        _zone.Pages.High = 100;
        Free(9);
        _zone.SetBlocks(MigrateType.Isolate, new Frame(8), 8);
        _zone.Zone.IsolatedBlocks = 1;

        _zone.PerCpu.DrainAll();

        Assert.Equal("0: 9", _zone.Picture(MigrateType.Isolate));
        Assert.Equal(0, _zone.Zone.FreeFrames);
    }

    [Fact]
    public void ADrainInterruptsOnlyCpusThatHoldPages()
    {
        TinyZone zone = new(cpus: 4);
        zone.Zone.PerCpu[2].State.High = 10;
        zone.PerCpu.Free(new Frame(5), 0, MigrateType.Movable, cpu: new CpuId(2));

        zone.PerCpu.DrainAll();

        Assert.Equal(1, zone.Counters.Interrupts);
        Assert.Equal("0: 5", zone.Picture());
    }

    [Theory]
    [InlineData(0, 9, true)]
    [InlineData(3, 9, true)]
    [InlineData(4, 9, false)]
    [InlineData(8, 9, false)]
    [InlineData(9, 9, true)]
    [InlineData(10, 9, false)]
    [InlineData(10, 10, true)]
    public void ListsHoldCheapOrdersAndHugePages(int order, int pageBlockOrder, bool holds) =>
        Assert.Equal(holds, PerCpuPages.Holds(order, pageBlockOrder));

    // The lists of a zone are guessed to be those of the frame freed before.
    [Fact]
    public void FramesOfTwoZonesFreedInTurnGoToTheListsOfTheirOwn()
    {
        MemorySystem system = new(TestBoards.Layout("two nodes"), new PlainDesign(new Hidden()), new MachineOptions(2));
        List<Frame> frames = [];
        while (system
            .Allocate(new AllocationRequest(GfpFlags.HighUserMovable, Order.Zero, Cpu: new CpuId(1), IsTagged: false,
            Owner: 0)).Frame is { IsNone: false } frame)
        {
            frames.Add(frame);
        }

        Frame[] first = [.. frames.Where(at => system.Frames[at].Zone == 0).Take(2)];
        Frame[] second = [.. frames.Where(at => system.Frames[at].Zone == 1).Take(2)];
        foreach (Frame freed in (Frame[])[first[0], second[0], first[1], second[1]])
        {
            system.Free(freed, cpu: new CpuId(1));
        }

        Assert.Equal([first[1], first[0]], system.Guided.PerCpu.List(first[0], 0, MigrateType.Movable, cpu: new CpuId(1), most: 9));
        Assert.Equal([second[1], second[0]], system.Guided.PerCpu.List(second[0], 0, MigrateType.Movable, cpu: new CpuId(1), most: 9));
        Assert.Empty(system.Audit());
    }

    private void Free(params int[] frames)
    {
        foreach (int frame in frames)
        {
            _zone.PerCpu.Free(new Frame(frame), 0, _zone.Frames.BlockType(new Frame(frame)), cpu: CpuId.Boot);
        }
    }
}
