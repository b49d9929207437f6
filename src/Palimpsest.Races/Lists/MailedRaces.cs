using Palimpsest.Exploration.Scenarios;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Races.Worlds;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;
using static Palimpsest.Races.Worlds.RaceWorld;

namespace Palimpsest.Races.Lists;

/// <summary>What RFC v3 as mailed does wrong itself, seen while it was ported to 6.12: left out, each is as it was mailed.</summary>
internal static class MailedRaces
{
    public static IEnumerable<Race> All { get; } =
    [
        new("V1", "an interrupt frees a tagged page while its CPU stores a block in the array of reserved ones",
            Safeguards.InterruptSafeStore, "cma-no-tagged", LockRaces.ReserveAndInterrupt, LockRaces.WorldOfTaggedFree),
        new("V2", "saved tags are restored, and their page is marked tagged before it is flagged", Safeguards.MarkAfterFlag,
            "cma-no-tagged", ReserveRaces.TouchTwice, ReserveRaces.WorldOfSavedTags),
        new("V3", "a page is replaced, and who isolated it has not counted it", Safeguards.CountIsolated, "cma-no-tagged",
            AllocationRaces.TouchAndLook, AllocationRaces.WorldOfLook),
        new("V4", "a page whose tags are saved by pfn is swapped out", Safeguards.SwapSavedTags, "cma-no-tagged", ReadAndReclaim,
            WorldOfUntaggedReader),
        new("V5", "fork copies a pinned page whose tags are saved by pfn, and the parent goes on", Safeguards.CopySavedTags,
            "cma-no-tagged", ForkAndTouch, WorldOfPinnedPage),
    ];

    private static void ReadAndReclaim(Scenario<RaceWorld> scenario) => scenario
        .Actor("untagged", 0, async world => await User(world.Reader, CpuId.Boot).Load(world.Other))
        .Actor("reclaim", 1, async world =>
        {
            await world.Kernel.Memory.Runtime.Point(StepKind.SwapInOut, 0);
            await world.Machine.Daemons.Reclaim(1, new CpuId(1));
        });

    /// <summary>Shared memory that is on the swap device with its tags; whoever reads it first must not have any.</summary>
    private static RaceWorld WorldOfUntaggedReader(WorldFactory make)
    {
        RaceWorld world = CopyRaces.WorldOfSwapped(make);
        world.ExpectTag(world.Process, world.Address, 9);
        world.ExpectWord(world.Process, world.Address, 42);
        return world;
    }

    private static void ForkAndTouch(Scenario<RaceWorld> scenario) => scenario
        .Actor("parent", 0, async world =>
        {
            await world.Kernel.Memory.Runtime.Point(StepKind.CopyData, world.Frame);
            await world.Kernel.Fork.Copy(world.Process.Space, world.Child.Space, cpu: CpuId.Boot);
            world.ExpectTag(world.Child, world.Address, 7);
        })
        .Actor("thread", 1, async world => await User(world.Process, new CpuId(1)).StoreTag(Process.Tagged(world.Address + 16, 3)));

    /// <summary>The page has had no storage since its tags were saved, and a device writes to it.</summary>
    private static RaceWorld WorldOfPinnedPage(WorldFactory make)
    {
        RaceWorld world = make.World();
        world.Process = world.Start("parent");
        world.Child = world.Start("child");
        world.Frame = world.DataFrame(group: 20);
        world.Address = world.MapFrame(world.Process, world.Frame, Plain);
        world.Process.Pin(world.Address);
        world.Kernel.SavedTags.Put(world.Frame, ReserveRaces.Sevens);
        world.Process.Protect(world.Address, Page, Tagged);
        world.ExpectTag(world.Process, world.Address, 7);
        world.ExpectTag(world.Process, world.Address + 16, 3);
        return world;
    }
}
