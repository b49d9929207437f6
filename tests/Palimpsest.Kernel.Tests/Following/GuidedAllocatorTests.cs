using CsCheck;
using Palimpsest.Kernel.Following;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Testing;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.Following;

/// <summary>Decisions one at a time are the allocator's own: who makes them all arrives where the allocator arrives.</summary>
public sealed class GuidedAllocatorTests
{
    private static readonly Gen<(bool IsFree, int Pick, int Order, bool IsMovable)> Steps =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 1000], Gen.Int[0, 3], Gen.Bool)
            .Select(draw => (draw.Item1 > 5, draw.Item2, draw.Item3, draw.Item4));

    private readonly MemorySystem _system = Machine();

    [Theory]
    [InlineData("6.1")]
    [InlineData("6.12")]
    public void OneDecisionAfterTheOtherGivesWhatTheAllocatorGives(string release) => Law.Holds(Steps.Array[60, 250], 20, script =>
    {
        MemorySystem real = Machine(release);
        MemorySystem followed = Machine(release);
        List<int> inUse = [];
        foreach ((bool isFree, int pick, int order, bool isMovable) in script)
        {
            if (!isFree || inUse.Count == 0)
            {
                AllocationRequest request = new(isMovable ? GfpFlags.HighUserMovable : GfpFlags.KernelDefault, new Order(order),
                    Cpu: CpuId.Boot,
                    IsTagged: false, Owner: 0);
                inUse.Add(real.Allocate(request).Frame.Index);
                Assert.Equal(inUse[^1], Take(followed.Guided, request.Type, order).Index);
                continue;
            }

            Frame frame = new(inUse[pick % inUse.Count]);
            inUse.Remove(frame.Index);
            real.Free(frame, CpuId.Boot);
            Free(followed, frame);
        }

        Assert.Equal(real.Guided.PerCpu.LimitsOf(new Frame(0), CpuId.Boot), followed.Guided.PerCpu.LimitsOf(new Frame(0), CpuId.Boot));
        Assert.Equal(real.Zones[0].FreeFrames, followed.Zones[0].FreeFrames);
        Assert.Empty(followed.Audit());
    });

    [Fact]
    public void AFrameIsTakenOutOfItsChunkAndItsNeighboursStayFree()
    {
        Assert.True(_system.Guided.TryTake(new Frame(100), 0));

        Assert.Equal((new Frame(101), 0), _system.Guided.ChunkOf(new Frame(101)));
        Assert.False(_system.Guided.IsFree(new Frame(100), 0));
        Assert.False(_system.Guided.TryTake(new Frame(96), 3));
        Assert.Empty(_system.Audit());
    }

    [Fact]
    public void ForcingATakeBreaksUpWhatTheModelHadThere()
    {
        _system.Guided.TryTake(new Frame(8), 1);
        _system.Guided.PerCpu.Refilled(new Frame(8), 1, MigrateType.Movable, cpu: CpuId.Boot);

        _system.Guided.ForceTake(new Frame(8), 3);

        Assert.Equal((FrameState.Allocated, 3), (_system.Frames[new Frame(8)].State, _system.Frames[new Frame(8)].Order));
        Assert.Equal(0, _system.Guided.PerCpu.LimitsOf(new Frame(8), CpuId.Boot).Count);
        Assert.Empty(_system.Audit());
    }

    [Fact]
    public void PrefillingStopsAtTheNumberThatTheCpuHad()
    {
        _system.Guided.Prefill(cpu: new CpuId(1), frames: 5);

        Assert.Equal(5, _system.Guided.PerCpu.List(new Frame(0), 0, MigrateType.Movable, cpu: new CpuId(1), most: 99).Count);
        Assert.Empty(_system.Audit());
    }

    [Fact]
    public void ListsOfTagBlocksAreNotPrefilled()
    {
        MemorySystem groups = new(TestBoards.Layout("flat 8 MiB, small blocks"), new PlainDesign(new Groups()), new MachineOptions(1));
        groups.Guided.Prefill(cpu: CpuId.Boot, frames: 5);

        Assert.Equal(0, groups.Guided.PerCpu.LimitsOf(new Frame(0), CpuId.Boot).Count);
    }

    [Fact]
    public void AFolioKnowsItsPlaceAndItsListsCpu()
    {
        foreach (int frame in (int[])[4, 6, 9])
        {
            _system.Guided.TryTake(new Frame(frame), 0);
            _system.Guided.PerCpu.Refilled(new Frame(frame), 0, MigrateType.Movable, cpu: new CpuId(1));
        }

        Assert.Equal(1, _system.Guided.PerCpu.Position(new Frame(6), 0, MigrateType.Movable, cpu: new CpuId(1)));
        Assert.Null(_system.Guided.PerCpu.Position(new Frame(6), 0, MigrateType.Movable, cpu: CpuId.Boot));

        _system.Guided.PerCpu.Remove(new Frame(4));

        Assert.Equal([new(6), new(9)], _system.Guided.PerCpu.List(new Frame(0), 0, MigrateType.Movable, cpu: new CpuId(1), most: 9));
        Assert.Equal(6, _system.Guided.PerCpu.First(new Frame(0), 0, MigrateType.Movable, cpu: new CpuId(1)).Index);
        Assert.Equal(2, _system.Guided.PerCpu.LimitsOf(new Frame(0), new CpuId(1)).Count);
    }

    [Fact]
    public void ADrainBeginsWithTheListFreedToAndGoesFromItsTail()
    {
        foreach ((Frame frame, MigrateType type) in ((Frame, MigrateType)[])[(new(4), MigrateType.Unmovable), (new(6), MigrateType.Movable),
            (new(9), MigrateType.Movable)])
        {
            _system.Guided.TryTake(frame, 0);
            _system.Guided.PerCpu.Refilled(frame, 0, type, cpu: CpuId.Boot);
        }

        DrainPlan plan = _system.Guided.PerCpu.BeginDrain(new Frame(0), cpu: CpuId.Boot, count: 2, freed: new Frame(6));

        Assert.Equal((2, new Frame(9)), (plan.Left, plan.Next()));
        _system.Guided.PerCpu.Remove(new Frame(9));
        Assert.Equal((new Frame(6), 0), (plan.Next(), plan.Left));
        Assert.Equal(Frame.None, plan.Next());
    }

    // The limit is where the first drain began; the next begins well below it, so kswapd is at work: four batches less one.
    [Fact]
    public void ADrainWellBelowTheLimitTellsThatKswapdIsAtWork()
    {
        GuidedPerCpu lists = _system.Guided.PerCpu;
        lists.LearnRefill(new Frame(0), CpuId.Boot, order: 0, taken: 15, wanted: 1);
        Fill(from: 0, to: 400);
        Assert.Equal((15, false), lists.DrainAfterFree(new Frame(399), 0, CpuId.Boot));

        Drop(from: 0, to: 300);
        Assert.Equal((30, false), lists.DrainAfterFree(new Frame(399), 0, CpuId.Boot));
        Assert.Equal((45, false), lists.DrainAfterFree(new Frame(399), 0, CpuId.Boot));

        Fill(from: 0, to: 300);
        Assert.Equal((60, true), lists.DrainAfterFree(new Frame(399), 0, CpuId.Boot));
    }

    [Fact]
    public void ALargeFolioThatGoesPastTheLimitDoesNotMoveIt()
    {
        GuidedPerCpu lists = _system.Guided.PerCpu;
        lists.LearnRefill(new Frame(0), CpuId.Boot, order: 0, taken: 15, wanted: 1);
        Fill(from: 0, to: 100);
        lists.DrainAfterFree(new Frame(99), 0, CpuId.Boot);
        Fill(from: 100, to: 103);

        (int _, bool isByRules) = lists.DrainAfterFree(new Frame(102), 2, CpuId.Boot);

        Assert.True(isByRules);
    }

    private void Fill(int from, int to)
    {
        for (Frame frame = new(from); frame.Index < to; frame++)
        {
            _system.Guided.TryTake(frame, 0);
            _system.Guided.PerCpu.Refilled(frame, 0, MigrateType.Movable, CpuId.Boot);
        }
    }

    private void Drop(int from, int to)
    {
        for (Frame frame = new(from); frame.Index < to; frame++)
        {
            _system.Guided.PerCpu.Remove(frame);
            _system.Guided.FreeToBuddy(frame, 0, MigrateType.Movable, toTail: false);
        }
    }

    [Fact]
    public void ARangeIsIsolatedTakenAndGivenBackAsItWas()
    {
        _system.Guided.TryTake(new Frame(70), 0);
        _system.Guided.Isolate(new Frame(64), 32);
        Assert.Equal(MigrateType.Isolate, _system.Frames.BlockType(new Frame(64)));

        Assert.False(_system.Guided.TakeRange(new Frame(64), 32));

        _system.Guided.EndIsolation(new Frame(64), 32, MigrateType.Movable);
        Assert.Equal(MigrateType.Movable, _system.Frames.BlockType(new Frame(64)));
        Assert.False(_system.Guided.IsFree(new Frame(95), 0));
    }

    [Fact]
    public void ABlockWithPagesInUseChangesItsTypeAndTakesItsFreePagesAlong()
    {
        _system.Guided.TryTake(new Frame(64), 0);
        _system.Guided.RetypeBlock(new Frame(64), MigrateType.Unmovable);
        _system.Guided.RetypeBlock(new Frame(128), MigrateType.Unmovable);

        Assert.Equal([new(80)], _system.Guided.ListOf(new Frame(0), 4, MigrateType.Unmovable, most: 9));
        Assert.Equal(MigrateType.Movable, _system.Frames.BlockType(new Frame(128)));
        Assert.Empty(_system.Audit());
    }

    private static MemorySystem Machine(string release = "6.1") =>
        new(TestBoards.Layout("flat 8 MiB, small blocks"), new PlainDesign(new Hidden()), new MachineOptions(2)
        {
            Release = KernelRelease.Of(release)!.Value,
        });

    private static Frame Take(GuidedAllocator guided, MigrateType type, int order)
    {
        guided.PerCpu.WatchHigh(new Frame(0));
        guided.PerCpu.CountAllocation(new Frame(0), CpuId.Boot);
        int wanted = !guided.PerCpu.First(new Frame(0), order, type, CpuId.Boot).IsNone
            ? 0
            : guided.PerCpu.RefillWanted(new Frame(0), order, CpuId.Boot);
        for (int count = 0; count < wanted; count++)
        {
            Frame refilled = guided.Propose(new Frame(0), order, type, useCma: type == MigrateType.Movable, continues: count > 0);
            guided.PerCpu.Refilled(refilled, order, type, CpuId.Boot);
        }

        Frame frame = guided.PerCpu.First(new Frame(0), order, type, CpuId.Boot);
        guided.PerCpu.Remove(frame);
        return frame;
    }

    private static void Free(MemorySystem system, Frame frame)
    {
        GuidedAllocator guided = system.Guided;
        int order = system.Frames[frame].Order;
        guided.PerCpu.Freed(frame, order, CpuId.Boot);
        DrainPlan drain = guided.PerCpu.BeginDrain(new Frame(0), CpuId.Boot, guided.PerCpu.DrainWanted(new Frame(0), order, CpuId.Boot),
            frame);
        for (Frame drained = drain.Next(); !drained.IsNone; drained = drain.Next())
        {
            guided.PerCpu.Remove(drained);
            guided.FreeToBuddy(drained, guided.PerCpu.OrderOf(drained), system.Frames[drained].PerCpuType, toTail: false);
        }
    }
}
