using Palimpsest.Exploration.Scenarios;
using Palimpsest.Kernel.Faults;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Memory;
using Palimpsest.Races.Worlds;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;
using static Palimpsest.Races.Worlds.RaceWorld;

namespace Palimpsest.Races.Lists;

/// <summary>Allocations that fail, or that find what they must not have.</summary>
internal static class AllocationRaces
{
    public static IEnumerable<Race> All { get; } =
    [
        new("R12", "a fatal signal comes while storage is reserved, and nothing tagged can be had", Safeguards.TreatSignalAsSuccess,
            "migrate-metadata", TouchAndKill, WorldOfKill),
        new("R16", "vmsplice pins a guest of tag storage without FOLL_LONGTERM, and keeps it", Safeguards.ReplaceWhenBusy, "cma-no-tagged",
            TouchAndSplice, WorldOfSplice),
        new("R30", "a page of tag storage was in use at boot and is never given back", Safeguards.ReplaceWhenBusy, "cma-no-tagged", Touch,
            WorldOfBoot),
        new("R31", "a freed page of tag storage is on a per-CPU list that a tagged request takes from", Safeguards.KeepStorageFromTagged,
            "cma-untagged-only", FreeAndTouch, WorldOfFreed),
        new("R32", "a per-CPU list is refilled in bulk with tag storage, and a tagged request takes from it",
            Safeguards.KeepStorageFromTagged, "cma-untagged-only", RefillAndTouch, WorldOfRefill),
        new("X10", "tags are read from swap, and there is no memory to save them", Safeguards.ReportUnsavedTags, "cma-no-tagged", SwapIn,
            WorldOfSwapIn),
        new("X13", "the migration of a page fails, and it stays off the LRU", Safeguards.PutBackOnFailure, "cma-no-tagged", TouchAndLook,
            WorldOfLook),
    ];

    private static void Touch(Scenario<RaceWorld> scenario) => scenario
        .Actor("user", 0, async world => await User(world.Process, CpuId.Boot).StoreTag(Process.Tagged(world.Address, 9)));

    private static void TouchAndKill(Scenario<RaceWorld> scenario) => scenario
        .Actor("user", 0, async world =>
        {
            try
            {
                await User(world.Process, CpuId.Boot).StoreTag(Process.Tagged(world.Address, 9));
            }
            catch (SignalException) when (world.Process.Space.IsDying)
            {
                // It dies of the signal that it was sent.
            }
        })
        .Actor("signal", 1, async world =>
        {
            await world.Kernel.Memory.Runtime.Point(StepKind.Wait, 0);
            world.Process.Space.IsDying = true;
        })
        .AtEnd("OOM", world => world.Machine.Statistics.OomKills == 0 ? null : "a process was killed for memory, and memory is free");

    private static RaceWorld WorldOfKill(WorldFactory make)
    {
        RaceWorld world = make.World();
        world.Process = world.Start("user");
        world.Address = world.Process.Map(Page, Tagged);
        Process guest = world.Start("guest", cpu: new CpuId(1));
        world.FillStorage(guest);
        world.TakeGroupsInUse(guest);
        return world;
    }

    private static void TouchAndSplice(Scenario<RaceWorld> scenario) => scenario
        .Actor("user", 0, async world => await User(world.Process, CpuId.Boot).StoreTag(Process.Tagged(world.Address, 9)))
        .Actor("pipe", 1, async world =>
        {
            // The access and the pin are one step, so the page is there.
            await User(world.Reader, new CpuId(1)).Load(world.Other);
            world.Pin = world.Reader.Pin(world.Other);
        });

    private static RaceWorld WorldOfSplice(WorldFactory make)
    {
        RaceWorld world = make.WorldOfPage();
        world.Reader = world.Start("pipe", cpu: new CpuId(1));
        world.Other = world.PlaceGuest(world.Reader, world.StorageOf(world.Frame));
        world.ExpectTag(world.Process, world.Address, 9);
        return world;
    }

    private static RaceWorld WorldOfBoot(WorldFactory make)
    {
        PageGeometry geometry = new(Page, 5);
        MemoryBoard flat = MemoryBoard.Flat(4 << 20, geometry);
        PhysicalRange storage = flat.TagStorage[0].Storage;
        const int group = 20;
        ReservedRange kexec = new(new PhysicalRange(new PhysicalAddress(storage.Start.Value + (group * Page)), Page), NoMap: false,
            "kexec");
        RaceWorld world = make.WorldOfPage(flat with { Reserved = [.. flat.Reserved, kexec] }, geometry);
        world.ExpectTag(world.Process, world.Address, 9);
        world.Expect(() => world.Memory.Frames[world.StorageOf(world.Frame)].State == FrameState.Kept
            ? null
            : "the page in use since boot was taken");
        return world;
    }

