using Palimpsest.Exploration.Scenarios;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Memory;
using Palimpsest.Races.Worlds;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;
using static Palimpsest.Races.Worlds.RaceWorld;

namespace Palimpsest.Races.Lists;

/// <summary>Locks that their own CPU, or their own thread, wants again.</summary>
internal static class LockRaces
{
    public static IEnumerable<Race> All { get; } =
    [
        new("R8", "an interrupt frees a tagged page while its CPU has the lock of the blocks", Safeguards.InterruptSafeLocks,
            "cma-no-tagged", ReserveAndInterrupt, WorldOfTaggedFree),
        new("R13", "a reservation for compaction's destination waits for compaction to isolate less", Safeguards.IgnoreIsolationLimit,
            "migrate-metadata", CompactCluster, WorldOfCluster),
        new("R14", "a guest of tag storage moves to a page that is asked to be tagged", Safeguards.StripTagged, "cma-no-tagged", Touch,
            WorldOfGuest),
        new("R17", "compaction reserves storage for a destination under the zone lock", Safeguards.ReserveOutsideZoneLock, "cma-no-tagged",
            CompactAndTouch, WorldOfCompaction),
        new("R33", "compaction moves a tagged page into tag storage, and the next access out of it", Safeguards.None, "cma-no-tagged",
            CompactAndTouch, WorldOfCompaction),
        new("X7", "a reservation fails, and erases a block by what takes the lock it has", Safeguards.EraseUnderLock, "cma-no-tagged",
            TouchAndUnpin, WorldOfHalfPinned),
        new("X8", "an interrupt frees a page with saved tags while its CPU has their lock", Safeguards.InterruptSafeLocks, "cma-no-tagged",
            SaveAndInterrupt, WorldOfSavedFree),
    ];

    /// <summary>A device is done with a page that its process has unmapped meanwhile: the last reference goes in the interrupt.</summary>
    private static Scenario<RaceWorld> Completing(this Scenario<RaceWorld> scenario) => scenario.Interrupt("irq", 0, async world =>
    {
        await world.Kernel.Memory.Runtime.Point(StepKind.MoveBlock, world.Pin.Frame);
        world.Reader.Unpin(world.Pin);
    });

    public static void ReserveAndInterrupt(Scenario<RaceWorld> scenario) => scenario
        .Actor("user", 0, async world => await User(world.Process, CpuId.Boot).StoreTag(Process.Tagged(world.Address, 5)))
        .Completing();

    public static RaceWorld WorldOfTaggedFree(WorldFactory make)
    {
        RaceWorld world = WorldOfTwo(make, Tagged);
        world.Reader.StoreTag(Process.Tagged(world.Other, 2));
        world.Pin = world.Reader.Pin(world.Other);
        world.Reader.Unmap(world.Other, Page);
        world.ExpectTag(world.Process, world.Address, 5);
        return world;
    }

    private static void SaveAndInterrupt(Scenario<RaceWorld> scenario) => scenario
        .Actor("restore", 0, async world =>
        {
            // What do_swap_page does for each mapping of a page in the swap cache (arch_swap_restore).
            await world.Kernel.Memory.Runtime.Point(StepKind.RestoreTags, world.Frame);
            await world.Kernel.Memory.Tags.Put(world.Frame, world.Frame, [.. Enumerable.Repeat((byte)0x77, Page / 32)]);
        })
        .Completing();

    private static RaceWorld WorldOfSavedFree(WorldFactory make)
    {
        RaceWorld world = WorldOfTwo(make, Plain);
        world.Pin = world.Reader.Pin(world.Other);
        world.Kernel.SavedTags.Put(world.Pin.Frame, new byte[Page / 32]);
        world.Reader.Unmap(world.Other, Page);
        world.ExpectTag(world.Process, world.Address, 7);
        return world;
    }

    private static RaceWorld WorldOfTwo(WorldFactory make, Protection other)
    {
        RaceWorld world = make.World();
        world.Process = world.Start("user");
        world.Reader = world.Start("device");
        world.Frame = world.DataFrame(group: 20);
        world.Address = world.MapFrame(world.Process, world.Frame, Tagged);
        world.Other = world.MapFrame(world.Reader, world.DataFrame(group: 21), other);
        return world;
    }

    private static void TouchAndUnpin(Scenario<RaceWorld> scenario) => scenario
        .Actor("user", 0, async world => await User(world.Process, CpuId.Boot).StoreTag(Process.Tagged(world.Address, 5)))
        .Actor("device", 1, async world =>
        {
            await world.Kernel.Memory.Runtime.Point(StepKind.MoveBlock, world.Pin.Frame);
            world.Reader.Unpin(world.Pin);
        });

