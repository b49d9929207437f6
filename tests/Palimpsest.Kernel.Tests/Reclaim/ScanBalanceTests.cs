using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Reclaim;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Swap;
using Palimpsest.Kernel.Tests.Tasks;
using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Memory;
using Palimpsest.Steps;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.Reclaim;

/// <summary>Shares of anonymous memory and files, computed by hand from prepare_scan_count and get_scan_count, mm/vmscan.c, 6.1.</summary>
public sealed class ScanBalanceTests
{
    private readonly RunningKernel _kernel = new(
        TestBoards.Layout("flat 8 MiB, small blocks"), TestMachine.Rfc3(), new MachineSetup(
            new MachineOptions(1), new TaggedMemoryOptions(), Safeguards.All, new Interleaving(), SwapPages: 0, HugePagesByDefault: false));

    [Fact]
    public void WithoutSwapOnlyFilesAreLookedAt()
    {
        Fill(inactiveAnonymous: 100, activeAnonymous: 10, inactiveFile: 40, activeFile: 80);

        Assert.Equal((0, 0, 10, 20), Targets(priority: 2, slots: 0));
    }

    [Fact]
    public void InactiveFilesThatAreManyGoFirst()
    {
        Fill(inactiveAnonymous: 100, activeAnonymous: 10, inactiveFile: 80, activeFile: 40);

        Assert.Equal((0, 0, 20, 10), Targets(priority: 2));
    }

    [Fact]
    public void SwappinessDividesThem()
    {
        Fill(inactiveAnonymous: 100, activeAnonymous: 10, inactiveFile: 40, activeFile: 80);

        Assert.Equal((7, 0, 7, 14), Targets(priority: 2));
    }

    [Fact]
    public void WhatWasCostlyOfLateIsLookedAtLess()
    {
        Fill(inactiveAnonymous: 100, activeAnonymous: 10, inactiveFile: 40, activeFile: 80);

        // 60 * 31 / 11 = 169 to 140 * 31 / 21 = 206.
        _kernel.Owners.WorkingSet.NoteCost(isFile: true, pages: 10);

        Assert.Equal((25 * 169 / 375, 2 * 169 / 375, 10 * 206 / 375, 20 * 206 / 375), Targets(priority: 2));
    }

    [Fact]
    public void InTheLastRoundAllIsLookedAt()
    {
        Fill(inactiveAnonymous: 100, activeAnonymous: 10, inactiveFile: 40, activeFile: 80);

        Assert.Equal((100, 10, 40, 80), Targets(priority: 0));
    }

    [Fact]
    public void WithHardlyAFileLeftOnlyAnonymousMemoryIs()
    {
        Fill(inactiveAnonymous: 400, activeAnonymous: 10, inactiveFile: 2, activeFile: 4);
        foreach (Zone zone in _kernel.Memory.System.Zones)
        {
            zone.Watermarks = zone.Watermarks with { High = zone.ManagedFrames };
        }

        Assert.Equal((100, 2, 0, 0), Targets(priority: 2));
    }

    [Fact]
    public void APageThatComesBackSoonIsActive()
    {
        Fill(inactiveAnonymous: 0, activeAnonymous: 0, inactiveFile: 6, activeFile: 5);
        WorkingSet set = _kernel.Owners.WorkingSet;
        Frame page = Taken(FrameFlags.None);
        Shadow early = set.Leave(page);
        List<Shadow> later = [.. Enumerable.Range(0, 5).Select(_ => set.Leave(page))];

        set.Return(page, early, hasSwap: false);
        Assert.False(_kernel.Memory.Frames[page].Has(FrameFlags.Active));
        set.Return(page, later[0], hasSwap: false);
        Assert.True(_kernel.Memory.Frames[page].Has(FrameFlags.Active));
        Assert.Equal((1, 0, 0), (set.ActivationsOf(isFile: true), set.ActivationsOf(isFile: false), set.CostOf(isFile: true)));
    }

    [Fact]
    public void ThatOneHadBeenActiveIsACost()
    {
        Fill(inactiveAnonymous: 40, activeAnonymous: 40, inactiveFile: 0, activeFile: 0);
        WorkingSet set = _kernel.Owners.WorkingSet;
        Frame page = Taken(FrameFlags.SwapBacked | FrameFlags.WorkingSet);

        set.Return(page, set.Leave(page), hasSwap: true);

        Assert.Equal((0, 1), (set.CostOf(isFile: true), set.CostOf(isFile: false)));
        set.NoteCost(isFile: false, pages: 20);
        Assert.Equal(10, set.CostOf(isFile: false));
    }

    private (int, int, int, int) Targets(int priority, int slots = 100)
    {
        SwapDevice swap = new(_kernel.Memory, _kernel.Owners.Folios, slots);
        ScanTargets targets = new ScanBalance(
            _kernel.Memory.System, _kernel.Owners, swap).Targets(priority, mayDeactivateAll: false, ZoneMask.All);
        return (targets[LruList.InactiveAnonymous], targets[LruList.ActiveAnonymous], targets[LruList.InactiveFile],
            targets[LruList.ActiveFile]);
    }

    private void Fill(int inactiveAnonymous, int activeAnonymous, int inactiveFile, int activeFile)
    {
        Fill(inactiveAnonymous, FrameFlags.SwapBacked);
        Fill(activeAnonymous, FrameFlags.SwapBacked | FrameFlags.Active);
        Fill(inactiveFile, FrameFlags.None);
        Fill(activeFile, FrameFlags.Active);
    }

    private void Fill(int count, FrameFlags flags)
    {
        for (int page = 0; page < count; page++)
        {
            _kernel.Owners.Lru.Add(Taken(flags));
        }
    }

    private Frame Taken(FrameFlags flags)
    {
        AllocationRequest request = new(GfpFlags.HighUserMovable, Order.Zero, CpuId.Boot, IsTagged: false, Owner: 0);
        Frame frame = _kernel.Memory.System.Allocate(request).Frame;
        _kernel.Memory.Frames[frame].Set(flags);
        return frame;
    }
}
