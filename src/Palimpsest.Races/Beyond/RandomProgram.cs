using Palimpsest.Designs;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Processes;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Races.Worlds;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;
using System.Globalization;
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
    private const int ActsPerThread = 4;

    /// <summary>The program of a scenario; null when its name is none of a random program.</summary>
    public static RandomProgram? Named(string scenario) =>
        scenario.StartsWith(NamePrefix, StringComparison.Ordinal) && ulong.TryParse(scenario.AsSpan(NamePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? new RandomProgram(seed)
            : null;

    /// <summary>The scenario under a design and with the safeguards that are in force.</summary>
    public Scenario Scenario(DesignChoice design, Safeguards safeguards)
    {
        Scenario<RaceWorld> scenario = new(FormattableString.Invariant($"{NamePrefix}{seed}"), machine => World(new WorldFactory(machine, design, safeguards, NeedsTags: false)));
        scenario.Retries((int)StepKind.Wait).Describe(StepWords.Of).Within(2000)
            .Actor("one", 0, world => Play(world, world.Process, 0))
            .Actor("two", 1, world => Play(world, world.Process, 1))
            .Actor("other", 2, world => Play(world, world.Reader, 2))
            .Actor("kernel", 3, Kernel);
        return Race.WithLaws(scenario);
    }

    /// <summary>Plain private pages, pages that are tagged from the start, and pages of shared memory; guests in tag storage.</summary>
    private static RaceWorld World(WorldFactory make)
    {
        RaceWorld world = make.World();
        world.Process = world.Start("user");
        world.Reader = world.Start("other", cpu: 2);
        SharedFile memory = world.Machine.CreateSharedMemory(Pages * Page);
        world.Address = world.Process.Map(memory, Pages * Page, world.Machine.CanTag ? Tagged : Plain, isShared: true);
        world.Other = world.Reader.Map(memory, Pages * Page, Plain, isShared: true);
        ulong own = world.Process.Map(Pages * Page, Plain);
        world.Note(0, (int)(own / Page));
        world.Process.Populate(own, Pages * Page);
        world.Child = world.Start("child", cpu: 3);
        Process guest = world.Start("guest");
        if (!world.Memory.Blocks.KeepsAll && !world.Memory.Place.IsGrouped)
        {
            world.FillStorage(guest);
        }

        return world;
    }

    private async ValueTask Play(RaceWorld world, Process process, int cpu)
    {
        LinuxTask user = process.StartTask(cpu);
        ulong shared = process == world.Process ? world.Address : world.Other;
        bool sharedIsTagged = process == world.Process && world.Machine.CanTag;
        ulong own = (ulong)world.Notes[0] * Page;
        for (int act = 0; act < ActsPerThread; act++)
        {
            ulong draw = Draw(cpu, act);
            ulong page = draw % Pages * Page;
            bool isOwn = process == world.Process && draw / 16 % 2 == 0;
            ulong at = (isOwn ? own : shared) + page + ((ulong)cpu * 32);
            await Act(world, user, process, draw / 64 % 6, at, draw >> 32, !isOwn && sharedIsTagged);
        }
    }

    private static async ValueTask Act(RaceWorld world, LinuxTask user, Process process, ulong what, ulong at, ulong value, bool isTagged)
    {
        switch (what)
        {
            case 0 or 1:
                await user.Store(at, value);
                world.Remember(process, at, value);
                break;
            case 2 or 3 when isTagged:
                await user.StoreTag(Process.Tagged(at, (int)value & 15));
                world.RememberTag(process, at, (int)value & 15);
                break;
            case 4 when world.Machine.CanTag:
                await user.Calls.Protect(at & ~(ulong)(Page - 1), Page, Tagged);
                break;
            case 5:
                await user.Store(at, value);
                world.Remember(process, at, value);
                await world.CheckWord(user, process, at);
                break;
            default:
                await world.CheckWord(user, process, at);
                break;
        }
    }

    /// <summary>Compaction, reclaim, and one fork.</summary>
    private async ValueTask Kernel(RaceWorld world)
    {
        for (int act = 0; act < ActsPerThread; act++)
        {
            await world.Kernel.Runtime.Point(StepKind.Isolate, act);
            ulong draw = Draw(3, act);
            if (draw % 4 == 3 && world.Notes.TryAdd(1, 1))
            {
                await world.Kernel.Fork.Copy(world.Process.Space, world.Child.Space, cpu: 3);
                continue;
            }

            if (draw % 3 == 0)
            {
                await world.Kernel.Reclaim.Run(1 + (int)(draw / 8 % 3), cpu: 0);
                continue;
            }

            ulong page = ((ulong)world.Notes[0] + (draw / 8 % Pages));
            ulong place = draw % 3 == 1 ? page : (world.Address / Page) + (draw / 8 % Pages);
            Pte entry = world.Process.Space.Tables.Get(place);
            if (entry.IsPresent && !entry.Has(Pte.SpecialBit))
            {
                await world.Memory.Migration.Move(world.Kernel.Folios.HeadOf(entry.Value), cpu: 0);
            }
        }
    }

    private ulong Draw(int cpu, int act) => SplitMix.Mix((seed * SplitMix.Gamma) + ((ulong)cpu << 8) + (ulong)act);
}
