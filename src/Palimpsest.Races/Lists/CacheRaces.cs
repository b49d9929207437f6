using Palimpsest.Exploration.Scenarios;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Races.Worlds;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;
using static Palimpsest.Races.Worlds.RaceWorld;

namespace Palimpsest.Races.Lists;

/// <summary>Lines that caches write back late, and tags that nobody may touch.</summary>
internal static class CacheRaces
{
    public static IEnumerable<Race> All { get; } =
    [
        new("R9", "a line of tags is written back after its block was lent", Safeguards.InvalidateTagsOnFree, "cma-no-tagged", FreeAndLend,
            WorldOfLending),
        new("R10", "a line of data is written back after its page was taken for tags", Safeguards.InvalidateDataOnReserve, "cma-no-tagged",
            TakeAndTag, WorldOfTaking),
        new("R21", "ptrace touches the tags of a page without storage", Safeguards.PtraceFaultsFirst, "cma-no-tagged", Peek,
            WorldOfPeeking),
        new("R24", "the zero page is mapped tagged, and its storage was never reserved", Safeguards.ReserveZeroPage, "cma-no-tagged",
            ReadZero, WorldOfZero),
    ];

    private static Scenario<RaceWorld> WithCache(Scenario<RaceWorld> scenario) => scenario.Hardware("cache", async world =>
    {
        for (int line = 0; line < 2; line++)
        {
            await world.Kernel.Memory.Runtime.Interleaving.Until(
                (int)StepKind.InvalidateLines, 0, () => world.Machine.Hardware.DirtyLines > 0);
            world.Machine.Hardware.Evict(world.Kernel.Memory.Runtime.Interleaving.Choose(Math.Min(2, world.Machine.Hardware.DirtyLines)));
        }
    });

    private static void FreeAndLend(Scenario<RaceWorld> scenario) => WithCache(scenario
        .Actor("owner", 0, async world => await User(world.Process, CpuId.Boot).Calls.Unmap(world.Address, Page))
        .Actor("guest", 1, async world =>
        {
            await world.Kernel.Memory.Runtime.Interleaving.Until((int)StepKind.MoveBlock, world.Storage.Index,
                () => world.Memory.Frames[world.Storage].State != FrameState.Held);
            world.OccupyAsGuest(world.Storage);
        }));

    private static RaceWorld WorldOfLending(WorldFactory make)
    {
        RaceWorld world = make.World();
        world.Process = world.Start("owner");
        world.Frame = world.DataFrame(group: 20);
        world.Storage = world.StorageOf(world.Frame);
        world.Address = world.MapFrame(world.Process, world.Frame, Tagged);
        world.Process.StoreTag(Process.Tagged(world.Address, 9));
        return world;
    }

    private static void TakeAndTag(Scenario<RaceWorld> scenario) => WithCache(scenario
        .Actor("user", 0, async world => await User(world.Process, CpuId.Boot).StoreTag(Process.Tagged(world.Address, 9))));

    private static RaceWorld WorldOfTaking(WorldFactory make)
    {
        RaceWorld world = make.WorldOfPage();
        Process guest = world.Start("guest");
        ulong at = world.MapFrame(guest, world.StorageOf(world.Frame), Plain);
        world.Machine.Hardware.WriteBackAll();
        guest.Store(at, 0x1111_1111_1111_1111);
        world.ExpectWord(guest, at, 0x1111_1111_1111_1111);
        world.ExpectTag(world.Process, world.Address, 9);
        return world;
    }

    private static void Peek(Scenario<RaceWorld> scenario) => scenario
        .Actor("ptrace", 0, async world =>
        {
            (Frame frame, int granule) = await world.Process.Main.Calls.Pins.PlaceOfTag(world.Address, isWrite: true);
            world.Machine.Hardware.WriteTag(frame.Index, granule, 9);
        })
        .Actor("user", 1, async world => await User(world.Process, new CpuId(1)).Load(world.Address));

    private static RaceWorld WorldOfPeeking(WorldFactory make)
    {
        RaceWorld world = make.WorldOfPage();
        world.PlaceGuest(world.Start("guest"), world.StorageOf(world.Frame));
        world.ExpectTag(world.Process, world.Address, 9);
        return world;
    }

    private static void ReadZero(Scenario<RaceWorld> scenario) => scenario
        .Actor("user", 0, async world => await User(world.Process, CpuId.Boot).LoadTag(world.Address));

    private static RaceWorld WorldOfZero(WorldFactory make)
    {
        RaceWorld world = make.World();
        world.Process = world.Start("user");
        world.Address = world.Process.Map(Page, Tagged);
        world.FillStorage(world.Start("guest"));
        world.ExpectTag(world.Process, world.Address, 0);
        return world;
    }
}