    private static RaceWorld WorldOfHalfPinned(WorldFactory make)
    {
        PageGeometry geometry = PageGeometry.Page4K;
        RaceWorld world = make.World(MemoryBoard.Flat(64 << 20, geometry), geometry, huge: true);
        world.Process = world.Machine.Start("user");
        world.Address = world.Process.Map(512 * Page, Plain);
        world.Process.Store(world.Address, 42);
        world.Frame = world.Process.Space.Tables.Get(world.Address / Page).Frame;
        world.Process.Protect(world.Address, 512 * Page, Tagged);
        world.Reader = world.Start("device", cpu: new CpuId(1));
        world.Pin = world.Reader.Pin(world.PlaceGuest(world.Reader, world.StorageOf(world.Frame + 32)));
        world.ExpectTag(world.Process, world.Address, 5);
        world.ExpectWord(world.Process, world.Address, 42);
        return world;
    }

    private static void Touch(Scenario<RaceWorld> scenario) => scenario
        .Actor("user", 0, async world => await User(world.Process, CpuId.Boot).StoreTag(Process.Tagged(world.Address, 5)));

    private static RaceWorld WorldOfGuest(WorldFactory make)
    {
        RaceWorld world = WorldOfTwo(make, Plain);
        world.PlaceGuest(world.Start("guest", cpu: new CpuId(1)), world.StorageOf(world.Frame));
        world.ExpectTag(world.Process, world.Address, 5);
        return world;
    }

    private static void CompactAndTouch(Scenario<RaceWorld> scenario) => scenario
        .Actor("compact", 0, async world =>
        {
            await world.Kernel.Memory.Runtime.Point(StepKind.Isolate, world.Frame);
            MigrationOutcome moved = await world.Kernel.Compactor.MoveToTop(world.Frame, cpu: CpuId.Boot);
            world.Note(0, moved == MigrationOutcome.Done ? 2 : 0);
        })
        .Actor("user", 1, async world => await User(world.Process, new CpuId(1)).StoreTag(Process.Tagged(world.Address + 16, 3)));

    private static RaceWorld WorldOfCompaction(WorldFactory make)
    {
        // Two chunks of the largest order: page tables make one of them unmovable, where compaction does not go.
        PageGeometry geometry = new(Page, 5);
        RaceWorld world = make.WorldOfPage(MemoryBoard.Flat(8 << 20, geometry), geometry);
        bool isScanned = world.Memory.Frames.BlockType(world.StorageOf(world.Frame)) is MigrateType.Movable or MigrateType.Cma;
        RaceWorld.Require(isScanned, "compaction does not look for free pages in tag storage");
        world.Process.Store(world.Address, 42);
        world.Process.StoreTag(Process.Tagged(world.Address, 5));
        world.ExpectTag(world.Process, world.Address, 5);
        world.ExpectTag(world.Process, world.Address + 16, 3);
        world.ExpectWord(world.Process, world.Address, 42);
        world.Expect(() => world.Machine.Counters.MigratedFolios >= world.Notes[0]
            ? null
            : "compaction moved a tagged page into tag storage, and it was accessed there");
        return world;
    }

    /// <summary>Pages that compaction isolates before it moves the first (COMPACT_CLUSTER_MAX is 32; the world is small).</summary>
    private const int Cluster = 4;

    private static void CompactCluster(Scenario<RaceWorld> scenario) => scenario
        .Actor("compact", 0, async world =>
        {
            await world.Kernel.Memory.Runtime.Point(StepKind.Isolate, world.Frame);
            for (int other = 1; other < Cluster; other++)
            {
                world.Kernel.Memory.System.Migration.Users.TryIsolate(world.Frame + other);
            }

            world.Note(0, (int)await world.Memory.Migration.Move(world.Frame, cpu: CpuId.Boot));
            for (int other = 1; other < Cluster; other++)
            {
                world.Kernel.Memory.System.Migration.Users.PutBack(world.Frame + other);
            }
        });

    private static RaceWorld WorldOfCluster(WorldFactory make)
    {
        RaceWorld world = make.WorldOfPage();
        RaceWorld.Require(!world.Memory.Place.HasActiveBlocks, "compaction finds room for tagged pages in active blocks");
        world.Process.StoreTag(Process.Tagged(world.Address, 5));
        for (int other = 1; other < Cluster; other++)
        {
            world.MapFrame(world.Process, world.Frame + other, Plain);
        }

        // Where the page goes, somebody's data are in the storage; no other block has free pages.
        int[] groups = [22, 23, 24, 25];
        world.OccupyAllBut(groups);
        Process guest = world.Start("guest", cpu: new CpuId(1));
        foreach (int group in groups)
        {
            world.PlaceGuest(guest, world.StorageOf(world.DataFrame(group)));
        }

        world.ExpectTag(world.Process, world.Address, 5);
        world.Expect(() => world.Notes[0] == (int)MigrationOutcome.Done ? null : "compaction did not move the page");
        return world;
    }
}
