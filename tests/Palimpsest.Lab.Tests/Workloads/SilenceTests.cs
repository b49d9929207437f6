using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing.Scripts;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Workloads;

/// <summary>What a kernel does without an event, and what it does for itself, read off the events around it.</summary>
public sealed class SilenceTests
{
    // 64 MiB of data, then its storage from frame 4000 (hexadecimal) on.
    private static readonly MemoryLayout Layout = TestBoards.OneBank(PageGeometry.Page4K, 0x4000_0000, 64 << 20, 4096);

    [Fact]
    public void WhatARefillLeftBehindWhenTheNextIsNeededWasTaken()
    {
        SilentTakes takes = new(Layout, new TaggedRefills(Layout));

        Assert.Empty(Take(takes, TraceEventKind.Refill, 1, 2, 3, 4));
        Assert.Empty(Take(takes, TraceEventKind.Allocate, 1));
        Assert.Empty(Take(takes, TraceEventKind.Drain, 4));
        Assert.Equal([2, 3], Take(takes, TraceEventKind.Refill, 8, 9));
        Assert.Equal([8, 9], Take(takes, TraceEventKind.Free, 5).Concat(Take(takes, TraceEventKind.Refill, 10)));
    }

    [Fact]
    public void AnotherListAndAnotherCpuSayNothingOfThisOne()
    {
        SilentTakes takes = new(Layout, new TaggedRefills(Layout));
        Take(takes, TraceEventKind.Refill, 1);

        Assert.Empty(takes.Look(At(TraceEventKind.Refill) with { MigrateType = 1 }, new Frame(2), 0));
        Assert.Empty(takes.Look(At(TraceEventKind.Refill) with { Cpu = 1 }, new Frame(3), 0));
        Assert.Equal([new Frame(1)], takes.Look(At(TraceEventKind.Refill), new Frame(4), 0));
    }

    [Fact]
    public void APageWhoseStorageIsReservedNextCameStraightFromTheBuddyLists()
    {
        TaggedRefills refills = new(Layout);
        refills.Look(At(TraceEventKind.Refill), new Frame(1), 10);
        refills.Look(At(TraceEventKind.Refill), new Frame(2), 11);
        refills.Look(At(TraceEventKind.Allocate), new Frame(2), 12);
        refills.Look(At(TraceEventKind.StorageReserveBegin), new Frame(1), 13);
        refills.Look(At(TraceEventKind.StorageReserveBegin), new Frame(2), 14);
        refills.Look(At(TraceEventKind.StorageReserveBegin) with { Gfp = TagStorageEvents.InFault << 8 }, new Frame(1), 15);

        Assert.Equal([10], Enumerable.Range(0, 20).Where(index => refills.Has(index)));
    }

    [Fact]
    public void APageGivenBackForTagsIsFreedByTheKernelForItself()
    {
        StorageFrees frees = new(Layout);
        TraceEvent taken = At(TraceEventKind.StorageBlock) with { Value = 1, Gfp = 1 };

        Assert.True(IsOwn(frees, 0, At(TraceEventKind.Free) with { Order = 9 }, 0x4000), "the area begins");
        Look(frees, 1, taken, 0x4002);
        Assert.False(IsOwn(frees, 2, At(TraceEventKind.Free), 0x4003), "nobody's block");
        Look(frees, 3, taken with { Gfp = 0 }, 0x4002);
        Assert.True(IsOwn(frees, 4, At(TraceEventKind.Free), 0x4002));
        Assert.False(IsOwn(frees, 5, At(TraceEventKind.Free), 0x4002), "once");
        Assert.False(IsOwn(frees, 6, At(TraceEventKind.Free) with { Order = 9 }, 0x200), "no storage");
    }

    [Fact]
    public void WhatARangeTookTooMuchIsFreedByTheKernelForItself()
    {
        StorageFrees frees = new(Layout);
        Look(frees, 0, At(TraceEventKind.FreeIsolated) with { Value = 4 }, 0x4008);
        Look(frees, 1, At(TraceEventKind.ExactRangeBegin) with { Value = 1 }, 0x4002);
        Look(frees, 2, At(TraceEventKind.FreeIsolated) with { Value = 4 }, 0x4000);

        Assert.True(IsOwn(frees, 3, At(TraceEventKind.Free), 0x4001));
        Look(frees, 4, At(TraceEventKind.ExactRangeEnd) with { Value = 1 }, 0x4002);
        Look(frees, 5, At(TraceEventKind.StorageBlock) with { Value = 1, Gfp = 1 }, 0x4002);
        Look(frees, 6, At(TraceEventKind.Allocate), 0x4003);
        Assert.False(IsOwn(frees, 7, At(TraceEventKind.Free), 0x4003), "somebody had it");
        Assert.False(IsOwn(frees, 8, At(TraceEventKind.Free), 0x4008), "compaction's");
    }

    [Fact]
    public void CompactionMovesEachPageToTheTargetNamedBeforeItsFree()
    {
        CompactionMoves moves = new(tasks: 1, Layout);
        Look(moves, 0, TraceEventKind.CompactionMigration, 0);
        Look(moves, 1, TraceEventKind.MigrationTarget, 0x800);
        Look(moves, 2, TraceEventKind.Free, 0x10);
        Look(moves, 3, TraceEventKind.Free, 0x11);
        Look(moves, 4, TraceEventKind.Free, 0x10);

        Assert.Equal(new Frame(0x800), moves.EndingAt(2));
        Assert.True(moves.IsTarget(1));
        Assert.True(moves.EndingAt(3).IsNone, "nothing says where it went");
        Assert.True(moves.IsReturn(4), "it was free already");
        Look(moves, 5, TraceEventKind.Free, 0x801);
        Assert.Equal(new Frame(0x801), moves.EndingAt(3));
    }

    [Fact]
    public void AnAllocationEndsABatchOfCompaction()
    {
        CompactionMoves moves = new(tasks: 1, Layout);
        Look(moves, 0, TraceEventKind.CompactionMigration, 0);
        Look(moves, 1, TraceEventKind.Allocate, 0x900);
        Look(moves, 2, TraceEventKind.MigrationTarget, 0x900);
        Look(moves, 3, TraceEventKind.Free, 0x10);

        Assert.True(moves.EndingAt(3).IsNone);
        Assert.False(moves.IsTarget(2));
    }

    private static TraceEvent At(TraceEventKind kind) => new() { Kind = kind };

    private static IReadOnlyList<int> Take(SilentTakes takes, TraceEventKind kind, params int[] frames) =>
        [.. frames.SelectMany(frame => takes.Look(At(kind), new Frame(frame), 0).Select(taken => taken.Index).ToList())];

    private static void Look(StorageFrees frees, long index, TraceEvent at, int frame) => frees.Look(at, new Frame(frame), index);

    private static void Look(CompactionMoves moves, long index, TraceEventKind kind, int frame) =>
        moves.Look(At(kind), new Frame(frame), index);

    private static bool IsOwn(StorageFrees frees, long index, TraceEvent at, int frame)
    {
        Look(frees, index, at, frame);
        return frees.Has(index);
    }
}
