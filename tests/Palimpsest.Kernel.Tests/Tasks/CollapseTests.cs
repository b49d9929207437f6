using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Vocabulary;
using static Palimpsest.Kernel.Tests.Tasks.TestMachine;

namespace Palimpsest.Kernel.Tests.Tasks;

/// <summary>Small pages become a huge page, with what is in them, or stay as they are.</summary>
public sealed class CollapseTests
{
    private const int Pages = 512;

    [Theory]
    [InlineData(Plain)]
    [InlineData(Tagged)]
    public void WordsAndTagsOfAllPagesStayAndHolesAreZeros(Protection protection)
    {
        LinuxMachine machine = New("flat 34 MiB");
        (Process process, ulong at) = WithPages(machine, protection, 7);

        Assert.True(machine.Collapse(process, Process.Tagged(at + (3 * Page), 5)));

        Assert.Equal(Pages, process.ResidentPages);
        Assert.Equal(1, machine.Statistics.Collapses);
        Assert.Equal(9, machine.Memory.Frames[FrameOf(machine, process, at)].Order);
        for (int page = 0; page < 7; page++)
        {
            ulong address = at + ((ulong)page * Page);
            Assert.Equal((ulong)page + 1, process.Load(address));
            Assert.Equal(protection == Tagged ? page + 1 : 0, process.LoadTag(address));
        }

        Assert.Equal(0UL, process.Load(at + (100 * Page)));
        Assert.Equal(0, process.LoadTag(at + (100 * Page)));
        Holds(machine);
    }

    [Fact]
    public void TagsSavedByPfnAreWrittenAndTheRestIsZero()
    {
        LinuxMachine machine = New("flat 34 MiB");
        (Process process, ulong at) = WithPages(machine, Plain, 2);
        Assert.True(machine.Collapse(process, at));
        Frame huge = FrameOf(machine, process, at);
        machine.Kernel.SavedTags.Put(huge + 1, [.. Enumerable.Repeat((byte)0x77, Page / 32)]);
        Assert.True(process.Protect(at, Pages * Page, Tagged));

        Assert.Equal([0, 7, 0], new[] { 0, 1, 2 }.Select(page => process.LoadTag(at + ((ulong)page * Page))));
        Assert.Equal(0, machine.SavedTags);
        Holds(machine);
    }

    [Fact]
    public void APinnedPageKeepsAllSmall()
    {
        LinuxMachine machine = New("flat 34 MiB");
        (Process process, ulong at) = WithPages(machine, Plain, 2);
        PinnedPage pin = process.Pin(at);

        Assert.False(machine.Collapse(process, at));
        process.Unpin(pin);
        Assert.True(machine.Collapse(process, at));
        Holds(machine);
    }

    [Fact]
    public void ASharedPageKeepsAllSmall()
    {
        LinuxMachine machine = New("flat 34 MiB");
        (Process process, ulong at) = WithPages(machine, Plain, 2);
        Process child = process.Fork()!;
        process.Store(at, 8);
        child.Unmap(at, Page);

        Assert.False(machine.Collapse(process, at));
        child.Exit();
        Assert.True(machine.Collapse(process, at));
        Assert.Equal(8UL, process.Load(at));
        Holds(machine);
    }

    [Fact]
    public void WhatIsNoPlaceForAHugePageStaysSmall()
    {
        LinuxMachine machine = New("flat 34 MiB");
        (Process process, ulong at) = WithPages(machine, Plain, 2);
        Assert.False(machine.Collapse(process, at + (Pages * Page)));
        process.Protect(at + Page, Page, Protection.Read);
        Assert.False(machine.Collapse(process, at));
        Holds(machine);
    }

    /// <summary>Small pages of an area that is advised to have huge ones from now on.</summary>
    private static (Process Process, ulong At) WithPages(LinuxMachine machine, Protection protection, int count)
    {
        Process process = machine.Start("test");
        ulong at = process.Map(Pages * Page, protection);
        for (int page = 0; page < count; page++)
        {
            ulong address = at + ((ulong)page * Page);
            process.Store(address, (ulong)page + 1);
            process.StoreTag(Process.Tagged(address, page + 1));
        }

        process.AdviseHugePages(at, Pages * Page, wanted: true);
        return (process, at);
    }
}
