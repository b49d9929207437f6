using System.Text.Json;
using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Lab.ClosedLoops;
using Palimpsest.Lab.Tests.Trials;
using Palimpsest.Lab.Trials;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.ClosedLoops;

/// <summary>Every loop under every design: the same twice, within its bounds, and no law broken.</summary>
public sealed class LoopLaws
{
    public static TheoryData<string> Loops => [.. LoopCatalog.All.Select(loop => loop.Name)];

    public static TheoryData<string, string> LoopsAndDesigns => [.. LoopCatalog.All.SelectMany(loop =>
        DesignCatalog.All.Select(design => (loop.Name, design.Name)))];

    [Theory]
    [MemberData(nameof(LoopsAndDesigns))]
    public void FiguresAreBounded(string loop, string name)
    {
        LoopDesignResult design = Run(loop, steps: 30, name).Designs[0];

        Assert.Empty(design.Violations);
        Assert.InRange(design.Storage.GivenBackMin, 0, design.Storage.GivenBackMean);
        Assert.InRange(design.Storage.GivenBackMean, 0, design.Storage.StorageFrames);
        Assert.InRange(design.Storage.ReservedMax, design.Storage.ReservedMean, design.Storage.StorageFrames);
        Assert.InRange(design.Storage.LentMax, design.Storage.LentMean, design.Storage.StorageFrames);
        Assert.True(design.Events.HugeFaults <= design.Events.MinorFaults && design.Events.SwapIns <= design.Events.Refaults,
            $"{design.Events}");
        Assert.True(design.Events.MinorFaults > 0);
        // The zero page is tagged from boot on, but for the design that tags nothing before a program does.
        Assert.True(name == "first-use" || design.Storage.TaggedMean > 0 == (name != "no-mte"), $"{design.Storage.TaggedMean} pages");
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void TwoRunsAreTheSameBytes(string loop) =>
        Assert.Equal(Json(Run(loop, steps: 40, "cma-no-tagged", "tag-blocks")), Json(Run(loop, steps: 40, "cma-no-tagged", "tag-blocks")));

    [Theory]
    [MemberData(nameof(Loops))]
    public void WhoRunsBesideADesignDoesNotMatter(string loop)
    {
        LoopDesignResult alone = Run(loop, steps: 30, "zone-metadata").Designs[0];
        LoopDesignResult beside = Run(loop, steps: 30, "tag-blocks", "zone-metadata", "no-mte").Designs[1];

        Assert.Equal((alone.Storage, alone.Counts, alone.Events, alone.Restarts),
            (beside.Storage, beside.Counts, beside.Events, beside.Restarts));
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void AnotherSeedIsAnotherRun(string loop)
    {
        LoopTrial trial = Trial(loop, steps: 30, "static");

        Assert.NotEqual(trial.Finish().Designs[0].Events, (trial with { Seed = 2 }).Finish().Designs[0].Events);
    }

    [Fact]
    public void PinsOfTheCameraHoldStorageThatADesignWants()
    {
        DesignCounts counts = Run("camera", steps: 150, "cma-no-tagged").Designs[0].Counts;

        Assert.True(counts.FailedReservations > 0, $"{counts}");
        Assert.True(counts.PinnedMigrationFailures > 0, $"{counts}");
    }

    [Fact]
    public void AHeapUsesEachPageAndGivesThemBack()
    {
        LinuxMachine machine = Machine("cma-no-tagged");
        Process process = machine.Start("user");
        Heap heap = new(process, pages: 8, pageBytes: 4096, isTagged: true);
        for (int page = 0; page < heap.Pages; page++)
        {
            heap.Use(page, 0xA000_0000_0000_0000 + (ulong)page);
            heap.Look(page);
        }

        int tagged = machine.Memory.TaggedFrames;
        heap.Discard();
        Assert.Equal(8, tagged - machine.Memory.TaggedFrames);
        heap.Use(3, 7);
        Assert.Equal(1, machine.Memory.TaggedFrames - (tagged - 8));
        heap.Unmap();
        Assert.Equal(tagged - 8, machine.Memory.TaggedFrames);
        Assert.Throws<SignalException>(() => heap.Look(3));
        Assert.Empty(machine.Audit());
    }

    [Fact]
    public void AGranuleHasTheTagOfWhatIsStoredInIt()
    {
        LinuxMachine machine = Machine("cma-no-tagged");
        // Where the first mapping of a process lies.
        ulong start = machine.Start("probe").Map(4096, Protection.Read);
        Process process = machine.Start("user");
        Heap heap = new(process, pages: 2, pageBytes: 4096, isTagged: true);
        heap.Use(1, 0xB000_0000_0000_0003);

        Assert.Equal(0xB, process.LoadTag(start + 4096 + (3 * 16)));
        Assert.Equal(0xB000_0000_0000_0003, process.Load(start + 4096 + (3 * 16)));
        Assert.Equal(0, process.LoadTag(start + 4096 + (4 * 16)));
    }

    [Fact]
    public void AHeapWithoutTagsTagsNothing()
    {
        LinuxMachine machine = Machine("cma-no-tagged");
        int before = machine.Memory.TaggedFrames;
        Heap heap = new(machine.Start("user"), pages: 8, pageBytes: 4096, isTagged: false);
        heap.Use(0, ulong.MaxValue);

        Assert.Equal(before, machine.Memory.TaggedFrames);
    }

    [Fact]
    public void EveryLoopHasAWordForItselfAndStepsOfItsOwn() => Assert.All(LoopCatalog.All, loop =>
    {
        Assert.InRange(loop.Essence.Length, 20, 90);
        Assert.InRange(loop.DefaultSteps, 1_000, 100_000);
    });

    private static LinuxMachine Machine(string design) =>
        new(MemoryBoard.Flat(16 << 20, PageGeometry.Page4K), DesignCatalog.Parse(design).Create(), new LinuxMachineOptions());

    private static LoopTrial Trial(string loop, int steps, params string[] designs) => new(loop)
    {
        Board = new() { RamBytes = 16 << 20 }, Steps = steps, TaggedFrom = 0.5, TaggedTo = 0.5, Cpus = 2, Designs = designs,
    };

    private static LoopResult Run(string loop, int steps, params string[] designs) => Trial(loop, steps, designs).Finish();

    private static string Json(LoopResult result) => JsonSerializer.Serialize(result, TrialJson.Default.LoopResult);
}
