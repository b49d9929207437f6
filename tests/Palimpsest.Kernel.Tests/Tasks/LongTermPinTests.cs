using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tasks;
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
}
