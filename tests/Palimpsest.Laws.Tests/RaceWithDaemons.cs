using Palimpsest.Designs;
using Palimpsest.Exploration;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Exploration.Strategies;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Memory;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Laws.Tests;

/// <summary>
/// What the kernel does of its own accord meets what a task does, in every order of their steps, written with what is public
/// (<see cref="ReadmeRace"/> looks that nothing else is open to this project).
/// </summary>
public sealed class RaceWithDaemons
{
    private const Protection Plain = Protection.Read | Protection.Write;

    public static TheoryData<string, Func<World, ValueTask>> All() => new()
    {
        { "kswapd", async at => await at.Machine.Daemons.Reclaim(pages: 4) },
        { "kcompactd", async at => await at.Machine.Daemons.Compact(order: 3) },
        { "move_pages", async at => await at.Machine.Daemons.Migrate(at.User, Process.Tagged(at.Heap, 5)) },
        { "khugepaged", async at => await at.Machine.Daemons.Collapse(at.User, at.Heap) },
    };

    [Theory]
    [MemberData(nameof(All))]
    public void ATaskKeepsItsBytesAndItsTag(string daemon, Func<World, ValueTask> work)
    {
        Scenario<World> race = new Scenario<World>(daemon, steps => new World(steps))
            .Actor(daemon, 0, work)
            .Actor("user", 1, async at =>
            {
                LinuxTask user = at.User.StartTask(new CpuId(1));
                await user.Store(at.Heap, 77);
                await user.StoreTag(Process.Tagged(at.Heap, 9));
                await user.Calls.Write(at.File, offset: 8, new byte[] { 1, 2, 3 });
            })
            .AtEnd("audit", at => at.Machine.Audit() is [var first, ..] ? first.ToString() : null)
            .AtEnd("bytes", at => at.Seen() is (77, 9, 2) ? null : $"{at.Seen()}");

        SearchResult found = new Explorer(race)
            .Search(new DepthFirst(preemptionBound: 2), new SearchLimits(Schedules: 400), TestContext.Current.CancellationToken);

        Assert.True(found.Held, found.ToString());
        Assert.InRange(found.Schedules, 3, int.MaxValue);
    }

    [Fact]
    public void ADaemonIsParkedWhereSomebodyControls()
    {
        int evicted = 0;
        Scenario<World> race = new Scenario<World>("parked", steps => new World(steps))
            .Actor("kswapd", 0, async at => await at.Machine.Daemons.Reclaim(pages: 64))
            .Actor("user", 1, async at => await at.User.StartTask(new CpuId(1)).Load(at.Heap))
            .AtEnd("count", at =>
            {
                evicted += at.User.SwappedPages;
                return null;
            });
        SearchResult found = new Explorer(race)
            .Search(new DepthFirst(preemptionBound: 1), new SearchLimits(Schedules: 400), TestContext.Current.CancellationToken);

        Assert.True(found.Held, found.ToString());
        Assert.InRange(evicted, 1, int.MaxValue);
    }

    /// <summary>A process with a tagged page, and a file, on a machine that can swap.</summary>
    public sealed class World
    {
        internal World(Interleaving steps)
        {
            PageGeometry geometry = new(4096, 5);
            LinuxMachineOptions options = new() { Cpus = 2, Geometry = geometry, SwapPages = 64, Interleaving = steps };
            Machine = new LinuxMachine(MemoryBoard.Flat(8 << 20, geometry), DesignCatalog.Parse("cma-no-tagged").Create(), options);
            User = Machine.Start("user");
            File = Machine.OpenFile(4096);
            Heap = User.Map(4096, Plain | Protection.Mte);
            User.StoreTag(Process.Tagged(Heap, 5));
            User.Store(Heap, 42);
        }

        internal LinuxMachine Machine { get; }

        internal Process User { get; }

        internal SharedFile File { get; }

        internal ulong Heap { get; }

        internal (ulong Word, int Tag, int Byte) Seen()
        {
            byte[] bytes = new byte[3];
            User.Read(File, offset: 8, bytes);
            return (User.Load(Heap), User.LoadTag(Heap), bytes[1]);
        }
    }
}
