using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.TagStorage.Packing;

using Home = Palimpsest.Kernel.TagStorage.Homes.ActiveBlocks;

/// <summary>On a full machine data leave active blocks, before another block is made active.</summary>
public sealed class GuestTests
{
    private const int Freed = 20;

    [Fact]
    public void AGuestLeavesBeforeAnotherBlockIsMadeActive()
    {
        (MemorySystem system, Frame tagged) = Full(new PackRule(Ready: 0));

        Frame next = Allocate(system, GfpFlags.HighUserMovable, isTagged: true);

        Assert.Equal(tagged.Index / 32, next.Index / 32);
        Assert.Equal((1, 1L), (system.Blocks.ReservedBlocks, system.Counters.GuestFrames));
        Assert.Empty(system.Audit());
    }

    [Fact]
    public void WhoMayNotSleepMovesNobody()
    {
        (MemorySystem system, _) = Full(new PackRule(Ready: 0));

        Allocate(system, GfpFlags.AtomicDefault | GfpFlags.Movable, isTagged: true);

        Assert.Equal((0L, 0L), (system.Counters.GuestFrames, system.Counters.MigratedFrames));
        Assert.Empty(system.Audit());
    }

    [Fact]
    public void WithoutMovesNoGuestLeaves()
    {
        (MemorySystem system, _) = Full(new PackRule(Moves: false, Ready: 0));

        Allocate(system, GfpFlags.HighUserMovable, isTagged: true);

        Assert.Equal(0, system.Counters.GuestFrames);
    }

    [Fact]
    public void PinnedGuestsStay()
    {
        (MemorySystem system, Frame tagged) = Full(new PackRule(Ready: 0));
        foreach (int at in Enumerable.Range(tagged.Index / 32 * 32, 32))
        {
            system.Pin(new Frame(at));
        }

        Allocate(system, GfpFlags.HighUserMovable, isTagged: true);

        Assert.Equal(0, system.Counters.GuestFrames);
        Assert.Empty(system.Audit());
    }

    [Fact]
    public void AGuestDoesNotMoveToAnotherActiveBlock()
    {
        (MemorySystem system, Frame tagged) = Full(new PackRule(Ready: 0));

        List<Frame> pages = [tagged, .. Enumerable.Range(0, Freed / 2).Select(_ => Allocate(system, GfpFlags.HighUserMovable, true))];

        Assert.Single(pages.Select(page => page.Index / 32).Distinct());
        Assert.Equal(Freed / 2, system.Counters.GuestFrames);
    }

    /// <summary>One tagged page, and data everywhere else, in its block too; some single pages are free.</summary>
    private static (MemorySystem System, Frame Tagged) Full(PackRule rule)
    {
        MemorySystem system = new(TestBoards.Layout("flat 8 MiB, small blocks"), new OnlyActive(rule), new MachineOptions(1));
        Frame tagged = Allocate(system, GfpFlags.HighUserMovable, isTagged: true);
        List<Frame> data = [];
        for (Frame page = Plain(system); !page.IsNone; page = Plain(system))
        {
            data.Add(page);
        }

        foreach (Frame page in data.Where(page => page.Index / 32 != tagged.Index / 32 && page.Index % 32 == 7).Take(Freed))
        {
            system.Free(page, CpuId.Boot);
        }

        system.DrainAll();
        Assert.Equal(0, system.Zones[0].ReadyFrames);
        return (system, tagged);
    }

    private static Frame Plain(MemorySystem system) => Allocate(system, GfpFlags.HighUserMovable, isTagged: false);

    private static Frame Allocate(MemorySystem system, GfpFlags gfp, bool isTagged) =>
        system.Allocate(new AllocationRequest(gfp, Order.Zero, CpuId.Boot, isTagged, Owner: 0)).Frame;

    private sealed class OnlyActive(PackRule rule) : Design
    {
        public override StorageHome Home { get; } = new Home(rule);

        public override ReservationVerdict OnTagged(in TaggedView view) => ReservationVerdict.OnlyActive;
    }
}
