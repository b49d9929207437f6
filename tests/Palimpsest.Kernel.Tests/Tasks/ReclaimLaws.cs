using CsCheck;
using Palimpsest.Kernel.Tasks;
using static Palimpsest.Kernel.Tests.Tasks.TestMachine;

namespace Palimpsest.Kernel.Tests.Tasks;

/// <summary>Whatever reclaim takes, and however much, comes back as it was; and what it counts is what is gone.</summary>
public sealed class ReclaimLaws
{
    private const int Pages = 48;

    [Fact]
    public void WhatIsReclaimedComesBackAsItWas() =>
        Law.Holds(Gen.Select(Gen.Int[0, Pages - 1], Gen.Int[0, 15], Gen.Int[0, 40]).Array[1, 30], 25, drawn =>
        {
            LinuxMachine machine = New(swapPages: 128);
            Process process = machine.Start("user");
            ulong start = process.Map(Pages * Page, Tagged);
            Dictionary<int, (ulong Word, int Tag)> stored = [];
            foreach ((int page, int tag, int reclaimed) in drawn)
            {
                ulong at = start + ((ulong)page * Page);
                process.StoreTag(Process.Tagged(at, tag));
                process.Store(at, (ulong)(1000 * page) + (ulong)tag);
                stored[page] = ((ulong)(1000 * page) + (ulong)tag, tag);
                machine.Reclaim(reclaimed);
            }

            machine.Reclaim(Pages);
            Holds(machine);
            Assert.All(stored, page =>
            {
                ulong at = start + ((ulong)page.Key * Page);
                Assert.Equal(page.Value, (process.Load(at), process.LoadTag(at)));
            });
            Assert.Equal(stored.Count, process.ResidentPages + process.SwappedPages);
            Holds(machine);
        });

    [Fact]
    public void EachPageIsResidentOrSwappedAndCountedOnce() => Law.Holds(Gen.Int[0, 20].Array[1, 20], 25, amounts =>
    {
        LinuxMachine machine = New(swapPages: 128);
        Process process = machine.Start("user");
        ulong start = process.Map(Pages * Page, Plain);
        process.Populate(start, Pages * Page);
        foreach (int amount in amounts)
        {
            int before = process.ResidentPages;
            int freed = machine.Reclaim(amount);

            Assert.Equal(before - freed, process.ResidentPages);
            Assert.Equal(Pages, process.ResidentPages + process.SwappedPages);
            Assert.Equal(machine.Statistics.SwapOuts - machine.Statistics.SwapIns, process.SwappedPages);
        }

        Holds(machine);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void NoMoreIsSwappedOutThanTheDeviceHolds(int swapPages)
    {
        LinuxMachine machine = New(swapPages: swapPages);
        Process process = machine.Start("user");
        ulong start = process.Map(Pages * Page, Plain);
        process.Populate(start, Pages * Page);
        machine.Reclaim(Pages);
        machine.Reclaim(Pages);

        Assert.InRange(process.SwappedPages, 0, swapPages);
        Assert.Equal(Pages - process.SwappedPages, process.ResidentPages);
        Holds(machine);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void APageThatADeviceHoldsStaysWhereItIs(bool longTerm)
    {
        LinuxMachine machine = New(swapPages: 128);
        Process process = machine.Start("user");
        ulong start = process.Map(Pages * Page, Plain);
        process.Populate(start, Pages * Page);
        PinnedPage[] pins = [.. Enumerable.Range(0, 4).Select(page => process.Pin(start + ((ulong)page * Page), longTerm))];
        for (int round = 0; round < 4; round++)
        {
            machine.Reclaim(Pages);
        }

        Assert.True(process.SwappedPages > 0);
        Assert.Equal(pins.Select(pin => pin.Frame),
            Enumerable.Range(0, 4).Select(page => FrameOf(machine, process, start + ((ulong)page * Page))));
        foreach (PinnedPage pin in pins)
        {
            process.Unpin(pin);
        }

        machine.Reclaim(Pages);
        Holds(machine);
    }

    [Fact]
    public void WhatWasUsedLastIsTakenLast()
    {
        LinuxMachine machine = New(swapPages: 128);
        Process process = machine.Start("user");
        ulong start = process.Map(Pages * Page, Plain);
        process.Populate(start, Pages * Page);
        for (int round = 0; round < 8 && process.SwappedPages < Pages / 2; round++)
        {
            for (int page = 0; page < 8; page++)
            {
                process.Store(start + ((ulong)page * Page), 1);
            }

            machine.Reclaim(8);
        }

        // The eight that are used all the time are looked at again before they go.
        long refaults = machine.Statistics.Refaults;
        Assert.InRange(refaults, 0, 16);
        Assert.True(process.SwappedPages >= 8, $"{process.SwappedPages}");
    }

    [Fact]
    public void NothingIsReclaimedOfNothing()
    {
        LinuxMachine machine = New();

        Assert.Equal(0, machine.Reclaim(10));
        Assert.Equal(0, machine.Statistics.SwapOuts);
        Holds(machine);
    }
}
