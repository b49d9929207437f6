using Palimpsest.Exploration.Scenarios;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Races.Worlds;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;
using static Palimpsest.Races.Worlds.RaceWorld;

namespace Palimpsest.Races.Lists;

/// <summary>Reservation against itself, against frees, and against whoever saves tags.</summary>
internal static class ReserveRaces
{
    /// <summary>Every tag of a page is 7.</summary>
    public static byte[] Sevens => [.. Enumerable.Repeat((byte)0x77, Page / 32)];

    public static IEnumerable<Race> All { get; } =
    [
        new("R4", "a second thread sees the flag before saved tags are restored", Safeguards.RestoreBeforeFlag, "cma-untagged-only",
            TouchTwice, WorldOfSavedTags),
        new("R5", "tags are saved after a reservation has looked for them", Safeguards.RecheckBeforeSave, "cma-no-tagged", TouchAndSave,
            WorldOfPageThatStays),
        new("R5b", "tags are saved between restoring and flagging", Safeguards.RestoreWithFlag, "cma-no-tagged", TouchAndSave,
            WorldOfPageThatStays),
        new("R6", "two threads fault on one page", Safeguards.RecheckUnderMutex, "cma-no-tagged", TouchByBoth, WorldOfOnePage),
        new("R7", "the last user of a block frees while another reserves it", Safeguards.ReferencesFirst, "cma-no-tagged", TouchAndFree,
            WorldOfOneBlock),
        new("R23", "storage is reserved, and the page freed before it is tagged", Safeguards.ReleaseByReservedFlag, "cma-no-tagged",
            FaultTwiceOnShared, WorldOfShared),
        new("R34", "a page faults while its pageblock is isolated for a reservation", Safeguards.None, "migrate-metadata", TouchAndIsolate,
            WorldOfIsolation),
    ];

    public static void TouchTwice(Scenario<RaceWorld> scenario) => scenario
        .Actor("reader", 0, async world => world.Note(0, await User(world.Process, CpuId.Boot).LoadTag(world.Address)))
        .Actor("writer", 1, async world => await User(world.Process, new CpuId(1)).StoreTag(Process.Tagged(world.Address + 16, 3)));

    public static RaceWorld WorldOfSavedTags(WorldFactory make)
    {
        RaceWorld world = WorldOfOnePage(make);
        world.Kernel.SavedTags.Put(world.Frame, Sevens);
        world.Expect(() => world.Notes[0] is 7 ? null : $"the reader saw tag {world.Notes[0]}, and 7 was stored");
        world.ExpectTag(world.Process, world.Address + 16, 3);
        world.ExpectTag(world.Process, world.Address + 32, 7);
        return world;
    }

    private static void TouchAndSave(Scenario<RaceWorld> scenario) => scenario
        .Actor("user", 0, async world => await User(world.Process, CpuId.Boot).LoadTag(world.Address + 16))
        .Actor("restore", 1, async world =>
        {
            // What do_swap_page does for each mapping of a page in the swap cache (arch_swap_restore).
            await world.Kernel.Memory.Runtime.Point(StepKind.RestoreTags, world.Frame);
            await world.Kernel.Memory.Tags.Put(world.Frame, world.Frame, Sevens);
            world.ExpectTag(world.Process, world.Address, 7);
        });

    private static RaceWorld WorldOfOnePage(WorldFactory make)
    {
        RaceWorld world = make.World();
        world.Process = world.Start("user");
        world.Reader = world.Start("other", cpu: new CpuId(1));
        world.Frame = world.DataFrame(group: 20);
        world.Address = world.MapFrame(world.Process, world.Frame, Tagged);
        return world;
    }

    private static RaceWorld WorldOfPageThatStays(WorldFactory make)
    {
        make.RequireInPlace();
        return WorldOfOnePage(make);
    }

    private static void TouchByBoth(Scenario<RaceWorld> scenario) => scenario
        .Actor("one", 0, async world => await User(world.Process, CpuId.Boot).LoadTag(world.Address))
        .Actor("two", 1, async world => await User(world.Process, new CpuId(1)).LoadTag(world.Address));

    private static void TouchAndFree(Scenario<RaceWorld> scenario) => scenario
        .Actor("reserve", 0, async world => await User(world.Process, CpuId.Boot).StoreTag(Process.Tagged(world.Address, 5)))
        .Actor("free", 1, async world => await User(world.Reader, new CpuId(1)).Calls.Unmap(world.Other, Page));

    private static RaceWorld WorldOfOneBlock(WorldFactory make)
    {
        RaceWorld world = WorldOfOnePage(make);
        world.Other = world.MapFrame(world.Reader, world.Frame + 1, Tagged);
        world.Reader.StoreTag(Process.Tagged(world.Other, 2));
        world.ExpectTag(world.Process, world.Address, 5);
        return world;
    }

    private static void FaultTwiceOnShared(Scenario<RaceWorld> scenario) => scenario
        .Actor("one", 0, async world => await User(world.Process, CpuId.Boot).Load(world.Address))
        .Actor("two", 1, async world => await User(world.Reader, new CpuId(1)).Load(world.Other));

    private static RaceWorld WorldOfShared(WorldFactory make)
    {
        RaceWorld world = make.World();
        SharedFile memory = world.Machine.CreateSharedMemory(Page);
        world.Process = world.Start("one");
        world.Reader = world.Start("two");
        world.Address = world.Process.Map(memory, Page, Tagged, isShared: true);
        world.Other = world.Reader.Map(memory, Page, Tagged, isShared: true);
        return world;
    }

    private static void TouchAndIsolate(Scenario<RaceWorld> scenario) => scenario
        .Actor("reserve", 0, async world => await User(world.Process, CpuId.Boot).StoreTag(Process.Tagged(world.Address, 5)))
        .Actor("isolated", 1, async world => await User(world.Reader, new CpuId(1)).StoreTag(Process.Tagged(world.Other, 6)));

    private static RaceWorld WorldOfIsolation(WorldFactory make)
    {
        RaceWorld world = WorldOfOnePage(make);
        Frame storage = world.StorageOf(world.Frame);
        world.PlaceGuest(world.Start("guest"), storage);
        world.Other = world.MapFrame(world.Reader, storage + 1, Plain);
        world.Reader.Protect(world.Other, Page, Tagged);
        world.ExpectTag(world.Process, world.Address, 5);
        world.ExpectTag(world.Reader, world.Other, 6);
        return world;
    }
}