    private static void FreeAndTouch(Scenario<RaceWorld> scenario) => scenario
        .Actor("guest", 0, async world => await User(world.Reader, CpuId.Boot).Calls.Unmap(world.Other, Page))
        .Actor("user", 0, async world => await User(world.Process, CpuId.Boot).StoreTag(Process.Tagged(world.Address, 9)));

    private static RaceWorld WorldOfFreed(WorldFactory make)
    {
        RaceWorld world = make.World();
        world.Process = world.Start("user");
        world.Reader = world.Start("guest");
        world.Address = world.Process.Map(Page, Tagged);
        world.Other = world.MapFrame(world.Reader, world.StorageOf(world.DataFrame(group: 20)), Plain);
        world.ExpectTag(world.Process, world.Address, 9);
        return world;
    }

    private static void RefillAndTouch(Scenario<RaceWorld> scenario) => scenario
        .Actor("guest", 0, async world => await User(world.Reader, CpuId.Boot).Store(world.Other, 1))
        .Actor("user", 0, async world => await User(world.Process, CpuId.Boot).StoreTag(Process.Tagged(world.Address, 9)));

    /// <summary>So little is free beside tag storage that untagged movable pages come from there (the CMA rule).</summary>
    private static RaceWorld WorldOfRefill(WorldFactory make)
    {
        PageGeometry geometry = new(Page, 5);
        RaceWorld world = make.World(MemoryBoard.Flat(64 << 20, geometry), geometry);
        world.Process = world.Start("user");
        world.Reader = world.Start("guest");
        world.Address = world.Process.Map(Page, Tagged);
        world.Other = world.Reader.Map(Page, Plain);
        world.OccupyAllBut([.. Enumerable.Range(20, 14)]);
        world.ExpectTag(world.Process, world.Address, 9);
        world.ExpectWord(world.Reader, world.Other, 1);
        return world;
    }

    private static void SwapIn(Scenario<RaceWorld> scenario) => scenario
        .Actor("user", 0, async world => await User(world.Process, CpuId.Boot).Load(world.Address))
        .Actor("device", 1, async world =>
        {
            await world.Kernel.Memory.Runtime.Point(StepKind.MoveBlock, world.Storage);
            world.Reader.UnpinAll();
        });

    private static RaceWorld WorldOfSwapIn(WorldFactory make)
    {
        RaceWorld world = make.World();
        RaceWorld.Require(make.HandsOutWithoutStorage, "no page is handed out without storage");
        world.Process = world.Start("user");
        world.Address = world.MapFrame(world.Process, world.DataFrame(group: 20), Tagged);
        world.Process.Store(world.Address, 42);
        world.Process.StoreTag(Process.Tagged(world.Address, 9));
        while (world.Process.ResidentPages > 0)
        {
            world.Machine.Reclaim(1);
        }

        // No page has storage, and none can have any before the device is done.
        world.Reader = world.Start("device", cpu: new CpuId(1));
        foreach (ulong guest in world.FillStorage(world.Reader))
        {
            world.Reader.Pin(guest);
        }

        world.TakeGroupsInUse(world.Reader);
        world.Kernel.Memory.Runtime.IndexFailures = 1;
        world.ExpectTag(world.Process, world.Address, 9);
        world.ExpectWord(world.Process, world.Address, 42);
        return world;
    }

    public static void TouchAndLook(Scenario<RaceWorld> scenario) => scenario
        .Actor("user", 0, async world => await User(world.Process, CpuId.Boot).StoreTag(Process.Tagged(world.Address, 9)))
        .Actor("scanner", 1, async world =>
        {
            // get_page_unless_zero of whoever walks over frames: the migration that meets it fails.
            await world.Kernel.Memory.Runtime.Point(StepKind.Isolate, world.Frame);
            if (world.Memory.Frames[world.Frame].State == FrameState.Allocated)
            {
                world.Kernel.Owners.Folios.Get(world.Frame);
                await world.Kernel.Memory.Runtime.Point(StepKind.Isolate, world.Frame);
                world.Kernel.Owners.Folios.Put(world.Frame, cpu: new CpuId(1));
            }
        });

    public static RaceWorld WorldOfLook(WorldFactory make)
    {
        RaceWorld world = WorldOfSplice(make);
        world.Pin = world.Reader.Pin(world.Other);
        return world;
    }
}
