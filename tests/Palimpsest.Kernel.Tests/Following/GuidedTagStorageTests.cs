using CsCheck;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Following;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Testing;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.Following;

/// <summary>What is planned for a page is what its reservation does, and the kernel's word is taken for the rest.</summary>
public sealed class GuidedTagStorageTests
{
    private static readonly Gen<(int Kind, int Pick, int Order)> Steps =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 100_000], Gen.Int[0, 6]);

    [Theory]
    [InlineData("blocks of 2")]
    [InlineData("blocks of 3")]
    [InlineData("blocks of 1 and 2")]
    [InlineData("uncovered memory")]
    public void APlanIsWhatTheReservationDoes(string board) => Law.Holds(Steps.Array[100, 300], 10, script =>
    {
        MemorySystem system = Machine(board);
        List<Frame> plain = [];
        foreach ((int kind, int pick, int order) in script)
        {
            if (kind < 6 || plain.Count == 0)
            {
                AllocationRequest request = new(GfpFlags.HighUserMovable, new Order(order), CpuId.Boot, IsTagged: false, Owner: 0);
                plain.Add(system.Allocate(request).Frame);
                continue;
            }

            Frame frame = plain[pick % plain.Count];
            plain.Remove(frame);
            if (kind < 8 && !frame.IsNone)
            {
                Tag(system, frame);
            }
            else if (!frame.IsNone)
            {
                system.Free(frame, CpuId.Boot);
            }
        }
    });

    [Fact]
    public void APageThatNothingCoversHasNoPlan()
    {
        MemorySystem system = Machine("uncovered memory");

        Assert.Equal(StoragePath.NoMap, system.GuidedStorage.Plan(new Frame(7 * 256), 0).Path);
        Assert.Equal(StoragePath.NoMap, system.GuidedStorage.Plan(system.Blocks.StorageOf(new BlockId(0)).First, 0).Path);
    }

    [Fact]
    public void AFolioOfTwoBlocksThatAreFreeAndInUseIsMixed()
    {
        MemorySystem system = Machine("blocks of 2");
        GuidedTagStorage storage = system.GuidedStorage;
        Frame second = system.Blocks.StorageOf(new BlockId(1)).First;

        Assert.Equal(new StoragePlan(StoragePath.Free, second - 2, 2, 0), storage.Plan(new Frame(0), 7));
        system.Guided.ForceTake(second, 0);
        Assert.Equal(new StoragePlan(StoragePath.Mixed, second - 2, 2, 1), storage.Plan(new Frame(0), 7));
        Assert.True(storage.Take(second));
        Assert.Equal(StoragePath.Free, storage.Plan(new Frame(0), 7).Path);
        Assert.Equal([second - 2, second], storage.BlocksOf(new Frame(0), 7));
    }

    [Fact]
    public void WhatCouldNotBeMovedCannotBeUntilItIsFreed()
    {
        MemorySystem system = Machine("blocks of 2");
        GuidedTagStorage storage = system.GuidedStorage;
        Frame first = system.Blocks.StorageOf(new BlockId(0)).First;
        system.Guided.ForceTake(first + 1, 0);

        Assert.Equal(StoragePath.Contig, storage.Plan(new Frame(5), 0).Path);
        storage.Pin(new Frame(5), 0);
        Assert.Equal(StoragePath.Failed, storage.Plan(new Frame(5), 0).Path);
        storage.Unpin(first + 1);
        Assert.Equal(StoragePath.Contig, storage.Plan(new Frame(5), 0).Path);
    }

    [Fact]
    public void TheLastPageThatCountsOnABlockReleasesIt()
    {
        MemorySystem system = Machine("blocks of 2");
        GuidedTagStorage storage = system.GuidedStorage;
        Frame first = system.Blocks.StorageOf(new BlockId(0)).First;

        Assert.True(storage.Take(first));
        Assert.False(storage.Take(first), "it is reserved already");
        Assert.False(storage.Take(first + 1), "no block begins there");
        storage.Refer(new Frame(0), 0);
        storage.Refer(new Frame(8), 2);
        Assert.Equal(StoragePath.Flag, storage.Plan(new Frame(8), 2).Path);
        Assert.Equal(StoragePath.Present, storage.Plan(new Frame(1), 0).Path);
        Assert.Equal(0, storage.Release(new Frame(0), 0));
        Assert.Equal(1, storage.Release(new Frame(8), 2));
        Assert.False(storage.HasStorage(new Frame(8)));
        Assert.True(storage.GiveBack(first));
        Assert.False(storage.GiveBack(first), "it is lent already");
        Assert.Equal(FrameState.Allocated, system.Frames[first].State);
    }

    [Fact]
    public void AReferenceThatStaysKeepsItsBlock()
    {
        GuidedTagStorage storage = Machine("blocks of 2").GuidedStorage;
        Frame first = storage.Plan(new Frame(0), 0).Block;
        storage.Take(first);
        storage.ReferForEver(first);
        storage.Refer(new Frame(0), 0);

        Assert.Equal(0, storage.Release(new Frame(0), 0));
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public void AsMailedTheLoopStopsBeforeTheLastBlock(bool loopsToLast, int blocks)
    {
        MemorySystem system = new(TestBoards.Layout("blocks of 2"), new PlainDesign(new Cma())
        {
            Tagging = ReservationVerdict.BestEffort, Rule = new(3, FastPath: true, 5) { LoopsToLastBlock = loopsToLast },
        }, new MachineOptions(1));
        AllocationRequest request = new(GfpFlags.HighUserMovable, new Order(7), CpuId.Boot, IsTagged: true, Owner: 0);
        int planned = system.GuidedStorage.Plan(new Frame(0), 7).Blocks;
        Frame frame = system.Allocate(request).Frame;

        Assert.Equal((blocks, blocks), (planned, system.Blocks.ReservedBlocks));
        system.Free(frame, CpuId.Boot);
        Assert.Equal(0, system.Blocks.ReservedBlocks);
    }

    private static void Tag(MemorySystem system, Frame frame)
    {
        StoragePlan plan = system.GuidedStorage.Plan(frame, system.Frames[frame].Order);
        KernelCounters counters = system.Counters;
        (long present, long free, long moved, long failed) =
            (counters.AlreadyReserved, counters.ReservedFree, counters.ReservedByMigration, counters.FailedReservations);
        BlockId block = system.Blocks.BlockOf(frame);
        system.TryTag(frame, CpuId.Boot);
        switch (plan.Path)
        {
            case StoragePath.Present:
                Assert.Equal(present + 1, counters.AlreadyReserved);
                break;
            case StoragePath.Free:
                Assert.Equal(free + 1, counters.ReservedFree);
                break;
            case StoragePath.Contig or StoragePath.Mixed:
                Assert.Equal(free + moved + failed + 1, counters.ReservedFree + counters.ReservedByMigration + counters.FailedReservations);
                Assert.True(plan.Moves == 0 || moved + failed < counters.ReservedByMigration + counters.FailedReservations);
                break;
            default:
                Assert.True(block.IsNone || system.Frames[frame].Has(FrameFlags.Untaggable));
                break;
        }
    }

    private static MemorySystem Machine(string board) =>
        new(TestBoards.Layout(board), new PlainDesign(new Cma()) { Tagging = ReservationVerdict.BestEffort }, new MachineOptions(1));
}
