using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Replay;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Replay;

/// <summary>The page cache of a full machine takes what is free, gives way to whoever asks, and is the same each time.</summary>
public sealed class FillingCacheTests
{
    private const long Seconds = 1_000_000_000;

    [Theory]
    [InlineData("static")]
    [InlineData("cma-no-tagged")]
    [InlineData("numa-node")]
    [InlineData("packed")]
    public void ItLeavesTheHighWatermarkFree(string design)
    {
        (MemorySystem system, FillingCache cache) = Machine(design);

        Assert.True(cache.Pages > 0);
        Assert.All(system.Zones.Where(zone => zone.ManagedFrames > 0 && !zone.IsTagStorage),
            zone => Assert.InRange(zone.FreeFrames, 1, zone.Watermarks.High + 64));
        Assert.Empty(system.Audit());
    }

    [Fact]
    public void WhoWakesKswapdGetsMemoryBack()
    {
        (MemorySystem system, FillingCache cache) = Machine("static");
        int pages = cache.Pages;
        while (system.Counters.KswapdWakes == 0)
        {
            Assert.False(Take(system, order: 0).IsNone);
        }

        cache.Settle(1);

        Assert.True(cache.Pages < pages);
        Assert.True(Watermark.IsAboveHigh(system.Zones[0]));
        Assert.Empty(system.Audit());
    }

    [Fact]
    public void ALargeRequestIsMadeRoomFor()
    {
        (MemorySystem system, FillingCache cache) = Machine("static");

        Assert.True(cache.MakeRoom(order: 5));
        Assert.False(Take(system, order: 5).IsNone);
        Assert.Empty(system.Audit());
    }

    [Fact]
    public void WhatIsFreeForALittleWhileIsLeftAlone()
    {
        (MemorySystem system, FillingCache cache) = Machine("static");
        List<Frame> taken = [.. Enumerable.Range(0, 300).Select(_ => Take(system, order: 0)).Where(frame => !frame.IsNone)];
        // At one moment of the first ten seconds next to nothing is free above the watermark.
        cache.Settle(9 * Seconds);
        int pages = cache.Pages;
        taken.ForEach(frame => system.Free(frame, CpuId.Boot));
        system.DrainAll();

        cache.Settle(10 * Seconds);
        Assert.InRange(cache.Pages, pages, pages + 64);
        cache.Settle(20 * Seconds);
        Assert.True(cache.Pages > pages + 64, $"{cache.Pages} pages, {pages} before");
    }

    [Fact]
    public void TheSameSeedDropsTheSamePages()
    {
        Assert.Equal(Dropped(seed: 7), Dropped(seed: 7));
        Assert.NotEqual(Dropped(seed: 7), Dropped(seed: 8));
    }

    private static string Dropped(ulong seed)
    {
        (MemorySystem system, FillingCache cache) = Machine("static", new FullMachine(seed, OutOfOrder: 0.5));
        while (system.Counters.KswapdWakes == 0)
        {
            Take(system, order: 0);
        }

        cache.Settle(1);
        return string.Join(',', Enumerable.Range(0, system.Frames.Count).Where(frame => system.Frames[new Frame(frame)].State
            is FrameState.Free or FrameState.PerCpu));
    }

    private static Frame Take(MemorySystem system, int order) =>
        system.Allocate(new AllocationRequest(GfpFlags.HighUserMovable, new Order(order), CpuId.Boot, IsTagged: false, Owner: 0)).Frame;

    private static (MemorySystem System, FillingCache Cache) Machine(string design, FullMachine? full = null)
    {
        MemorySystem system = new(
            TestBoards.Layout("flat 8 MiB, small blocks"), DesignCatalog.Parse(design).Create(), new MachineOptions(2));
        FillingCache cache = new(system, system.Frames.Count, full ?? new FullMachine());
        cache.Settle(0);
        return (system, cache);
    }
}
