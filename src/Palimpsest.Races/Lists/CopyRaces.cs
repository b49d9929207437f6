using Palimpsest.Exploration.Scenarios;
using Palimpsest.Kernel.Faults;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Races.Worlds;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;
using static Palimpsest.Races.Worlds.RaceWorld;

namespace Palimpsest.Races.Lists;

/// <summary>Tags that arrive at a page which has no storage for them.</summary>
internal static class CopyRaces
{
    public static IEnumerable<Race> All { get; } =
    [
        new("R1", "migration copies tags that mprotect has just made possible", Safeguards.SaveTagsByPfn, "cma-no-tagged",
            MigrateAndProtect, WorldOfMigration),
        new("R2", "migration maps a page without storage into an area that has become tagged", Safeguards.FaultOnAccess, "cma-no-tagged",
            MigrateAndProtect, WorldOfMigration),
        new("R2b", "a page and the page that is its storage are in one area that becomes tagged", Safeguards.FaultOnAccess,
            "cma-no-tagged", TouchBoth, WorldOfBoth),
        new("R3", "swap-in through an untagged mapping restores tags", Safeguards.SaveTagsByPfn, "cma-no-tagged", SwapIn, WorldOfSwapIn),
        new("X9", "a page with saved tags is freed, and its next owner finds them", Safeguards.ForgetTagsOnFree, "cma-no-tagged",
            FreeAndReuse, WorldOfReuse),
    ];

    private static void MigrateAndProtect(Scenario<RaceWorld> scenario) => scenario
        .Actor("migrate", 0, async world =>
        {
            await world.Kernel.Memory.Runtime.Point(StepKind.Isolate, world.Frame);
            await world.Memory.Migration.Move(world.Frame, cpu: CpuId.Boot);
        })
        .Actor("user", 1, async world =>
        {
            LinuxTask user = User(world.Process, new CpuId(1));
            await user.Calls.Protect(world.Address, Page, Tagged);
            await user.StoreTag(Process.Tagged(world.Address, 9));
        });

    private static RaceWorld WorldOfMigration(WorldFactory make)
    {
        RaceWorld world = make.World();
        world.Process = world.Start("user", cpu: new CpuId(1));
        world.Frame = world.DataFrame(group: 20);
        world.Address = world.MapFrame(world.Process, world.Frame, Plain);
        world.Process.Store(world.Address, 42);
        world.FillStorage(world.Start("guest"), except: world.StorageOf(world.Frame));
        world.ExpectWord(world.Process, world.Address, 42);
        world.ExpectTag(world.Process, world.Address, 9);
        return world;
    }

    private static void TouchBoth(Scenario<RaceWorld> scenario) => scenario
        .Actor("page", 0, async world => await User(world.Process, CpuId.Boot).StoreTag(Process.Tagged(world.Address, 3)))
        .Actor("storage", 1, async world => await User(world.Process, new CpuId(1)).StoreTag(Process.Tagged(world.Other, 4)));

    private static RaceWorld WorldOfBoth(WorldFactory make)
    {
        RaceWorld world = make.World();
        world.Process = world.Start("user");
        world.Frame = world.DataFrame(group: 20);
        world.Address = world.MapFrame(world.Process, world.Frame, Plain);
        world.Other = world.MapFrame(world.Process, world.StorageOf(world.Frame), Plain);
        world.Process.Store(world.Other, 42);
        world.Process.Protect(world.Address, Page, Tagged);
        world.Process.Protect(world.Other, Page, Tagged);
        world.ExpectTag(world.Process, world.Address, 3);
        world.ExpectTag(world.Process, world.Other, 4);
        world.ExpectWord(world.Process, world.Other, 42);
        return world;
    }

    private static void SwapIn(Scenario<RaceWorld> scenario) => scenario
        .Actor("untagged", 0, async world =>
        {
            LinuxTask user = User(world.Reader, CpuId.Boot);
            await user.Load(world.Other);
            await user.Calls.Protect(world.Other, Page, Tagged);
        })
        .Actor("tagged", 1, async world => await User(world.Process, new CpuId(1)).Load(world.Address));

    private static RaceWorld WorldOfSwapIn(WorldFactory make)
    {
        RaceWorld world = WorldOfSwapped(make);
        world.FillStorage(world.Start("guest"));
        world.ExpectTag(world.Process, world.Address, 9);
        world.ExpectTag(world.Reader, world.Other, 9);
        world.ExpectWord(world.Reader, world.Other, 42);
        return world;
    }

    /// <summary>Shared memory with tag 9 and word 42 is on the swap device; one process maps it tagged, another does not.</summary>
    public static RaceWorld WorldOfSwapped(WorldFactory make)
    {
        RaceWorld world = make.World();
        SharedFile memory = world.Machine.CreateSharedMemory(Page);
        world.Process = world.Start("tagged", cpu: new CpuId(1));
        world.Reader = world.Start("untagged");
        world.Address = world.Process.Map(memory, Page, Tagged, isShared: true);
        world.Other = world.Reader.Map(memory, Page, Plain, isShared: true);
        world.Process.Store(world.Address, 42);
        world.Process.StoreTag(Process.Tagged(world.Address, 9));
        while (world.Process.ResidentPages > 0)
        {
            world.Machine.Reclaim(1);
        }

        world.Memory.DrainAll();
        return world;
    }

    private static void FreeAndReuse(Scenario<RaceWorld> scenario) => scenario
        .Actor("owner", 0, async world => await User(world.Process, CpuId.Boot).Calls.Unmap(world.Address, Page));

    private static RaceWorld WorldOfReuse(WorldFactory make)
    {
        RaceWorld world = make.World();
        world.Process = world.Start("owner");
        world.Reader = world.Start("next");
        world.Frame = world.DataFrame(group: 20);
        world.Address = world.MapFrame(world.Process, world.Frame, Tagged);
        world.Kernel.SavedTags.Put(world.Frame, [.. Enumerable.Repeat((byte)0x77, Page / 32)]);
        world.Expect(() =>
        {
            world.Memory.DrainAll();
            ulong next = world.MapFrame(world.Reader, world.Frame, Tagged);
            int tag = world.Reader.LoadTag(next);
            return tag == 0 ? null : $"a fresh page has tag {tag}, which its last owner stored";
        });
        return world;
    }
}
