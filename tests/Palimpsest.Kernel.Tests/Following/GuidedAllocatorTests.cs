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

    [Fact]
    public void OneDecisionAfterTheOtherGivesWhatTheAllocatorGives() => Law.Holds(Steps.Array[60, 250], 20, script =>
    {
        MemorySystem real = Machine();
        MemorySystem followed = Machine();
        List<int> inUse = [];
        foreach ((bool isFree, int pick, int order, bool isMovable) in script)
        {
            if (!isFree || inUse.Count == 0)
            {
                AllocationRequest request = new(isMovable ? GfpFlags.HighUserMovable : GfpFlags.KernelDefault, new Order(order), Cpu: 0,
                    IsTagged: false, Owner: 0);
                inUse.Add(real.Allocate(request).Frame);
                Assert.Equal(inUse[^1], Take(followed.Guided, request.Type, order));
                continue;
            }

            int frame = inUse[pick % inUse.Count];
            inUse.Remove(frame);
            real.Free(frame, 0);
            Free(followed, frame);
        }

        Assert.Equal(real.Guided.PerCpu.LimitsOf(0, 0), followed.Guided.PerCpu.LimitsOf(0, 0));
        Assert.Equal(real.Zones[0].FreeFrames, followed.Zones[0].FreeFrames);
        Assert.Empty(followed.Audit());
    });

    [Fact]
    public void AFrameIsTakenOutOfItsChunkAndItsNeighboursStayFree()
    {
        Assert.True(_system.Guided.TryTake(100, 0));

        Assert.Equal((101, 0), _system.Guided.ChunkOf(101));
        Assert.False(_system.Guided.IsFree(100, 0));
        Assert.False(_system.Guided.TryTake(96, 3));
        Assert.Empty(_system.Audit());
    }

    [Fact]
    public void ForcingATakeBreaksUpWhatTheModelHadThere()
    {
        _system.Guided.TryTake(8, 1);
        _system.Guided.PerCpu.Refilled(8, 1, MigrateType.Movable, cpu: 0);

        _system.Guided.ForceTake(8, 3);

        Assert.Equal((FrameState.Allocated, 3), (_system.Frames[8].State, _system.Frames[8].Order));
        Assert.Equal(0, _system.Guided.PerCpu.LimitsOf(8, 0).Count);
        Assert.Empty(_system.Audit());
    }

    [Fact]
    public void PrefillingStopsAtTheNumberThatTheCpuHad()
    {
        _system.Guided.Prefill(cpu: 1, frames: 5);

        Assert.Equal(5, _system.Guided.PerCpu.List(0, 0, MigrateType.Movable, cpu: 1, most: 99).Count);
        Assert.Empty(_system.Audit());
    }

    [Fact]
    public void ListsOfTagBlocksAreNotPrefilled()
    {
        MemorySystem groups = new(TestBoards.Layout("flat 8 MiB, small blocks"), new PlainDesign(new Groups()), new MachineOptions(1));
        groups.Guided.Prefill(cpu: 0, frames: 5);

        Assert.Equal(0, groups.Guided.PerCpu.LimitsOf(0, 0).Count);
    }

    [Fact]
    public void AFolioKnowsItsPlaceAndItsListsCpu()
    {
        foreach (int frame in (int[])[4, 6, 9])
        {
            _system.Guided.TryTake(frame, 0);
            _system.Guided.PerCpu.Refilled(frame, 0, MigrateType.Movable, cpu: 1);
        }

        Assert.Equal(1, _system.Guided.PerCpu.Position(6, 0, MigrateType.Movable, cpu: 1));
        Assert.Equal(-1, _system.Guided.PerCpu.Position(6, 0, MigrateType.Movable, cpu: 0));

        _system.Guided.PerCpu.Remove(4);

        Assert.Equal([6, 9], _system.Guided.PerCpu.List(0, 0, MigrateType.Movable, cpu: 1, most: 9));
        Assert.Equal(6, _system.Guided.PerCpu.First(0, 0, MigrateType.Movable, cpu: 1));
        Assert.Equal(2, _system.Guided.PerCpu.LimitsOf(0, 1).Count);
    }

    [Fact]
    public void ADrainBeginsWithTheListFreedToAndGoesFromItsTail()
    {
        foreach ((int frame, MigrateType type) in ((int, MigrateType)[])[(4, MigrateType.Unmovable), (6, MigrateType.Movable),
            (9, MigrateType.Movable)])
        {
            _system.Guided.TryTake(frame, 0);
            _system.Guided.PerCpu.Refilled(frame, 0, type, cpu: 0);
        }

        DrainPlan plan = _system.Guided.PerCpu.BeginDrain(0, cpu: 0, count: 2, freed: 6);

        Assert.Equal((2, 9), (plan.Left, plan.Next()));
        _system.Guided.PerCpu.Remove(9);
        Assert.Equal((6, 0), (plan.Next(), plan.Left));
        Assert.Equal(-1, plan.Next());
    }

    [Fact]
    public void ARangeIsIsolatedTakenAndGivenBackAsItWas()
    {
        _system.Guided.TryTake(70, 0);
        _system.Guided.Isolate(64, 32);
        Assert.Equal(MigrateType.Isolate, _system.Frames.BlockType(64));

        Assert.False(_system.Guided.TakeRange(64, 32));

        _system.Guided.EndIsolation(64, 32);
        Assert.Equal(MigrateType.Movable, _system.Frames.BlockType(64));
        Assert.False(_system.Guided.IsFree(95, 0));
    }

    [Fact]
    public void ABlockWithPagesInUseChangesItsTypeAndTakesItsFreePagesAlong()
    {
        _system.Guided.TryTake(64, 0);
        _system.Guided.RetypeBlock(64, MigrateType.Unmovable);
        _system.Guided.RetypeBlock(128, MigrateType.Unmovable);

        Assert.Equal([80], _system.Guided.ListOf(0, 4, MigrateType.Unmovable, most: 9));
        Assert.Equal(MigrateType.Movable, _system.Frames.BlockType(128));
        Assert.Empty(_system.Audit());
    }

    private static MemorySystem Machine() =>
        new(TestBoards.Layout("flat 8 MiB, small blocks"), new PlainDesign(new Hidden()), new MachineOptions(2));

    private static int Take(GuidedAllocator guided, MigrateType type, int order)
    {
        int wanted = guided.PerCpu.First(0, order, type, 0) >= 0 ? 0 : guided.PerCpu.RefillWanted(0, order, 0);
        for (int count = 0; count < wanted; count++)
        {
            guided.PerCpu.Refilled(guided.Propose(0, order, type, useCma: type == MigrateType.Movable), order, type, 0);
        }

        int frame = guided.PerCpu.First(0, order, type, 0);
        guided.PerCpu.Remove(frame);
        guided.PerCpu.CountAllocation(0, 0);
        return frame;
    }

    private static void Free(MemorySystem system, int frame)
    {
        GuidedAllocator guided = system.Guided;
        int order = system.Frames[frame].Order;
        guided.PerCpu.Freed(frame, order, 0);
        DrainPlan drain = guided.PerCpu.BeginDrain(0, 0, guided.PerCpu.DrainWanted(0, order, 0), frame);
        for (int drained = drain.Next(); drained >= 0; drained = drain.Next())
        {
            guided.PerCpu.Remove(drained);
            guided.FreeToBuddy(drained, guided.PerCpu.OrderOf(drained), system.Frames[drained].PerCpuType, toTail: false);
        }
    }
}
