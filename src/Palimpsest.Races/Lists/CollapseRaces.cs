using Palimpsest.Exploration.Scenarios;
using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Memory;
using Palimpsest.Races.Worlds;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;
using static Palimpsest.Races.Worlds.RaceWorld;

namespace Palimpsest.Races.Lists;

/// <summary>khugepaged found its huge page while the area was untagged, and copies tags to it.</summary>
internal static class CollapseRaces
{
    private const long HugePages = 512;

    public static IEnumerable<Race> All { get; } =
    [
        new("R19", "khugepaged copies tags to a huge page that has no storage for them", Safeguards.SaveTagsByPfn, "cma-no-tagged",
            CollapseAndTag, WorldOfSmallPages),
        new("R20", "khugepaged makes a huge page in tag storage of pages that are tagged", Safeguards.MoveSavedTags, "zone-metadata",
            CollapseAndTag, WorldOfStorage),
    ];

    private static void CollapseAndTag(Scenario<RaceWorld> scenario) => scenario
        .Actor("khugepaged", 0, async world =>
        {
            await world.Kernel.Memory.Runtime.Point(StepKind.Isolate, world.Frame);
            await world.Machine.Daemons.Collapse(world.Process, world.Address);
        })
        .Actor("user", 1, async world =>
        {
            LinuxTask user = User(world.Process, new CpuId(1));
            await user.Calls.Protect(world.Address, HugePages * Page, Tagged);
            await user.StoreTag(Process.Tagged(world.Address, 9));
        });

    /// <summary>The one huge page that is free has a guest in its storage.</summary>
    private static RaceWorld WorldOfSmallPages(WorldFactory make)
    {
        RaceWorld world = WorldOf(make, 8UL << 20);
        Frame huge = world.DataFrame(group: 32);
        world.LeaveOneHugePage(huge);
        world.PlaceGuest(world.Start("guest"), world.StorageOf(huge));
        return world;
    }

    /// <summary>
    /// Tag storage has room for a huge page, and untagged pages go there first; another one is free for what is tagged at last.
    /// </summary>
    private static RaceWorld WorldOfStorage(WorldFactory make)
    {
        RaceWorld world = WorldOf(make, 128UL << 20);
        world.LeaveOneHugePage(world.DataFrame(group: 32));
        return world;
    }

    private static RaceWorld WorldOf(WorldFactory make, ulong ramBytes)
    {
        PageGeometry geometry = PageGeometry.Page4K;
        RaceWorld world = make.World(MemoryBoard.Flat(ramBytes, geometry), geometry, huge: true);
        world.Process = world.Start("user", cpu: new CpuId(1));
        world.Address = world.Process.Map(HugePages * Page, Plain);
        world.Frame = world.DataFrame(group: 20);
        world.Place(world.Process, world.Address, world.Frame);
        world.Place(world.Process, world.Address + Page, world.Frame + 1);
        world.Process.Store(world.Address, 42);
        world.Process.Store(world.Address + Page, 43);
        world.ExpectWord(world.Process, world.Address, 42);
        world.ExpectWord(world.Process, world.Address + Page, 43);
        world.ExpectTag(world.Process, world.Address, 9);
        world.ExpectTag(world.Process, world.Address + Page, 0);
        return world;
    }
}
