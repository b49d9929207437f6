using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.TagStorage;

/// <summary>Groups of 32 pages and their tag page go whole from list to list: untagged, tagged, neither.</summary>
public sealed class TagBlockListsTests
{
    private const int Group = 32;

    // 2,048 pages of data in 64 groups, and their 64 pages of storage.
    private readonly MemorySystem _system = Machine("flat 8 MiB, small blocks");

    [Fact]
    public void AtBootAllMemoryIsGroups()
    {
        Assert.Equal(2048, _system.Zones[0].FreeFrames);
        Assert.All(Enumerable.Range(0, 64), block => Assert.Equal(FrameState.Held, _system.Frames[new Frame(2048 + block)].State));
        Assert.Equal(StorageSets.Blocks, _system.Frames[new Frame(0)].AreaSet);
    }

    [Fact]
    public void AnUntaggedRequestTurnsAGroupIntoThirtyThreePages()
    {
        Allocate(0, isTagged: false);

        // One page more than before is free or given out: the storage of the group.
        Assert.Equal(2048, _system.Zones[0].FreeFrames);
        Assert.Equal(Group, Enumerable.Range(0, 2048).Count(frame => _system.Frames[new Frame(frame)].AreaSet == StorageSets.Data));
        Assert.Equal(63, Enumerable.Range(2048, 64).Count(frame => _system.Frames[new Frame(frame)].State == FrameState.Held));
        Assert.Equal(0, _system.Blocks.ReservedBlocks);
    }

    [Fact]
    public void ATaggedRequestTurnsAGroupIntoThirtyTwoPagesWhoseStorageIsActive()
    {
        int[] frames = [.. Enumerable.Range(0, Group).Select(_ => Allocate(0, isTagged: true).Index)];

        Assert.Single(frames.Select(frame => frame / Group).Distinct());
        Assert.Equal(1, _system.Blocks.ReservedBlocks);
        Assert.Equal(Group, _system.Blocks.ReferencesOf(new BlockId(frames[0] / Group)));

        Allocate(0, isTagged: true);
        Assert.Equal(2, _system.Blocks.ReservedBlocks);
    }

    [Fact]
    public void AGroupWithoutTaggedPagesIsCollectedWhenUntaggedPagesRunOut()
    {
        Frame tagged = Allocate(0, isTagged: true);
        _system.Free(tagged, CpuId.Boot);
        Assert.Equal(1, _system.Blocks.ReservedBlocks);

        int given = 0;
        while (!Allocate(0, isTagged: false).IsNone)
        {
            given++;
        }

        Assert.Equal(2112, given);
        Assert.Equal(0, _system.Blocks.ReservedBlocks);
        Assert.Empty(_system.Audit());
    }

    [Fact]
    public void AGroupThatFirmwareHasAPartOfIsUntaggedPages()
    {
        MemorySystem system = Machine("firmware and a hole");

        int given = 0;
        while (!system.Allocate(Request(0, isTagged: false)).Frame.IsNone)
        {
            given++;
        }

        int usable = Enumerable.Range(0, system.Frames.Count)
            .Count(frame => system.Frames[new Frame(frame)].State is not (FrameState.Absent or FrameState.Kept));
        Assert.Equal(usable, given);
        Assert.Empty(system.Audit());
    }

    [Fact]
    public void APageThatIsTaggedInUseGivesItsStorageBackWhenItIsFreed()
    {
        Frame storage = Allocate(0, isTagged: false);
        Frame frame = Allocate(0, isTagged: false);
        Assert.True(storage.Index >= 2048 && frame.Index < 2048);
        Assert.True(_system.TryTag(frame, CpuId.Boot));
        Assert.Equal(1, _system.Blocks.ReservedBlocks);

        _system.Free(frame, CpuId.Boot);

        Assert.Equal(0, _system.Blocks.ReservedBlocks);
        Assert.Empty(_system.Audit());
    }

