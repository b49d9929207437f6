using Palimpsest.Exploration.Scenarios;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Mte;
using Palimpsest.Races.Worlds;
using Palimpsest.Vocabulary;
using static Palimpsest.Races.Worlds.RaceWorld;

namespace Palimpsest.Races.Lists;

/// <summary>
/// Checked accesses: a tag check must not fault for what is right, nor pass what is wrong. Ours, not of the discussion's list.
/// </summary>
internal static class TagCheckRaces
{
    private const int Right = 7;
    private const int Stale = 5;

    public static IEnumerable<Race> All { get; } =
    [
        new("T1", "a checked load comes between the flag and the tags that are restored", Safeguards.RestoreBeforeFlag, "cma-no-tagged",
            LoadTwice, WorldOfSavedTags),
        new("T2", "a reader of an area that becomes tagged meets the data of a guest", Safeguards.FaultOnAccess, "cma-no-tagged",
            ProtectAndRead, WorldOfGuest),
        new("T3", "a tag fault that is told later is told to another task", Safeguards.ReadFaultsOnEntry, "cma-no-tagged",
            MismatchAndSwitch, WorldOfTwoOnOneCpu),
        new("T4", "tags come from swap while storage is reserved, and the pointer that fits faults", Safeguards.RecheckBeforeSave,
            "cma-no-tagged", TouchAndRestore, WorldOfSwappedTags),
        new("T5", "a granule is freed while its page moves, and its stale pointer still fits", Safeguards.SaveTagsByPfn, "cma-no-tagged",
            FreeAndMove, WorldOfMigration),
    ];

    private static void LoadTwice(Scenario<RaceWorld> scenario) => scenario
        .Actor("one", 0, async world => await Checked(world.Process, CpuId.Boot).Load(Process.Tagged(world.Address, Right)))
        .Actor("two", 1, async world => await Checked(world.Process, new CpuId(1)).Load(Process.Tagged(world.Address + 32, Right)));

    private static RaceWorld WorldOfSavedTags(WorldFactory make)
    {
        RaceWorld world = make.WorldOfPage();
        world.Kernel.SavedTags.Put(world.Frame, Packed(Right));
        return world;
    }

    private static void ProtectAndRead(Scenario<RaceWorld> scenario) => scenario
        .Actor("guest", 1, async world => await User(world.Reader, new CpuId(1)).Write(world.Other, GuestBytes(Page)))
        .Actor("user", 0, async world =>
        {
            LinuxTask user = Checked(world.Process, CpuId.Boot);
            await user.Calls.Protect(world.Address, Page, Tagged);
            for (ulong offset = 0; offset < 64; offset += 16)
            {
                await user.Load(world.Address + offset);
            }
        });

    private static RaceWorld WorldOfGuest(WorldFactory make)
    {
        RaceWorld world = make.World();
        world.Process = world.Start("user");
        world.Reader = world.Start("guest", cpu: new CpuId(1));
        world.Frame = world.DataFrame(group: 20);
        world.Address = world.MapFrame(world.Process, world.Frame, Plain);
        world.Other = world.PlaceGuest(world.Reader, world.StorageOf(world.Frame));
        return world;
    }

    private static void MismatchAndSwitch(Scenario<RaceWorld> scenario) => scenario
        .Actor("wrong", 0, async world =>
        {
            LinuxTask wrong = Checked(world.Process, CpuId.Boot, TagFaultMode.Asynchronous);
            await wrong.Store(Process.Tagged(world.Address, Stale), 1);
            await wrong.Load(world.Address);
            await MustFault(world, SignalCode.TagAsynchronous, async () => await wrong.Calls.Protect(world.Address, Page, Plain));
        })
        .Actor("right", 0, async world =>
        {
            LinuxTask right = Checked(world.Reader, CpuId.Boot, TagFaultMode.Asynchronous);
            await right.Store(world.Other, 2);
            await right.Calls.Protect(world.Other, Page, Plain);
        });

    private static RaceWorld WorldOfTwoOnOneCpu(WorldFactory make)
    {
        RaceWorld world = make.World();
        world.Process = world.Start("wrong");
        world.Reader = world.Start("right");
        world.Address = world.Process.Map(Page, Tagged);
        world.Other = world.Reader.Map(Page, Plain);
        world.Process.Store(world.Address, 0);
        world.Reader.Store(world.Other, 0);
        return world;
    }

    private static void TouchAndRestore(Scenario<RaceWorld> scenario) => scenario
        .Actor("toucher", 0, async world => await User(world.Process, CpuId.Boot).Load(world.Address + 16))
        .Actor("user", 1, async world =>
        {
            // What do_swap_page does before it maps the page (arch_swap_restore).
            await world.Kernel.Memory.Runtime.Point(StepKind.RestoreTags, world.Frame);
            await world.Kernel.Memory.Tags.Put(world.Frame, world.Frame, Packed(Right));
            await Checked(world.Process, new CpuId(1)).Load(Process.Tagged(world.Address, Right));
        });

    private static RaceWorld WorldOfSwappedTags(WorldFactory make)
    {
        make.RequireInPlace();
        RaceWorld world = make.WorldOfPage();
        world.ExpectTag(world.Process, world.Address, Right);
        return world;
    }

    private static void FreeAndMove(Scenario<RaceWorld> scenario) => scenario
        .Actor("move", 1, async world =>
        {
            await world.Kernel.Memory.Runtime.Point(StepKind.Isolate, world.Frame);
            await world.Memory.Migration.Move(world.Frame, cpu: new CpuId(1));
        })
        .Actor("user", 0, async world =>
        {
            LinuxTask user = Checked(world.Process, CpuId.Boot);
            await user.Calls.Protect(world.Address, Page, Tagged);
            await user.StoreTag(Process.Tagged(world.Address, Stale));
            await user.Load(Process.Tagged(world.Address, Stale));
            await user.StoreTag(Process.Tagged(world.Address, Right));
            await MustFault(world, SignalCode.TagSynchronous, async () => await user.Load(Process.Tagged(world.Address, Stale)));
            await user.Load(Process.Tagged(world.Address, Right));
        });

    private static RaceWorld WorldOfMigration(WorldFactory make)
    {
        RaceWorld world = make.World();
        world.Process = world.Start("user");
        world.Frame = world.DataFrame(group: 20);
        world.Address = world.MapFrame(world.Process, world.Frame, Plain);
        world.Process.Store(world.Address, 42);
        world.FillStorage(world.Start("guest", cpu: new CpuId(2)), except: world.StorageOf(world.Frame));
        world.ExpectWord(world.Process, world.Address, 42);
        return world;
    }

    /// <summary>Tags of a page as they are saved, all the same.</summary>
    private static byte[] Packed(int tag) => [.. Enumerable.Repeat((byte)(tag * 0x11), Page / 32)];

    private static LinuxTask Checked(Process process, CpuId cpu, TagFaultMode mode = TagFaultMode.Synchronous)
    {
        LinuxTask task = process.StartTask(cpu);
        task.TagChecks = mode;
        return task;
    }

    private static async ValueTask MustFault(RaceWorld world, SignalCode code, Func<ValueTask> access)
    {
        try
        {
            await access();
            world.Expect(() => "an access with a stale tag was performed");
        }
        catch (SignalException told) when (told.Signal.Code == code)
        {
            // As it must.
        }
    }
}
