using Palimpsest.Exploration.Scenarios;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Memory;
using Palimpsest.Races.Worlds;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;
using static Palimpsest.Races.Worlds.RaceWorld;

namespace Palimpsest.Races.Lists;

/// <summary>Tag storage that comes online in part.</summary>
internal static class ActivationRaces
{
    public static IEnumerable<Race> All { get; } =
    [
        new("R27", "one region does not come online, and another has given its pages to the allocator", Safeguards.TakeBackRegions,
            "cma-no-tagged", Touch, WorldOfTwoRegions, NeedsLent: false),
    ];

    private static void Touch(Scenario<RaceWorld> scenario) => scenario
        .Actor("user", 0, async world => await User(world.Process, CpuId.Boot).StoreTag(Process.Tagged(world.Address, 9)));

    /// <summary>Guests wherever the first region is free, which is nowhere when it was taken back.</summary>
    private static RaceWorld WorldOfTwoRegions(WorldFactory make)
    {
        PageGeometry geometry = new(Page, 5);
        MemoryBoard board = MemoryBoard.OfRam([Bank(0x4000_0000), Bank(0x4800_0000)], geometry, "two banks", "the scenario");
        Require(make.Design.Create().Home.Place == Kernel.Ports.StoragePlace.Cma,
            "tag storage is no CMA area under this design, so there is none to be activated");
        RaceWorld world = make.World(board, geometry, failedRegion: 1);
        world.Process = world.Start("user");
        world.Frame = world.DataFrame(group: 20);
        world.Address = world.MapFrame(world.Process, world.Frame, Tagged);
        world.FillStorage(world.Start("guest"));
        world.ExpectTag(world.Process, world.Address, 9);
        return world;
    }

    private static PhysicalRange Bank(ulong start) => new(new PhysicalAddress(start), 4 << 20);
}
