using Palimpsest.Exploration.Scenarios;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Memory;
using Palimpsest.Races.Worlds;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;
using static Palimpsest.Races.Worlds.RaceWorld;

namespace Palimpsest.Races.Lists;

/// <summary>Claims about what a design costs, and whom it leaves without memory.</summary>
internal static class CapacityRaces
{
    public static IEnumerable<Race> All { get; } =
    [
        new("R35", "each reservation of a block in use interrupts every CPU", Safeguards.None, "cma-no-tagged", TouchBoth, WorldOfGuests),
        new("R36", "a tagged page cannot be had while CMA is free", Safeguards.None, "cma-untagged-only", AllocateTagged, WorldOfPool),
        new("R37", "the kernel finds no memory for itself while all of tag storage is free", Safeguards.None, "migrate-metadata",
            AllocateUnmovable, make => make.World()),
        new("R38", "a block is given back and taken by two at once, and never taken twice (-EEXIST)", Safeguards.None, "cma-no-tagged",
            TouchTwoAndFree, WorldOfBlock),
        new("X2", "a free block is taken the slow way, which interrupts every CPU", Safeguards.LengthOfRange, "cma-no-tagged", TouchFree,
            WorldOfFast),
    ];

    private static void TouchBoth(Scenario<RaceWorld> scenario) => scenario
        .Actor("one", 0, async world => await User(world.Process, CpuId.Boot).StoreTag(Process.Tagged(world.Address, 5)))
        .Actor("two", 1, async world => await User(world.Process, new CpuId(1)).StoreTag(Process.Tagged(world.Other, 6)))
        .AtEnd("COST", world =>
        {
            (long taken, long interrupts) = (world.Machine.Counters.ReservedByMigration, world.Machine.Counters.TagInterrupts);
            return taken == 2 && interrupts >= taken * world.Machine.Cpus
                ? null
                : $"{taken} blocks in use were taken with {interrupts} interrupts";
        });

    private static RaceWorld WorldOfGuests(WorldFactory make)
    {
        make.RequireInPlace();
        RaceWorld world = WorldOfFree(make);
        Process guest = world.Start("guest");
        world.PlaceGuest(guest, world.StorageOf(world.Frame));
        world.PlaceGuest(guest, world.StorageOf(world.DataFrame(group: 21)));
        world.Other = world.MapFrame(world.Process, world.DataFrame(group: 21), Tagged);
        world.ExpectTag(world.Process, world.Other, 6);
        return world;
    }

    private static void AllocateTagged(Scenario<RaceWorld> scenario) => scenario
        .Actor("user", 0, async world =>
        {
            await world.Kernel.Memory.Runtime.Point(StepKind.MoveBlock, 0);
            AllocationResult got = await world.Kernel.Memory.Supply.Allocate(GfpFlags.HighUserMovable, Order.Zero, isTagged: true,
                cpu: CpuId.Boot);
            world.Note(0, got.Frame.Index);
            world.Note(1, FreeOf(world, frame => world.Memory.Frames.BlockType(new Frame(frame)) == MigrateType.Cma
                && !world.Memory.Frames[new Frame(frame)].Has(FrameFlags.Untaggable)));
        })
        .AtEnd("OOM", world => world.Notes[0] >= 0 || world.Notes[1] == 0
            ? null
            : $"a tagged page cannot be had, and {world.Notes[1]} frames of CMA that could be tagged are free");

    /// <summary>Nothing is free but tag storage and a driver's CMA area of 1 MiB.</summary>
    private static RaceWorld WorldOfPool(WorldFactory make)
    {
        PageGeometry geometry = new(Page, 5);
        MemoryBoard flat = MemoryBoard.Flat(4 << 20, geometry);
        ulong start = flat.TagStorage[0].Covered.Start.Value + (2 << 20);
        CmaPool pool = new(new PhysicalRange(new PhysicalAddress(start), 1 << 20), IsDynamic: false, "driver");
        RaceWorld world = make.World(flat with { CmaPools = [pool] }, geometry);
        world.OccupyAllBut([.. Enumerable.Range(16, 8)]);
        return world;
    }

    private static void AllocateUnmovable(Scenario<RaceWorld> scenario) => scenario
        .Actor("kernel", 0, async world =>
        {
            AllocationResult got;
            do
            {
                await world.Kernel.Memory.Runtime.Point(StepKind.MoveBlock, 0);
                got = await world.Kernel.Memory.Supply.Allocate(GfpFlags.KernelDefault, Order.Zero, isTagged: false, cpu: CpuId.Boot);
            }
            while (!got.Frame.IsNone);
        })
        .Within(2000)
        .AtEnd("OOM", world => world.Memory.LentFramesInUse > 0 ? null : $"the kernel finds no page, and "
            + $"{FreeOf(world, frame => world.Memory.Frames[new Frame(frame)].Has(FrameFlags.TagStorage))} frames of tag storage are free");

    private static int FreeOf(RaceWorld world, Func<int, bool> wanted) =>
        Enumerable.Range(0, world.Memory.Frames.Count)
            .Count(frame => wanted(frame) && !world.Memory.Buddy.FindChunk(new Frame(frame), 0).IsNone);

    private static void TouchTwoAndFree(Scenario<RaceWorld> scenario) => scenario
        .Actor("one", 0, async world => await User(world.Process, CpuId.Boot).StoreTag(Process.Tagged(world.Address, 5)))
        .Actor("free", 1, async world =>
        {
            await User(world.Reader, new CpuId(1)).Calls.Unmap(world.Other, Page);
            await User(world.Child, new CpuId(1)).StoreTag(Process.Tagged(world.Address, 6));
        });

    private static RaceWorld WorldOfBlock(WorldFactory make)
    {
        RaceWorld world = make.World();
        world.Process = world.Start("user");
        world.Child = world.Start("other");
        world.Reader = world.Start("last");
        world.Frame = world.DataFrame(group: 20);
        world.Address = world.MapFrame(world.Process, world.Frame, Tagged);
        world.MapFrame(world.Child, world.Frame + 1, Tagged);
        world.Other = world.MapFrame(world.Reader, world.Frame + 2, Tagged);
        world.Reader.StoreTag(Process.Tagged(world.Other, 2));
        world.ExpectTag(world.Process, world.Address, 5);
        world.ExpectTag(world.Child, world.Address, 6);
        return world;
    }

    private static void TouchFree(Scenario<RaceWorld> scenario) => scenario
        .Actor("user", 0, async world => await User(world.Process, CpuId.Boot).StoreTag(Process.Tagged(world.Address, 5)))
        .AtEnd("COST", world => world.Machine.Counters.TagInterrupts == 0
            ? null
            : $"{world.Machine.Counters.TagInterrupts} interrupts for a block that was free");

    private static RaceWorld WorldOfFree(WorldFactory make)
    {
        RaceWorld world = make.WorldOfPage();
        world.ExpectTag(world.Process, world.Address, 5);
        return world;
    }

    private static RaceWorld WorldOfFast(WorldFactory make)
    {
        RaceWorld.Require(make.Design.Create().Recall.FastPath, "there is no fast way to take a free block");
        return WorldOfFree(make);
    }
}
