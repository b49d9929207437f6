using Palimpsest.Designs;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Races.Worlds;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races.Tests.Worlds;

/// <summary>The small machine of a scenario: pages lie where the scenario puts them.</summary>
public sealed class RaceWorldTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(20, 0)]
    [InlineData(20, 31)]
    [InlineData(31, 7)]
    public void TheTagsOfAGroupAreInOneFrameOfStorage(int group, int n)
    {
        RaceWorld world = World();
        Frame frame = world.DataFrame(group, n);

        Assert.Equal(world.StorageOf(world.DataFrame(group)).Index, world.StorageOf(frame).Index);
        Assert.Equal((world.StorageOf(world.DataFrame(0)) + group).Index, world.StorageOf(frame).Index);
        Assert.True(world.Memory.Frames[world.StorageOf(frame)].Has(FrameFlags.TagStorage));
        Assert.False(world.Memory.Frames[frame].Has(FrameFlags.TagStorage));
    }

    [Fact]
    public void APageThatIsPutInAFrameIsReadThere()
    {
        RaceWorld world = World();
        Process process = world.Start("user");
        Frame frame = world.DataFrame(group: 20);
        ulong at = world.MapFrame(process, frame, RaceWorld.Plain);
        process.Store(at + 8, 42);

        Assert.Equal(42UL, process.Load(at + 8));
        Assert.Equal(0UL, process.Load(at));
        PinnedPage pin = process.Pin(at);
        Assert.Equal(frame.Index, pin.Frame.Index);
        process.Unpin(pin);
        Assert.Empty(world.Machine.Audit());
    }

    [Fact]
    public void AFrameThatSomebodyHasIsRefused()
    {
        RaceWorld world = World();
        Process process = world.Start("user");
        Frame frame = world.DataFrame(group: 20);
        world.MapFrame(process, frame, RaceWorld.Plain);

        RaceDoesNotApplyException refused =
            Assert.Throws<RaceDoesNotApplyException>(() => world.MapFrame(process, frame, RaceWorld.Plain));
        Assert.Contains($"frame {frame}, which the scenario wants", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AProcessHasItsPageTableBeforeTheScenarioChoosesFrames()
    {
        RaceWorld world = World();
        Process process = world.Start("user");
        int before = FreeFrames(world);
        world.MapFrame(process, world.DataFrame(group: 20), RaceWorld.Plain);

        Assert.Equal(before - 1, FreeFrames(world));
    }

    [Theory]
    [InlineData("cma-no-tagged", true)]
    [InlineData("tag-blocks", true)]
    [InlineData("static", false)]
    [InlineData("no-mte", false)]
    public void AWorldInWhichNothingIsLentHasNothingToRaceWith(string design, bool lends)
    {
        if (design == "no-mte")
        {
            Assert.Contains("nothing can be tagged", Assert.Throws<RaceDoesNotApplyException>(() => World(design)).Message,
                StringComparison.Ordinal);
            return;
        }

        RaceWorld world = World(design);
        if (lends)
        {
            Assert.Same(world, world.ThatLends());
        }
        else
        {
            Assert.Equal("all of tag storage is reserved", Assert.Throws<RaceDoesNotApplyException>(world.ThatLends).Message);
        }
    }

    [Fact]
    public void AWorldThatNeedsNoTagsIsMadeUnderAnyDesign() =>
        Assert.All(DesignCatalog.All, design => Assert.Empty(World(design.Name, needsTags: false).Machine.Audit()));

    [Fact]
    public void GuestsFillAllOfStorageButOneFrame()
    {
        RaceWorld world = World();
        Frame spared = world.StorageOf(world.DataFrame(group: 20));
        int free = Free(world).Count(frame => world.Memory.Frames[new Frame(frame)].Has(FrameFlags.TagStorage));
        IReadOnlyList<ulong> guests = world.FillStorage(world.Start("guest"), except: spared);

        Assert.Equal(free - 1, guests.Count);
        Assert.Equal(guests.Count, world.Memory.LentFramesInUse);
        Assert.True(IsFree(world, spared));
        Assert.Null(world.BrokenExpectation());
    }

    [Fact]
    public void OnlyPagesOfTheNamedGroupsAreLeftForTaggedUse()
    {
        RaceWorld world = World();
        world.OccupyAllBut([20, 21]);
        IEnumerable<int> left = Free(world).Where(frame => !world.Memory.Frames[new Frame(frame)].Has(FrameFlags.TagStorage));

        Assert.Equal(Enumerable.Range(world.DataFrame(20).Index, 64), left.Order());
        Assert.Empty(world.Machine.Audit());
    }

    [Fact]
    public void OneHugePageIsLeftWhereTheFrameLies()
    {
        RaceWorld world = World();
        Frame inside = world.DataFrame(group: 20, n: 5);
        world.LeaveOneHugePage(inside);
        int frames = world.Memory.Frames.PageBlockFrames;
        HashSet<int> free = [.. Free(world).Where(frame => !world.Memory.Frames[new Frame(frame)].Has(FrameFlags.TagStorage))];
        IEnumerable<int> whole = Enumerable.Range(0, world.Memory.Frames.PageBlocks)
            .Where(block => Enumerable.Range(block * frames, frames).All(free.Contains));

        Assert.Equal([inside.Index / frames], whole);
    }

    [Fact]
    public void PagesOfGroupsInUseAreTakenAndNoOthers()
    {
        RaceWorld world = World();
        Process process = world.Start("user");
        ulong at = world.MapFrame(process, world.DataFrame(group: 20), RaceWorld.Tagged);
        process.StoreTag(Process.Tagged(at, 5));
        world.TakeGroupsInUse(process);

        Assert.All(Enumerable.Range(0, 32), n => Assert.False(IsFree(world, world.DataFrame(20, n))));
        Assert.All(Enumerable.Range(0, 32), n => Assert.True(IsFree(world, world.DataFrame(21, n))));
    }

    [Fact]
    public void WhoHandsOutPagesWithoutStorageIsWhoDoesItsBest()
    {
        Assert.True(Factory("cma-no-tagged").HandsOutWithoutStorage);
        Assert.False(Factory("migrate-metadata").HandsOutWithoutStorage);
    }

    [Fact]
    public void APageIsToldWithItsFlagsItsBlockAndItsReferences()
    {
        RaceWorld world = Factory("cma-no-tagged").WorldOfPage();
        BlockId block = world.Memory.Blocks.BlockOf(world.Frame);
        Assert.Equal($"frame {world.Frame} not reserved; block {block} lent, 0 references", PageWords.Of(world));

        world.Process.StoreTag(Process.Tagged(world.Address, 5));

        Assert.Equal($"frame {world.Frame} reserved, tagged; block {block} reserved, 1 references", PageWords.Of(world));
    }

    [Fact]
    public void AWorldWithoutAPageIsToldByItsTotals()
    {
        RaceWorld world = World();
        int reserved = world.Memory.Blocks.ReservedBlocks;

        Assert.Equal($"{reserved} blocks reserved, 0 pages with saved tags", PageWords.Of(world));
    }

    [Fact]
    public void TheLastTouchOfAPageDecidesItsBlock()
    {
        RaceWorld world = Factory("cma-no-tagged").WorldOfPage();
        BlockId block = world.Memory.Blocks.BlockOf(world.Frame);
        world.Process.StoreTag(Process.Tagged(world.Address, 5));
        Assert.Equal(TagBlockState.Reserved, world.Memory.Blocks.StateOf(block));

        world.Process.Unmap(world.Address, RaceWorld.Page);
        world.Memory.DrainAll();

        Assert.Equal(TagBlockState.Lent, world.Memory.Blocks.StateOf(block));
        Assert.True(IsFree(world, world.Frame));
    }

    private static RaceWorld World(string design = "cma-no-tagged", bool needsTags = true) =>
        (Factory(design) with { NeedsTags = needsTags }).World();

    private static WorldFactory Factory(string design) => new(new Interleaving(), DesignCatalog.Parse(design), Safeguards.All);

    private static bool IsFree(RaceWorld world, Frame frame) => Free(world).Contains(frame.Index);

    private static int FreeFrames(RaceWorld world) => Free(world).Count;

    /// <summary>All frames of the chunks on the lists.</summary>
    private static HashSet<int> Free(RaceWorld world)
    {
        world.Memory.DrainAll();
        FrameTable frames = world.Memory.Frames;
        return [.. Enumerable.Range(0, frames.Count).Where(frame => frames[new Frame(frame)].State == FrameState.Free)
            .SelectMany(frame => Enumerable.Range(frame, 1 << frames[new Frame(frame)].Order))];
    }
}
