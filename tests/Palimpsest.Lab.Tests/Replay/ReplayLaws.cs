using System.Text.Json;
using CsCheck;
using Palimpsest.Designs;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Replay;
using Palimpsest.Lab.Trials;
using Palimpsest.Lab.Workloads;
using Palimpsest.Testing.Recordings;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Replay;

/// <summary>Whatever was recorded, under whatever design: every page that lives has a frame of its own, and what is freed is
/// free.</summary>
public sealed class ReplayLaws
{
    private static readonly Gen<string[]> Lines = Gen.Select(Gen.Int[0, 8], Gen.Int[0, 63], Gen.Int[0, 3]).Select((kind, page, order) =>
    {
        string pfn = $"{0x40100 + ((page >> order) << order):x}";
        return kind switch
        {
            0 or 1 => $"alloc {pfn} order={order}",
            2 or 3 => $"alloc {pfn} order={order} tagged",
            4 => $"alloc {pfn} order={order} kernel cpu1",
            5 or 6 => $"free {pfn} order={order}",
            7 => $"free {pfn} order=0 cpu1",
            _ => $"moved {pfn} tagged",
        };
    }).Array[1, 60];

    public static TheoryData<string> Designs() => [.. DesignCatalog.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Designs))]
    public void EveryPageThatLivesHasAFrameOfItsOwn(string design) => Law.Holds(Lines, 25, lines =>
    {
        Workload workload = Recording.Workload(lines);
        WorkloadReplay replay = Run(design, workload);
        Dictionary<int, bool> live = Live(workload);
        int[] frames = [.. live.Keys.Select(replay.FrameOf)];

        Assert.DoesNotContain(-1, frames);
        Assert.Equal(frames.Length, frames.Distinct().Count());
        Assert.All(frames,
            frame => Assert.Equal(FrameState.Allocated, replay.System.Frames[replay.System.FolioOf(new Frame(frame))].State));
        Assert.Equal(0, replay.FreesOfNothing);
        Assert.Empty(replay.System.Audit());
    });

    [Theory]
    [MemberData(nameof(Designs))]
    public void WhatIsTaggedIsWhatWasAskedToBe(string design) => Law.Holds(Lines, 15, lines =>
    {
        // A folio that turns tagged later does so as a whole.
        Workload workload = Recording.Workload([.. lines.Where(line => !line.StartsWith("moved", StringComparison.Ordinal))]);
        WorkloadReplay replay = Run(design, workload);
        int wanted = Live(workload).Count(page => page.Value);

        if (design == "no-mte")
        {
            Assert.Equal(0, replay.System.TaggedFrames);
            Assert.Equal(workload.TaggedAllocations, replay.System.Counters.RefusedTagged);
        }
        else
        {
            Assert.Equal(wanted, replay.System.TaggedFrames);
            Assert.Equal(0, replay.System.Counters.RefusedTagged);
        }
    });

    [Fact]
    public void EveryDesignGetsTheSameDemand() => Law.Holds(Lines, 15, lines =>
    {
        Workload workload = Recording.Workload(lines);
        long[] demands = [.. DesignCatalog.All.Select(design => Run(design.Name, workload).System.Counters)
            .Select(counters => counters.Allocations + counters.FailedAllocations)];
        long asked = workload.Steps.ToArray().Count(step => step.Kind == WorkloadStepKind.Allocate);

        Assert.Equal([asked], demands.Distinct());
    });

    [Theory]
    [MemberData(nameof(Designs))]
    public void WhenAllIsFreedNothingIsInUse(string design) => Law.Holds(Lines, 10, lines =>
    {
        WorkloadReplay before = Run(design, Recording.Workload("free 43000"));
        Workload workload = Recording.Workload(lines);
        string[] rest = [.. Live(workload).Keys.Order().Where(name => name < 0x3000).Select(name => $"free {name + 0x40000:x} order=0")];
        WorkloadReplay replay = Run(design, Recording.Workload([.. lines, .. rest]));

        Assert.Equal(0, replay.System.TaggedFrames);
        Assert.Equal(InUse(before), InUse(replay));
        Assert.Empty(replay.System.Audit());
    });

    [Theory]
    [MemberData(nameof(Designs))]
    public void FiguresAreBounded(string design) => Law.Holds(Lines, 15, lines =>
    {
        StorageFigures figures = Run(design, Recording.Workload(lines)).Gauge.Figures;

        Assert.Equal(512, figures.StorageFrames);
        Assert.InRange(figures.GivenBackMin, 0, figures.GivenBackMean);
        Assert.InRange(figures.GivenBackMean, figures.GivenBackMin, figures.StorageFrames);
        Assert.InRange(figures.ReservedMean, 0, figures.ReservedMax);
        Assert.InRange(figures.ReservedMax, 0, figures.StorageFrames);
        Assert.InRange(figures.LentMean, 0, figures.LentMax);
        Assert.InRange(figures.BlockFillMean, 0, 32);
        Assert.True(figures.ReservedOverIdeal is 0 or >= 1, $"{figures.ReservedOverIdeal}");
        Assert.True(design is "static" or "first-use" || Math.Abs(figures.GivenBackMean + figures.ReservedMean - 512) < 1e-6, $"{figures}");
    });

    [Theory]
    [MemberData(nameof(Designs))]
    public void TwoReplaysAreTheSameBytes(string design) => Law.Holds(Lines, 4, lines =>
    {
        Workload workload = Recording.Workload(lines);

        Assert.Equal(Bytes(design, workload), Bytes(design, workload));
    });

    [Fact]
    public void ARunInPiecesIsARunInOne() => Law.Holds(Gen.Select(Lines, Gen.Int[1, 9]), 20, drawn =>
    {
        Workload workload = Recording.Workload(drawn.Item1);
        WorkloadReplay pieces = New("cma-no-tagged", workload);
        for (long time = 0; time < workload.DurationNs; time += drawn.Item2 * 1_000_000L)
        {
            pieces.RunUntil(time);
        }

        pieces.Run(timeLine: null, progress: null, CancellationToken.None);
        WorkloadReplay whole = Run("cma-no-tagged", workload);

        Assert.Equal(whole.Gauge.Figures, pieces.Gauge.Figures);
        Assert.All(Live(workload).Keys, name => Assert.Equal(whole.FrameOf(name), pieces.FrameOf(name)));
    });

    [Fact]
    public void AStepKeepsWhatItWasMadeOf() => Law.Holds(
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 3], Gen.Long, Gen.Int, Gen.UInt, Gen.Int[0, 10], Gen.Int[0, 65_535]), 1_000, drawn =>
        {
            (int kind, int flags, long time, int name, uint argument, int order, int cpu) = drawn;
            WorkloadStep step = new((WorkloadStepKind)kind, (WorkloadStepFlags)flags, time, name, argument, order, new CpuId(cpu));

            Assert.Equal(drawn, ((int)step.Kind, (int)step.Flags, step.TimeNs, step.Name, step.Argument, step.Order, step.Cpu));
            Assert.Equal(((GfpFlags)argument, (int)argument, (int)argument), (step.Gfp, step.Count, step.NewName));
        });

    /// <summary>Names of pages in use at the end, and whether they are to be tagged.</summary>
    private static Dictionary<int, bool> Live(Workload workload)
    {
        Dictionary<int, bool> live = workload.Initial.ToDictionary(page => page.Name, _ => false);
        foreach (WorkloadStep step in workload.Steps.Span)
        {
            for (int name = step.Name; name < step.Name + (1 << step.Order); name++)
            {
                switch (step.Kind)
                {
                    case WorkloadStepKind.Allocate:
                        live[name] = (step.Flags & WorkloadStepFlags.Tagged) != 0;
                        break;
                    case WorkloadStepKind.Tag:
                        live[name] = true;
                        break;
                    default:
                        live.Remove(name);
                        break;
                }
            }
        }

        return live;
    }

    private static int InUse(WorkloadReplay replay) =>
        Enumerable.Range(0, replay.System.Frames.Count).Where(frame => replay.System.Frames[new Frame(frame)].State == FrameState.Allocated)
            .Sum(frame => 1 << replay.System.Frames[new Frame(frame)].Order);

    private static string Bytes(string design, Workload workload)
    {
        WorkloadReplay replay = New(design, workload);
        TimeLine line = new(replay.System, workload.DurationNs, points: 50);
        replay.Run(line, progress: null, CancellationToken.None);
        return JsonSerializer.Serialize(
            new ComparisonResult
            {
                Recording = null!, Workload = WorkloadFacts.Of(workload), Board = null!, Costs = CostTable.Default, PinnedShare = 0,
                Assumptions = [], Designs = [DesignResult.Of(DesignCatalog.Parse(design), replay, line, CostTable.Default)],
            },
            TrialJson.Default.ComparisonResult);
    }

    private static WorkloadReplay Run(string design, Workload workload)
    {
        WorkloadReplay replay = New(design, workload);
        replay.Run(timeLine: null, progress: null, CancellationToken.None);
        return replay;
    }

    private static WorkloadReplay New(string design, Workload workload) =>
        new(workload, Recording.Layout, DesignCatalog.Parse(design).Create(), new MachineOptions(2), CostTable.Default);
}
