using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.TagStorage.Homes;

/// <summary>A home says where storage stands, which blocks are lent and when they are drawn from; the kernel does the rest.</summary>
public sealed class HomeTests
{
    private const string Board = "flat 8 MiB, small blocks";
    private const int DataFrames = 2048;
    private const int StorageFrames = 64;

    [Theory]
    [InlineData(StorageUse.First, "BeforeOwnType")]
    [InlineData(StorageUse.Balanced, "AfterCma")]
    [InlineData(StorageUse.AfterOwnType, "AfterOwnType")]
    [InlineData(StorageUse.AfterCma, "AfterCma")]
    [InlineData(StorageUse.Last, "Last")]
    public void EachUseDrawsAtItsMoment(StorageUse use, string moments) =>
        Assert.Equal(moments,
            string.Join(' ', Enum.GetValues<DrawMoment>()
            .Where(moment => use.DrawsAt(moment, new DrawView(FreeFrames: 8, FreeStorageFrames: 4)))));

    [Fact]
    public void ABalancedUseDrawsFirstWhileStorageIsMoreThanHalf()
    {
        Assert.True(StorageUse.Balanced.DrawsAt(DrawMoment.BeforeOwnType, new DrawView(FreeFrames: 8, FreeStorageFrames: 5)));
        Assert.False(StorageUse.Balanced.DrawsAt(DrawMoment.Last, new DrawView(FreeFrames: 8, FreeStorageFrames: 5)));
    }

    [Theory]
    [InlineData("hidden", true, 0)]
    [InlineData("ordinary", true, StorageFrames)]
    [InlineData("free area", false, StorageFrames)]
    [InlineData("zone", false, StorageFrames)]
    [InlineData("node", false, StorageFrames)]
    [InlineData("migratetype", false, StorageFrames)]
    [InlineData("CMA", false, StorageFrames)]
    [InlineData("groups", true, StorageFrames)]
    [InlineData("every other block", false, StorageFrames / 2)]
    public void MovableDataGetAllThatIsLentAndOthersWhereItIsForAll(string home, bool isForAll, int lent)
    {
        MemorySystem movable = Machine(home);
        MemorySystem unmovable = Machine(home);

        Assert.Equal(DataFrames + lent, Fill(movable, GfpFlags.HighUserMovable));
        Assert.Equal(DataFrames + (isForAll ? lent : 0), Fill(unmovable, GfpFlags.KernelDefault));
        Assert.Equal(lent, movable.LentFramesInUse);
        Assert.Equal(isForAll, movable.Place.MayHold(isMovable: false));
        Assert.True(movable.Place.MayHold(isMovable: true));
        Assert.Empty(movable.Audit());
        Assert.Empty(unmovable.Audit());
    }

    [Fact]
    public void AHomeFromOutsideKeepsTheBlocksThatItDoesNotLend()
    {
        MemorySystem system = Machine("every other block");

        Assert.Equal(StorageFrames / 2, system.Blocks.ReservedBlocks);
        Assert.All(Enumerable.Range(0, system.Blocks.Count),
            block => Assert.Equal(block % 2 == 1, system.Blocks.IsKept(new BlockId(block))));
        Assert.False(system.Blocks.KeepsAll);
    }

    // Data frames 32 to 63 have their tags in block 1, which is kept; 0 to 31 in block 0, which is lent.
    [Fact]
    public void TagsInAKeptBlockAreTakenForNothingAndStayThere()
    {
        MemorySystem system = Machine("every other block");
        Frame kept = Tagged(system, frame => frame / 32 % 2 == 1);
        long taken = system.Counters.ReservedFree + system.Counters.ReservedByMigration;
        Frame lent = Tagged(system, frame => frame / 32 % 2 == 0);

        Assert.Equal(taken + 1, system.Counters.ReservedFree + system.Counters.ReservedByMigration);

        system.Free(kept, CpuId.Boot);
        system.Free(lent, CpuId.Boot);

        Assert.Equal(TagBlockStateOf(system, lent), TagBlockStateOf(Machine("every other block"), lent));
        Assert.Equal(Kernel.TagStorage.TagBlockState.Reserved, TagBlockStateOf(system, kept));
        Assert.Empty(system.Audit());
    }

    [Fact]
    public void HiddenStorageIsReservedAndOnNoList()
    {
        MemorySystem system = Machine("hidden");

        Assert.True(system.Blocks.KeepsAll);
        Assert.Equal(StorageFrames, system.Blocks.ReservedFrames);
        Assert.Equal(DataFrames, system.Zones.Sum(zone => zone.ManagedFrames));
    }

    [Theory]
    [InlineData("zone", ZoneKind.Metadata, 0)]
    [InlineData("node", ZoneKind.Movable, 1)]
    public void AZoneOrANodeHoldsAllOfTheStorageAndNothingElse(string home, ZoneKind kind, int node)
    {
        Zone own = Machine(home).Zones.Single(zone => zone.IsTagStorage);

        Assert.Equal((kind, node, StorageFrames), (own.Kind, own.Node, own.ManagedFrames));
    }

    [Theory]
    [InlineData("migratetype", MigrateType.Metadata)]
    [InlineData("CMA", MigrateType.Cma)]
    [InlineData("free area", MigrateType.Movable)]
    public void PageblocksOfStorageHaveTheTypeOfTheirPlace(string home, MigrateType type)
    {
        MemorySystem system = Machine(home);

        Assert.Equal(type, system.Frames.BlockType(system.Blocks.StorageOf(new BlockId(0)).First));
    }

    [Fact]
    public void OnlyCmaAreasCanFailToComeOnline() =>
        Assert.All(TestHomes.Names, name =>
        {
            MachineOptions options = new(1) { FailedRegion = 0 };
            if (TestHomes.Home(name).Place == StoragePlace.Cma)
            {
                MemorySystem off = new(TestBoards.Layout(Board), new PlainDesign(TestHomes.Home(name)), options);
                Assert.True(off.Blocks.KeepsAll);
                Assert.Empty(off.Audit());
            }
            else
            {
                Assert.Throws<InputException>(() => new MemorySystem(TestBoards.Layout(Board), new PlainDesign(TestHomes.Home(name)),
                    options));
            }
        });

    private static Kernel.TagStorage.TagBlockState TagBlockStateOf(MemorySystem system, Frame frame) =>
        system.Blocks.StateOf(system.Blocks.BlockOf(frame));

    private static MemorySystem Machine(string home) =>
        new(TestBoards.Layout(Board), new PlainDesign(TestHomes.Home(home)), new MachineOptions(1));

    private static int Fill(MemorySystem system, GfpFlags gfp)
    {
        int given = 0;
        while (!system.Allocate(new AllocationRequest(gfp, Order.Zero, Cpu: CpuId.Boot, IsTagged: false, Owner: 0)).Frame.IsNone)
        {
            given++;
        }

        return given;
    }

    /// <summary>The first tagged page that suits; those before it are freed.</summary>
    private static Frame Tagged(MemorySystem system, Predicate<int> suits)
    {
        List<int> others = [];
        Frame frame;
        do
        {
            frame = system
                .Allocate(new AllocationRequest(GfpFlags.HighUserMovable, Order.Zero, Cpu: CpuId.Boot, IsTagged: true, Owner: 0)).Frame;
            others.Add(frame.Index);
        }
        while (!suits(frame.Index));

        others.Remove(frame.Index);
        others.ForEach(other => system.Free(new Frame(other), CpuId.Boot));
        return frame;
    }
}
