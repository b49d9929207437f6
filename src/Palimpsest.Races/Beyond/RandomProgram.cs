using System.Globalization;
using Palimpsest.Designs;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Memory;
using Palimpsest.Races.Worlds;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;
using static Palimpsest.Races.Worlds.RaceWorld;

namespace Palimpsest.Races.Beyond;

/// <summary>
/// Beyond the list: three threads of two processes and the kernel's own threads do a few things each, drawn from a seed. A
/// thread reads only what it alone writes, so that every interleaving has one right answer.
/// </summary>
internal sealed class RandomProgram(ulong seed)
{
    private const string NamePrefix = "beyond-";

    private const int Pages = 4;
    private const int HugePages = 512;
    private const int Threads = 3;

    /// <summary>Pages that a thread wants swapped out at once.</summary>
    private const int Swapped = 12;

    private const int OwnNote = 0;
    private const int ForkNote = 1;
    private const int AloneNote = 2;
    private const int ActsPerThread = 4;

    private bool IsHuge => seed % 8 == 7;

    /// <summary>The program of a scenario; null when its name is none of a random program.</summary>
    public static RandomProgram? Named(string scenario) =>
        scenario.StartsWith(NamePrefix, StringComparison.Ordinal)
            && ulong.TryParse(scenario.AsSpan(NamePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? new RandomProgram(seed)
            : null;

    /// <summary>The scenario under a design and with the safeguards that are in force.</summary>
    public Scenario Scenario(DesignChoice design, Safeguards safeguards)
    {
        Scenario<RaceWorld> scenario = new(InvariantText.Of($"{NamePrefix}{seed}"),
            machine => World(new WorldFactory(machine, design, safeguards, NeedsTags: false)));
        scenario.Retries((int)StepKind.Wait).Describe(StepWords.Of).Within(IsHuge ? 8000 : 2000)
            .Actor("one", 0, world => UntilKilled(world, world.Process, CpuId.Boot))
            .Actor("two", 1, world => UntilKilled(world, world.Process, new CpuId(1)))
            .Actor("other", 2, world => UntilKilled(world, world.Reader, new CpuId(2)))
            .Actor("kernel", 3, Kernel);
        return Race.WithLaws(scenario, allowsKills: true);
    }

    /// <summary>
    /// Plain private pages, pages of shared memory that one side maps tagged, pages that a thread has for itself, and guests in tag
    /// storage. Each eighth program has huge pages, for which the world is twice as large.
    /// </summary>
    private RaceWorld World(WorldFactory make)
    {
        RaceWorld world = IsHuge
            ? make.World(MemoryBoard.Flat(8 << 20, PageGeometry.Page4K), PageGeometry.Page4K, huge: true)
            : make.World();
        long size = (IsHuge ? HugePages : Pages) * Page;
        world.Process = world.Start("user");
        world.Reader = world.Start("other", cpu: new CpuId(2));
        SharedFile memory = world.Machine.CreateSharedMemory(Pages * Page);
        world.Address = world.Process.Map(memory, Pages * Page, world.Machine.CanTag ? Tagged : Plain, isShared: true);
        world.Other = world.Reader.Map(memory, Pages * Page, Plain, isShared: true);
        ulong own = world.Process.Map(size, Plain);
        world.Note(OwnNote, (int)(own / Page));
        world.Process.Populate(own, Pages * Page);
        for (CpuId cpu = CpuId.Boot; cpu.Index < Threads; cpu++)
        {
            Process process = cpu.Index == 2 ? world.Reader : world.Process;
            ulong alone = process.Map(size, cpu.Index == 1 && world.Machine.CanTag ? Tagged : Plain);
            world.Note(AloneNote + cpu.Index, (int)(alone / Page));
        }

        world.Child = world.Start("child", cpu: new CpuId(3));
        Process guest = world.Start("guest");
        if (!world.Memory.Blocks.KeepsAll && !world.Memory.Place.IsGrouped)
        {
            world.FillStorage(guest);
        }

        return world;
    }

    /// <summary>
    /// A design that hands out no page without storage may have none while others hold pages of it: then somebody is killed, which
    /// is the design's affair and breaks no law.
    /// </summary>
    private async ValueTask UntilKilled(RaceWorld world, Process process, CpuId cpu)
    {
        try
        {
            await Play(world, process, cpu);
        }
        catch (SignalException killed) when (killed.Signal.Code == SignalCode.OutOfMemory && world.Machine.Statistics.OomKills > 0)
        {
            // The others go on.
        }
    }

    private async ValueTask Play(RaceWorld world, Process process, CpuId cpu)
    {
        LinuxTask user = process.StartTask(cpu);
        ulong shared = process == world.Process ? world.Address : world.Other;
        bool sharedIsTagged = process == world.Process && world.Machine.CanTag;
        ulong own = (ulong)world.Notes[OwnNote] * Page;
        ulong alone = (ulong)world.Notes[AloneNote + cpu.Index] * Page;
        for (int act = 0; act < ActsPerThread; act++)
        {
            ulong draw = Draw(cpu, act);
            ulong page = draw % Pages * Page;
            bool isOwn = process == world.Process && draw / 16 % 2 == 0;
            ulong offset = page + ((ulong)cpu.Index * 32);
            if (draw / 64 % 8 < (IsHuge ? 5UL : 6UL))
            {
                await Act(world, user, draw / 1024 % 6, (isOwn ? own : shared) + offset, draw >> 32, !isOwn && sharedIsTagged);
            }
            else
            {
                await ActAlone(world, user, draw / 1024 % 5, alone + offset, draw >> 32);
            }
        }
    }

    /// <summary>In memory that others use too.</summary>
    private static async ValueTask Act(RaceWorld world, LinuxTask user, ulong what, ulong at, ulong value, bool isTagged)
    {
        switch (what)
        {
            case 0 or 1:
                await Store(world, user, at, value);
                break;
            case 2 or 3 when isTagged:
                await user.StoreTag(Process.Tagged(at, (int)value & 15));
                world.RememberTag(user.Process, at, (int)value & 15);
                break;
            case 4 when world.Machine.CanTag:
                await user.Calls.Protect(at & ~(ulong)(Page - 1), Page, Tagged);
                break;
            case 5:
                await Store(world, user, at, value);
                await world.CheckWord(user, user.Process, at);
                break;
            default:
                await world.CheckWord(user, user.Process, at);
                break;
        }
    }

    /// <summary>In memory that this thread has for itself: what ends the life of pages, and what holds them.</summary>
    private static async ValueTask ActAlone(RaceWorld world, LinuxTask user, ulong what, ulong at, ulong value)
    {
        switch (what)
        {
            case 0:
                await Store(world, user, at, value);
                await user.Calls.Discard(at & ~(ulong)(Page - 1), Page);
                world.Remember(user.Process, at, 0);
                await world.CheckWord(user, user.Process, at);
                break;
            case 1:
                await Store(world, user, at, value);
                await Pinned(world, user, at);
                break;
            case 2:
                await Store(world, user, at, value);
                await ForkAndCheck(world, user, at);
                break;
            case 3:
                await Store(world, user, at, value);
                await world.Machine.Daemons.Reclaim(Swapped, user.Cpu);
                await world.CheckWord(user, user.Process, at);
                break;
            default:
                await Store(world, user, at, value);
                await world.CheckWord(user, user.Process, at);
                break;
        }
    }

    private static async ValueTask Store(RaceWorld world, LinuxTask user, ulong at, ulong value)
    {
        await user.Store(at, value);
        world.Remember(user.Process, at, value);
    }

    /// <summary>A page that is held stays where it is, whatever reclaim and migration want.</summary>
    private static async ValueTask Pinned(RaceWorld world, LinuxTask user, ulong at)
    {
        PinnedPage pin;
        try
        {
            pin = await user.Calls.Pins.Pin(at, longTerm: true);
        }
        catch (InputException)
        {
            // No place to pin it in.
            return;
        }

        await world.Kernel.Memory.Runtime.Point(StepKind.Wait, pin.Frame);
        await world.CheckWord(user, user.Process, at);
        PinnedPage again = await user.Calls.Pins.Pin(at, longTerm: true);
        if (again.Frame != pin.Frame)
        {
            world.Expect(() => $"frame {pin.Frame} is pinned, and its page is in frame {again.Frame} now");
        }

        user.Process.Unpin(again);
        user.Process.Unpin(pin);
    }

    /// <summary>A child has what its parent had when it was made, whatever the parent stores later.</summary>
    private static async ValueTask ForkAndCheck(RaceWorld world, LinuxTask user, ulong at)
    {
        ulong had = world.WordAt(at);
        if (await user.Calls.Fork() is { } child)
        {
            world.ExpectWord(child, at, had);
            await user.Store(at, ~had);
            world.Remember(user.Process, at, ~had);
        }
    }

    /// <summary>Compaction, reclaim, and one fork.</summary>
    private async ValueTask Kernel(RaceWorld world)
    {
        for (int act = 0; act < ActsPerThread; act++)
        {
            await world.Kernel.Memory.Runtime.Point(StepKind.Isolate, act);
            ulong draw = Draw(new CpuId(3), act);
            if (draw % 4 == 3 && world.Notes.TryAdd(ForkNote, 1))
            {
                await world.Kernel.Fork.Copy(world.Process.Space, world.Child.Space, cpu: new CpuId(3));
                continue;
            }

            if (draw % 3 == 0)
            {
                await world.Machine.Daemons.Reclaim(1 + (int)(draw / 8 % 3));
                continue;
            }

            ulong page = (ulong)world.Notes[OwnNote] + (draw / 8 % Pages);
            ulong place = draw % 3 == 1 ? page : (world.Address / Page) + (draw / 8 % Pages);
            await world.Machine.Daemons.Migrate(world.Process, place * Page);
        }
    }

    private ulong Draw(CpuId cpu, int act) => SplitMix.Mix((seed * SplitMix.Gamma) + ((ulong)cpu.Index << 8) + (ulong)act);
}
