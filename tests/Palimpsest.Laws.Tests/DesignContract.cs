using System.Reflection;
using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Machine.Memory;
using Palimpsest.Steps;
using Palimpsest.Testing;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Laws.Tests;

/// <summary>What every design of the catalog owes: the laws, its place among the bounds, determinism, and isolation from others.</summary>
public sealed class DesignContract
{
    private const int Scripts = 5;
    private const int Steps = 160;

    private static readonly string[] Boards =
        ["flat 8 MiB, small blocks", "flat 64 MiB", "two nodes", "two zones", "blocks of 4", "CMA pool", "16K pages",
            "firmware and a hole", "uncovered memory"];

    private static readonly string[] Variants =
    [
        "separate-free-area:use=first", "separate-free-area:use=last,fast-path=off", "separate-free-area:use=balanced,block=8192",
        "migrate-metadata:use=after-own,fast-path=on", "migrate-metadata:use=last,block=16384", "zone-metadata:attempts=1,pages=1",
        "numa-node:fast-path=off", "cma-page-granular:candidates=0", "cma-page-granular:candidates=10000,block=12288",
        "cma-no-tagged:attempts=1,pages=100", "first-use:block=65536", "tag-blocks:fast-path=off",
        "guaranteed-cma:fast-path=off,block=12288", "cells:boot=125,give-back=tagged",
    ];

    public static TheoryData<string> EveryDesign() => [.. DesignCatalog.All.Select(entry => entry.Name)];

    public static TheoryData<string> EveryVariant() => [.. DesignCatalog.All.Select(entry => entry.Name).Concat(Variants)];

    public static TheoryData<string, string> EveryDesignAndBoard() =>
        [.. DesignCatalog.All.SelectMany(entry => Boards.Select(board => (entry.Name, board)))];

    [Theory]
    [MemberData(nameof(EveryDesignAndBoard))]
    public void RandomScriptsKeepTheLaws(string name, string board)
    {
        MemoryLayout layout = TestBoards.Layout(board);
        int scale = layout.Frames > 8192 ? 2 : 1;
        Law.Holds(Operation.Script(Steps / scale), Scripts / scale, script => ScriptRun.Check(() => Run(name, layout), script));
    }

    [Theory]
    [MemberData(nameof(EveryVariant))]
    public void NoParameterBreaksALaw(string text)
    {
        MemoryLayout layout = TestBoards.Layout("flat 8 MiB, small blocks");
        Law.Holds(Operation.Script(Steps), Scripts, script => ScriptRun.Check(() => Run(text, layout), script));
    }

    [Theory]
    [MemberData(nameof(EveryDesign))]
    public void WithNothingTaggedEverythingIsLentButTheHiddenCarveOut(string name)
    {
        foreach (string board in (string[])["flat 8 MiB, small blocks", "flat 34 MiB", "two nodes", "firmware and a hole"])
        {
            MemoryLayout layout = TestBoards.Layout(board);
            MemorySystem system = Create(name, layout);
            while (!Allocate(system, GfpFlags.ReadAhead, isTagged: false).Frame.IsNone)
            {
            }

            int expected = name == "static" ? 0 : layout.Storage.Sum(run => run.Frames);
            Assert.Equal(expected, system.LentFramesInUse);
            Assert.All(system.Zones, zone => Assert.Equal(0, zone.FreeFrames));
            Assert.Empty(system.Audit());
        }
    }

    [Theory]
    [MemberData(nameof(EveryDesign))]
    public void LentMemoryComesBackToBeLentAgain(string name)
    {
        MemorySystem system = Create(name, TestBoards.Layout("flat 8 MiB, small blocks"));
        for (int round = 0; round < 3; round++)
        {
            List<int> frames = [];
            for (Frame frame = Allocate(system, GfpFlags.ReadAhead, isTagged: false).Frame; !frame.IsNone; frame = Allocate(system,
                GfpFlags.ReadAhead, isTagged: false).Frame)
            {
                frames.Add(frame.Index);
            }

            Assert.Equal(name == "static" ? 2048 : 2112, frames.Count);
            frames.ForEach(frame => system.Free(new Frame(frame), CpuId.Boot));
        }
    }

    [Theory]
    [MemberData(nameof(EveryDesign))]
    public void TaggedPagesNeverLieInTagStorage(string name)
    {
        MemorySystem system = Create(name, TestBoards.Layout("CMA pool"));
        int tagged = 0;
        for (AllocationResult result = Allocate(system, GfpFlags.HighUserMovable,
            isTagged: true); !result.Frame.IsNone; result = Allocate(system, GfpFlags.HighUserMovable, isTagged: true))
        {
            if (result.Outcome == AllocationOutcome.Done)
            {
                Assert.False(system.Frames[result.Frame].Has(FrameFlags.TagStorage));
                Assert.True(system.Frames[result.Frame].Has(FrameFlags.Tagged));
                tagged++;
            }
        }

        Assert.Equal(tagged, system.TaggedFrames);
        Assert.Equal(name == "no-mte", tagged == 0);
        Assert.Empty(system.Audit());
    }

