using Palimpsest.Exploration.Scenarios;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Memory;
using Palimpsest.Races.Worlds;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;
using static Palimpsest.Races.Worlds.RaceWorld;

namespace Palimpsest.Races.Lists;

/// <summary>Pins, atomic copies, and the accounts of blocks.</summary>
internal static class PinRaces
{
    public static IEnumerable<Race> All { get; } =
    [
        new("R15", "the storage of a page is pinned, and the page faults for ever", Safeguards.ReplaceWhenBusy, "cma-no-tagged", Touch,
            WorldOfPinnedStorage),
        new("R15+", "the page is pinned as well as its storage (the residual)", Safeguards.None, "cma-no-tagged", Touch, WorldOfPinnedBoth),
        new("R18", "fork copies the tags of a pinned page under a spin lock", Safeguards.AtomicTagBuffers, "cma-no-tagged", ForkPinned,
            WorldOfPinnedParent),
        new("R25", "with blocks of two pages a huge page takes its neighbour's", Safeguards.ExactBlockCount, "cma-no-tagged", FreeInParts,
            WorldOfHugePage),
        new("R26", "a block counts allocations, and a split huge page is freed in parts", Safeguards.CountByPage, "cma-no-tagged",
            FreeInParts, WorldOfHugePage),
        new("X1", "the loop over the blocks of a huge page ends too early where blocks are two pages", Safeguards.ScaledLoopBound,
            "cma-no-tagged", FreeInParts, WorldOfHugePage),
    ];

    private static void Touch(Scenario<RaceWorld> scenario) => scenario
        .Actor("user", 0, async world => await User(world.Process, CpuId.Boot).StoreTag(Process.Tagged(world.Address, 9)));

    private static RaceWorld WorldOfPinnedStorage(WorldFactory make)
    {
        RaceWorld world = make.WorldOfPage();
        Process device = world.Start("device", cpu: new CpuId(1));
        device.Pin(world.PlaceGuest(device, world.StorageOf(world.Frame)));
        world.ExpectTag(world.Process, world.Address, 9);
        return world;
    }

    private static RaceWorld WorldOfPinnedBoth(WorldFactory make)
    {
        RaceWorld world = make.World();
        world.Process = world.Start("user");
        world.Frame = world.DataFrame(group: 20);
        world.Address = world.MapFrame(world.Process, world.Frame, Plain);
        world.Process.Pin(world.Address);
        world.Process.Protect(world.Address, Page, Tagged);
        Process device = world.Start("device", cpu: new CpuId(1));
        device.Pin(world.PlaceGuest(device, world.StorageOf(world.Frame)));
        return world;
    }

    private static void ForkPinned(Scenario<RaceWorld> scenario) => scenario
        .Actor("parent", 0, async world =>
        {
            await world.Kernel.Memory.Runtime.Point(StepKind.CopyData, world.Frame);
            await world.Kernel.Fork.Copy(world.Process.Space, world.Reader.Space, cpu: CpuId.Boot);
        });

    private static RaceWorld WorldOfPinnedParent(WorldFactory make)
    {
        RaceWorld world = make.World();
        RaceWorld.Require(make.HandsOutWithoutStorage, "no page is handed out without storage");
        world.Process = world.Start("parent");
        world.Reader = world.Start("child");
        world.Frame = world.DataFrame(group: 20);
        world.Address = world.MapFrame(world.Process, world.Frame, Tagged);
        world.Process.StoreTag(Process.Tagged(world.Address, 9));
        world.Process.Pin(world.Address);
        Process device = world.Start("device", cpu: new CpuId(1));
        foreach (ulong guest in world.FillStorage(device))
        {
            device.Pin(guest);
        }

        // No free page may share a block that is reserved already: the child's would then have storage.
        world.TakeGroupsInUse(device);
        world.ExpectTag(world.Process, world.Address, 9);
        return world;
    }

    private static void FreeInParts(Scenario<RaceWorld> scenario) => scenario
        .Actor("user", 0, async world => await User(world.Process, CpuId.Boot).Calls.Unmap(world.Address, 64 * Page));

    private static RaceWorld WorldOfHugePage(WorldFactory make)
    {
        PageGeometry geometry = PageGeometry.Page4K;
        MemoryBoard flat = MemoryBoard.Flat(64 << 20, geometry);
        MemoryBoard board = flat with { TagStorage = [.. flat.TagStorage.Select(span => span with { BlockBytes = 2 * Page })] };
        RaceWorld world = make.World(board, geometry, huge: true);
        // Without a table in place: the first fault is to map a huge page.
        world.Process = world.Machine.Start("user");
        world.Address = world.Process.Map(512 * Page, Tagged);
        world.Process.Store(world.Address, 1);
        return world;
    }
}
