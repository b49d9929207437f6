using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;
using static Palimpsest.Kernel.Tests.Tasks.TestMachine;

namespace Palimpsest.Kernel.Tests.Tasks;

/// <summary>fork, copy-on-write and pins.</summary>
public sealed class SharingTests
{
    private readonly LinuxMachine _machine = TestMachine.New();
    private readonly Process _parent;

    public SharingTests() => _parent = _machine.Start("parent");

    [Fact]
    public void AChildSeesWhatWasThereAndThenItsOwn()
    {
        ulong at = _parent.Map(4 * Page, Tagged);
        _parent.Store(at, 1);
        _parent.StoreTag(Process.Tagged(at, 3));
        Process child = _parent.Fork()!;
        Assert.Equal(FrameOf(_machine, _parent, at).Index, FrameOf(_machine, child, at).Index);

        child.Store(at, 2);
        child.StoreTag(Process.Tagged(at, 4));

        Assert.Equal((1UL, 3), (_parent.Load(at), _parent.LoadTag(at)));
        Assert.Equal((2UL, 4), (child.Load(at), child.LoadTag(at)));
        Holds(_machine);

        Frame frame = FrameOf(_machine, _parent, at);
        _parent.Store(at, 5);
        Assert.Equal(frame.Index, FrameOf(_machine, _parent, at).Index);
        Assert.Equal(1, _machine.Statistics.CopiesOnWrite);
    }

    [Fact]
    public void APinnedPageStaysTheParents()
    {
        ulong at = _parent.Map(Page, Plain);
        _parent.Store(at, 1);
        PinnedPage pin = _parent.Pin(at);

        Process child = _parent.Fork()!;

        Assert.Equal(pin.Frame.Index, FrameOf(_machine, _parent, at).Index);
        Assert.NotEqual(pin.Frame.Index, FrameOf(_machine, child, at).Index);
        _parent.Store(at, 2);
        Assert.Equal(pin.Frame.Index, FrameOf(_machine, _parent, at).Index);
        Assert.Equal(1UL, child.Load(at));
        Assert.False(_machine.Migrate(_parent, at));
        _parent.Unpin(pin);
        Assert.True(_machine.Migrate(_parent, at));
        Holds(_machine);
    }

    [Fact]
    public void ALongTermPinFirstLeavesTagStorage()
    {
        ulong at = MapPageOfStorage(_machine, _parent);
        _parent.Store(at, 6);

        PinnedPage pin = _parent.Pin(at, longTerm: true);

        Assert.False(_machine.Memory.Frames[pin.Frame].Has(FrameFlags.TagStorage));
        Assert.Equal(6UL, _parent.Load(at));
        Holds(_machine);
    }

    // R18: fork copies a pinned page under the lock of the page table; the copy has no storage, so its tags are saved.
    [Fact]
    public void SavingTagsUnderASpinLockMustNotSleep()
    {
        LinuxMachine machine = Pinned(Safeguards.AtomicTagBuffers, out Process parent, out _);

        DisciplineException broken = Assert.Throws<DisciplineException>(() => { parent.Fork(); });

        Assert.Equal(Discipline.SleepInAtomic, broken.Discipline);
        Assert.NotNull(machine);
    }

    [Fact]
    public void TagsOfACopyWithoutStorageAreSavedAndRestored()
    {
        LinuxMachine machine = Pinned(Safeguards.None, out Process parent, out ulong at);

        Process child = parent.Fork()!;
        Assert.Equal(1, machine.SavedTags);
        Holds(machine);

        machine.Processes.Single(process => process.Name == "device").Exit();
        Assert.Equal((5UL, 9), (child.Load(at), child.LoadTag(at)));
        Assert.Equal(0, machine.SavedTags);
        Holds(machine);
    }

    [Fact]
    public void TagsThatAreSavedByPfnGoToSwapAndComeBack()
    {
        LinuxMachine machine = Pinned(Safeguards.None, out Process parent, out ulong at);
        Process child = parent.Fork()!;
        Assert.Equal(1, machine.SavedTags);

        for (int round = 0; round < 50 && child.SwappedPages == 0; round++)
        {
            machine.Reclaim(pages: 64);
        }

        Assert.Equal(1, child.SwappedPages);
        Assert.Equal(0, machine.SavedTags);
        Holds(machine);
        machine.Processes.Single(process => process.Name == "device").Exit();
        Assert.Equal((5UL, 9), (child.Load(at), child.LoadTag(at)));
        Holds(machine);
    }

    // PIN-1 is about all that is lent, not CMA alone.
    [Fact]
    public void ALongTermPinLeavesStorageThatIsAZone()
    {
        LinuxMachine machine = WithStorageFirst(Safeguards.None);
        Process process = machine.Start("driver");
        ulong at = MapPageOfStorage(machine, process);
        process.Store(at, 6);

        PinnedPage pin = process.Pin(at, longTerm: true);

        Assert.False(machine.Memory.Frames[pin.Frame].Has(FrameFlags.TagStorage));
        Assert.Equal(6UL, process.Load(at));
        Holds(machine);
    }

    /// <summary>A tagged page of 5 and tag 9 is pinned, and no page that is free now can have storage: all of that is pinned too.</summary>
    private static LinuxMachine Pinned(Safeguards without, out Process parent, out ulong at)
    {
        LinuxMachine machine = WithStorageFirst(without);
        parent = machine.Start("parent");
        at = parent.Map(Page, Tagged);
        parent.Store(at, 5);
        parent.StoreTag(Process.Tagged(at, 9));
        parent.Pin(at);
        Process device = machine.Start("device");
        foreach (ulong guest in FillStorage(machine, device).ToArray())
        {
            device.Pin(guest);
        }

        // The pages that share the block of the tagged one would have storage.
        ulong neighbours = device.Map(64 * Page, Plain);
        device.Populate(neighbours, 64 * Page);
        return machine;
    }
}