    [Theory]
    [MemberData(nameof(EveryDesign))]
    public void UnmovableDataNeverLiesInLentTagStorage(string name)
    {
        MemorySystem system = Create(name, TestBoards.Layout("flat 8 MiB, small blocks"));
        bool lendsToAll = system.Place.MayHold(isMovable: false) && !system.Blocks.KeepsAll;
        int inStorage = 0;
        for (Frame frame = Allocate(system, GfpFlags.KernelDefault, isTagged: false).Frame; !frame.IsNone; frame = Allocate(system,
            GfpFlags.KernelDefault, isTagged: false).Frame)
        {
            inStorage += system.Frames[frame].Has(FrameFlags.TagStorage) ? 1 : 0;
        }

        Assert.Equal(lendsToAll, inStorage > 0);
        Assert.Empty(system.Audit());
    }

    [Theory]
    [MemberData(nameof(EveryDesign))]
    public void AfterTheLastTaggedPageIsFreedStorageIsLentAgain(string name)
    {
        MemorySystem system = Create(name, TestBoards.Layout("flat 8 MiB, small blocks"));
        List<int> frames = [.. Enumerable.Range(0, 300)
            .Select(_ => Allocate(system, GfpFlags.HighUserMovable, isTagged: true).Frame.Index)];
        frames.ForEach(frame => system.Free(new Frame(frame), CpuId.Boot));
        int given = 0;
        while (!Allocate(system, GfpFlags.ReadAhead, isTagged: false).Frame.IsNone)
        {
            given++;
        }

        // The carve-out is never lent; whoever took everything at the first tagged page keeps it; so do cells with a free page.
        int kept = name == "cells" ? system.Blocks.ReservedFrames + system.Zones.Sum(zone => zone.ReadyFrames) : 0;
        Assert.Equal(name is "static" or "first-use" ? 2048 : 2112 - kept, given);
        Assert.InRange(kept, 0, 20);
        Assert.Empty(system.Audit());
    }

    [Theory]
    [MemberData(nameof(EveryDesign))]
    public void TheSameInputGivesTheSameCounts(string name)
    {
        MemoryLayout layout = TestBoards.Layout("two banks");
        Law.Holds(Operation.Script(Steps), 2,
            script => Assert.Equal(Counts(Played(name, layout, script)), Counts(Played(name, layout, script))));
    }

    [Theory]
    [MemberData(nameof(EveryDesign))]
    public void ANeighbourWithAnotherDesignChangesNothing(string name)
    {
        MemoryLayout layout = TestBoards.Layout("blocks of 2");
        Law.Holds(Operation.Script(Steps), 1, script =>
        {
            string alone = Counts(Played(name, layout, script));
            ScriptRun run = Run(name, layout);
            List<ScriptRun> neighbours = [.. DesignCatalog.All.Select(entry => Run(entry.Name, layout))];
            foreach (Operation operation in script)
            {
                neighbours.ForEach(neighbour => neighbour.Step(operation));
                run.Step(operation);
            }

            Assert.Equal(alone, Counts(run.System));
        });
    }

    [Theory]
    [MemberData(nameof(EveryDesign))]
    public void EachCreationIsAFreshDesign(string name)
    {
        DesignChoice choice = DesignCatalog.Parse(name);

        Assert.NotSame(choice.Create(), choice.Create());
    }

    [Fact]
    public void StaticAndNoMteAreTheBounds()
    {
        MemoryLayout layout = TestBoards.Layout("flat 8 MiB, small blocks");
        MemorySystem nothing = Create("static", layout);
        MemorySystem everything = Create("no-mte", layout);

        Assert.Equal(64, nothing.Blocks.ReservedFrames);
        Assert.Equal(2048, nothing.Zones.Sum(zone => zone.ManagedFrames));
        Assert.Equal(0, everything.Blocks.ReservedFrames);
        Assert.Equal(2112, everything.Zones.Sum(zone => zone.ManagedFrames));
        Assert.Equal(AllocationOutcome.Done, Allocate(nothing, GfpFlags.HighUserMovable, isTagged: true).Outcome);
        Assert.Equal(AllocationOutcome.Untagged, Allocate(everything, GfpFlags.HighUserMovable, isTagged: true).Outcome);
    }

    private static ScriptRun Run(string text, MemoryLayout layout)
    {
        DesignChoice choice = DesignCatalog.Parse(text);
        return new ScriptRun(layout, choice.Create(), mayKeepBlocks: choice.Name is "first-use" or "cells");
    }

    private static MemorySystem Played(string name, MemoryLayout layout, IReadOnlyList<Operation> script)
    {
        ScriptRun run = Run(name, layout);
        foreach (Operation operation in script)
        {
            run.Step(operation);
        }

        return run.System;
    }

    private static MemorySystem Create(string name, MemoryLayout layout) =>
        new(layout, DesignCatalog.Parse(name).Create(), new MachineOptions(Cpus: 2));

    private static AllocationResult Allocate(MemorySystem system, GfpFlags gfp, bool isTagged) =>
        system.Allocate(new AllocationRequest(gfp, Order.Zero, Cpu: CpuId.Boot, isTagged, Owner: 1));

    private static string Counts(MemorySystem system) => string.Join('\n', typeof(KernelCounters)
        .GetFields(BindingFlags.Public | BindingFlags.Instance)
        .Select(field => $"{field.Name} {field.GetValue(system.Counters)}"));
}
