using Palimpsest.Exploration;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Exploration.Strategies;
using Palimpsest.Kernel.Contiguous;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Steps;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;
using static Palimpsest.Kernel.Tests.Tasks.TestMachine;

namespace Palimpsest.Kernel.Tests.Tasks;

/// <summary>A long-term pin ends in memory that is neither CMA nor lent, however much of that there is (mm/gup.c, 6.1).</summary>
public sealed class LongTermPinTests
{
    [Theory]
    [InlineData("CMA")]
    [InlineData("zone")]
    [InlineData("free area, first")]
    [InlineData("migratetype, last")]
    public void ItLeavesCmaAndTagStorage(string home)
    {
        LinuxMachine machine = TestMachine.New(TestBoards.Layout("CMA pool"), Safeguards.None,
            design: new PlainDesign(TestHomes.Home(home)));
        Process process = machine.Start("driver");
        ulong at = PageThatMustMove(machine, process);
        process.Store(at, 42);

        PinnedPage pin = process.Pin(at, longTerm: true);

        Assert.True(MayStay(machine, pin.Frame), $"frame {pin.Frame}");
        Assert.Equal(42UL, process.Load(at));
        PinnedPage again = process.Pin(at, longTerm: true);
        Assert.Equal(pin.Frame.Index, again.Frame.Index);
        Assert.Empty(machine.Audit());
    }

    [Fact]
    public void WhatWasMovedForItCanMoveAgain()
    {
        LinuxMachine machine = TestMachine.WithStorageFirst(Safeguards.None);
        Process process = machine.Start("driver");
        ulong at = process.Map(Page, Plain);
        process.Store(at, 42);
        PinnedPage pin = process.Pin(at, longTerm: true);

        Assert.False(machine.Migrate(process, at));
        process.Unpin(pin);

        Assert.True(machine.Migrate(process, at));
        Assert.Equal(42UL, process.Load(at));
        Assert.Empty(machine.Audit());
    }

    [Fact]
    public void APageThatSomebodyElseHoldsIsRefused()
    {
        LinuxMachine machine = TestMachine.WithStorageFirst(Safeguards.None);
        Process process = machine.Start("driver");
        ulong at = process.Map(Page, Plain);
        PinnedPage brief = process.Pin(at);
        Assert.False(MayStay(machine, brief.Frame));

        Assert.Throws<InputException>(() => process.Pin(at, longTerm: true));

        Assert.Equal(brief.Frame, FrameOf(machine, process, at));
        process.Unpin(brief);
        Assert.True(MayStay(machine, process.Pin(at, longTerm: true).Frame));
        Assert.Empty(machine.Audit());
    }

    [Fact]
    public void APageOfAnIsolatedPageblockIsMoved()
    {
        LinuxMachine machine = TestMachine.New();
        Process process = machine.Start("driver");
        ulong at = process.Map(Page, Plain);
        process.Store(at, 42);
        machine.Memory.DrainAll();
        FrameTable frames = machine.Memory.Frames;
        Frame block = FrameOf(machine, process, at).HeadAt(frames.PageBlockOrder);
        PageIsolation isolation = new(frames, machine.Memory.Buddy, machine.Counters);
        MigrateType type = frames.BlockType(block);
        isolation.IsolateBlock(block, FrameOf(machine, process, at));

        PinnedPage pin = process.Pin(at, longTerm: true);

        Assert.NotEqual(block, pin.Frame.HeadAt(frames.PageBlockOrder));
        Assert.Equal(42UL, process.Load(at));
        isolation.Undo(block, block + 1, type);
        Assert.Empty(machine.Audit());
    }

    /// <summary>In every order of the steps of a driver and of a device that lets go of the page, or does not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ThePinEndsWhoeverElseRuns(bool letsGo)
    {
        HashSet<bool> outcomes = [];
        Scenario<HeldPage> scenario = new Scenario<HeldPage>("long-term", steps => new HeldPage(steps))
            .Actor("driver", 0, async at => await at.PinForLong())
            .Actor("device", 1, async at => await at.Use(letsGo))
            .AtEnd("audit", at => at.Machine.Audit() is [var first, ..] ? first.ToString() : null)
            .AtEnd("place", at => at.Pin is { } pin && !MayStay(at.Machine, pin.Frame) ? $"pinned in frame {pin.Frame}" : null)
            .AtEnd("content", at =>
            {
                outcomes.Add(at.Pin is not null);
                return at.Process.Load(at.Page) == 43 ? null : "the store of the device is lost";
            });

        SearchResult found = new Explorer(scenario)
            .Search(new DepthFirst(preemptionBound: 2), new SearchLimits(Schedules: 1000), TestContext.Current.CancellationToken);

        Assert.True(found.Held, found.ToString());
        Assert.True(found.IsExhaustive, found.ToString());
        Assert.Equal(letsGo ? [false, true] : [false], outcomes.Order());
    }

    /// <summary>Takes memory until a page lies in CMA or tag storage, and gives back what was taken before it.</summary>
    private static ulong PageThatMustMove(LinuxMachine machine, Process process)
    {
        List<ulong> others = [];
        while (true)
        {
            ulong at = process.Map(Page, Plain);
            PinnedPage brief = process.Pin(at);
            process.Unpin(brief);
            if (!MayStay(machine, brief.Frame))
            {
                others.ForEach(other => process.Unmap(other, Page));
                return at;
            }

            others.Add(at);
        }
    }

    private static bool MayStay(LinuxMachine machine, Frame frame) =>
        machine.Memory.Frames.BlockType(frame) != MigrateType.Cma && !machine.Memory.Frames[frame].Has(FrameFlags.TagStorage);

    /// <summary>A page of tag storage that a device holds for a short while.</summary>
    private sealed class HeldPage
    {
        private readonly PinnedPage _brief;

        public HeldPage(Interleaving steps)
        {
            Machine = TestMachine.New(
                TestBoards.Layout("flat 8 MiB, small blocks"), Safeguards.None, design: TestMachine.StorageFirst(), steps: steps);
            Process = Machine.Start("driver");
            Page = Process.Map(TestMachine.Page, Plain);
            Process.Store(Page, 42);
            _brief = Process.Pin(Page);
        }

        public LinuxMachine Machine { get; }

        public Process Process { get; }

        public ulong Page { get; }

        public PinnedPage? Pin { get; private set; }

        public async ValueTask PinForLong()
        {
            try
            {
                Pin = await Process.Main.Calls.Pins.Pin(Page, longTerm: true);
            }
            catch (InputException)
            {
                Pin = null;
            }
        }

        public async ValueTask Use(bool letsGo)
        {
            await Process.StartTask(new CpuId(1)).Store(Page, 43);
            if (letsGo)
            {
                Process.Unpin(_brief);
            }
        }
    }
}