    // The only free chunk is two groups, and the guest that must leave their storage is as large: it moves there.
    [Fact]
    public void AGuestThatMovesIntoTheGroupItMakesRoomForLeavesTheGroupAsItWas()
    {
        List<int> folios = [];
        for (Frame frame = Allocate(6, isTagged: false); !frame.IsNone; frame = Allocate(6, isTagged: false))
        {
            folios.Add(frame.Index);
        }

        Assert.Contains(2048, folios);
        _system.Free(new Frame(folios.First(frame => frame < 2048)), CpuId.Boot);

        Allocate(0, isTagged: true);
        Assert.Empty(_system.Audit());

        foreach (int frame in Enumerable.Range(0, _system.Frames.Count)
            .Where(frame => _system.Frames[new Frame(frame)].State == FrameState.Allocated)
            .ToList())
        {
            _system.Free(new Frame(frame), CpuId.Boot);
        }

        int given = 0;
        while (!Allocate(0, isTagged: false).IsNone)
        {
            given++;
        }

        Assert.Equal(2112, given);
        Assert.Empty(_system.Audit());
    }

    // Fifty groups have a free page each and a tag page that cannot be emptied; one behind them on the list can.
    [Fact]
    public void TheGroupThatCanBeActivatedIsFoundHoweverManyCannot()
    {
        while (!Allocate(0, isTagged: false).IsNone)
        {
        }

        _system.Free(new Frame(55 * Group), CpuId.Boot);
        _system.Free(new Frame((55 * Group) + 2), CpuId.Boot);
        for (int group = 0; group < 50; group++)
        {
            _system.Pin(new Frame(2048 + group));
            _system.Free(new Frame(group * Group), CpuId.Boot);
        }

        Frame tagged = Allocate(0, isTagged: true);

        Assert.Equal(55, tagged.Index / Group);
        Assert.Empty(_system.Audit());
    }

    // Every free page is of a group whose tag page cannot be emptied; the other groups are full.
    [Fact]
    public void AFullGroupMakesRoomWhenNoGroupWithAFreePageCanBeActivated()
    {
        while (!Allocate(0, isTagged: false).IsNone)
        {
        }

        for (int group = 0; group < 50; group++)
        {
            _system.Pin(new Frame(2048 + group));
            _system.Free(new Frame(group * Group), CpuId.Boot);
        }

        Frame first = Allocate(0, isTagged: true);
        Assert.InRange(first.Index / Group, 50, 63);
        Assert.Equal(48, _system.Zones[0].FreeFrames);
        Assert.Equal(1, _system.Blocks.ReservedBlocks);

        // The next comes from the same group: one untagged page less in it, and no other storage.
        _system.Free(first, CpuId.Boot);
        Frame[] tagged = [Allocate(0, isTagged: true), Allocate(0, isTagged: true)];
        Assert.Equal(1, _system.Blocks.ReservedBlocks);
        Assert.Equal(47, _system.Zones[0].FreeFrames);
        Assert.All(tagged, frame => Assert.Equal(first.Index / Group, frame.Index / Group));
        Assert.Empty(_system.Audit());
    }

    // A page that is free for others than those that must not fragment memory is no reason to move anything.
    [Fact]
    public void ARequestThatGoesOnWithoutAPageOfItsTypeMovesNothing()
    {
        while (!Allocate(0, isTagged: true).IsNone)
        {
        }

        _system.Free(new Frame(7), CpuId.Boot);
        Assert.Equal(new Frame(7), Allocate(0, isTagged: true));
        Assert.True(Allocate(0, isTagged: true).IsNone);
        Assert.Empty(_system.Audit());
    }

    private Frame Allocate(int order, bool isTagged) => _system.Allocate(Request(order, isTagged)).Frame;

    private static AllocationRequest Request(int order, bool isTagged) =>
        new(GfpFlags.HighUserMovable, new Order(order), Cpu: CpuId.Boot, isTagged, Owner: 1);

    private static MemorySystem Machine(string board) => new(
        TestBoards.Layout(board),
        new PlainDesign(new Groups()) { Rule = new RecallRule(3, FastPath: true, 5) },
        new MachineOptions(1));
}
