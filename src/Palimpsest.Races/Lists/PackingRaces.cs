using Palimpsest.Exploration.Scenarios;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Races.Worlds;
using Palimpsest.Vocabulary;
using static Palimpsest.Races.Worlds.RaceWorld;

namespace Palimpsest.Races.Lists;

/// <summary>Races of active blocks: their worker, allocations and frees of tagged pages, and pages that turn tagged in use.</summary>
internal static class PackingRaces
{
    private const string Packed = "packed";

    private const string NoBlocks = "no block of tag storage is active beyond the pages that refer to it";

    public static IEnumerable<Race> All { get; } =
    [
        new("W1", "a block is made active while the last page of another is freed", Safeguards.None, Packed, TouchAndFree,
            WorldOfOneTagged),
        new("W2", "a block is emptied while a page is allocated", Safeguards.None, Packed, PackAndTouch, WorldOfTwoBlocks),
        new("W3", "a page turns tagged while the worker moves its neighbours", Safeguards.None, Packed, PackAndTagLate, WorldOfTwoBlocks),
        new("W4", "two CPUs allocate from one block and free into it", Safeguards.None, Packed, TouchByTwo, WorldOfOneTagged),
        new("W5", "a CPU's current block loses its last page on another CPU", Safeguards.None, Packed, FreeFromOtherCpu, WorldOfOneTagged),
        new("W6", "the worker moves data out of a block whose storage somebody wants", Safeguards.None, Packed, PackAndFork,
            WorldOfTwoBlocks),
        new("W7", "a tagged page is allocated in atomic context while the worker empties its block", Safeguards.None, Packed,
            PackAndAllocateAtomic, WorldOfTwoBlocks),
    ];

    private static void TouchAndFree(Scenario<RaceWorld> scenario) => scenario
        .Actor("touch", 0, async world => await User(world.Reader, CpuId.Boot).StoreTag(Process.Tagged(world.Other, 5)))
        .Actor("free", 1, async world => await User(world.Process, new CpuId(1)).Calls.Unmap(world.Address, Page));

    private static void PackAndTouch(Scenario<RaceWorld> scenario) => scenario
        .Actor("worker", 0, async world => await world.Machine.Daemons.Pack())
        .Actor("touch", 1, async world => await User(world.Reader, new CpuId(1)).StoreTag(Process.Tagged(world.Other, 5)));

    private static void PackAndTagLate(Scenario<RaceWorld> scenario) => scenario
        .Actor("worker", 0, async world => await world.Machine.Daemons.Pack())
        .Actor("user", 1, async world =>
        {
            LinuxTask user = User(world.Reader, new CpuId(1));
            await user.Calls.Protect(world.Late, Page, Tagged);
            await user.StoreTag(Process.Tagged(world.Late, 6));
        });

    private static void TouchByTwo(Scenario<RaceWorld> scenario) => scenario
        .Actor("one", 0, async world =>
        {
            LinuxTask user = User(world.Reader, CpuId.Boot);
            await user.StoreTag(Process.Tagged(world.Other, 5));
            await user.Calls.Unmap(world.Other, Page);
        })
        .Actor("two", 1, async world =>
        {
            LinuxTask user = User(world.Process, new CpuId(1));
            await user.Calls.Unmap(world.Address, Page);
            await user.StoreTag(Process.Tagged(world.Late, 6));
        });

    private static void FreeFromOtherCpu(Scenario<RaceWorld> scenario) => scenario
        .Actor("owner", 0, async world =>
        {
            LinuxTask user = User(world.Process, CpuId.Boot);
            await user.StoreTag(Process.Tagged(world.Late, 6));
            await user.StoreTag(Process.Tagged(world.Other, 5));
        })
        .Actor("other", 1, async world => await User(world.Process, new CpuId(1)).Calls.Unmap(world.Address, Page));

    private static void PackAndFork(Scenario<RaceWorld> scenario) => scenario
        .Actor("worker", 0, async world => await world.Machine.Daemons.Pack())
        .Actor("parent", 1, async world =>
        {
            LinuxTask parent = User(world.Process, new CpuId(1));
            await parent.Calls.Fork();
            await parent.StoreTag(Process.Tagged(world.Address, 9));
        });

    private static void PackAndAllocateAtomic(Scenario<RaceWorld> scenario) => scenario
        .Actor("worker", 0, async world => await world.Machine.Daemons.Pack())
        .Actor("driver", 1, async world =>
        {
            CpuId cpu = new(1);
            AllocationRequest request = new(GfpFlags.Atomic, Order.Zero, cpu, IsTagged: true, Owner: 0, AllocationEffort.LowWatermark);
            world.Steps.Current.EnterAtomic();
            Frame frame = (await world.Memory.Take(request)).Frame;
            world.Steps.Current.LeaveAtomic();
            await world.Memory.FreeInSteps(frame, cpu);
        });

    /// <summary>One tagged page, alone in its block, and two pages that nobody has touched.</summary>
    private static RaceWorld WorldOfOneTagged(WorldFactory make)
    {
        RaceWorld world = make.World();
        Require(world.Memory.Place.HasActiveBlocks, NoBlocks);
        world.Process = world.Start("owner");
        world.Reader = world.Process;
        world.Address = world.Process.Map(Page, Tagged);
        world.Other = world.Process.Map(Page, Tagged);
        world.Late = world.Process.Map(Page, Tagged);
        world.Process.StoreTag(Process.Tagged(world.Address, 3));
        world.FillStorage(world.Start("guest"));
        return world;
    }

    /// <summary>Two blocks of one tagged page each, one of them with data beside it, and a page that nobody has touched.</summary>
    private static RaceWorld WorldOfTwoBlocks(WorldFactory make)
    {
        RaceWorld world = make.World();
        Require(world.Memory.Place.HasActiveBlocks, NoBlocks);
        world.Process = world.Start("owner");
        world.Reader = world.Start("user", cpu: new CpuId(1));
        world.Address = world.Process.Map(Page, Tagged);
        world.Process.StoreTag(Process.Tagged(world.Address, 3));
        List<ulong> pages = [];
        while (world.Memory.Blocks.ReservedBlocks < 2)
        {
            pages.Add(world.Process.Map(Page, Tagged));
            world.Process.StoreTag(Process.Tagged(pages[^1], 4));
        }

        pages[..^1].ForEach(page => world.Process.Unmap(page, Page));
        world.Other = world.Reader.Map(Page, Tagged);
        world.Late = world.Reader.Map(Page, Plain);
        world.Reader.Store(world.Late, 42);
        world.ExpectTag(world.Process, pages[^1], 4);
        world.ExpectWord(world.Reader, world.Late, 42);
        return world;
    }
}
