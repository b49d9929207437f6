using CsCheck;
using Palimpsest.Lab.Fidelity;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Testing.Recordings;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Fidelity;

/// <summary>Decisions are counted once each, by path, kind and time; and agreement is a share of what the kernel had.</summary>
public sealed class TallyTests
{
    [Theory]
    [InlineData(0, 0, 0, 1.0)]
    [InlineData(3, 4, 1, 0.75)]
    [InlineData(4, 4, 0, 1.0)]
    [InlineData(0, 4, 4, 0.0)]
    public void AShareIsOfDecisionsAndOneWhereThereIsNone(long predicted, long total, long missed, double share)
    {
        Tally tally = new(predicted, total);

        Assert.Equal((missed, share), (tally.Missed, tally.Share));
    }

    [Fact]
    public void EveryDecisionIsCountedOnceInEachAccount() =>
        Law.Holds(Gen.Select(Gen.Int[0, 3], Gen.Int[0, 10], Gen.Int[0, 5], Gen.Long[0, 100_000_000_000], Gen.Bool).Array[0, 200], 100,
            drawn =>
        {
            GuidedTallies tallies = new();
            foreach ((int number, (int path, int order, int type, long time, bool isPredicted)) in drawn.Index())
            {
                tallies.Count(new DecisionKind((DecisionPath)path, order, (MigrateType)type), time, isPredicted, allocations: number);
            }

            Tally[] paths = [tallies.Refill.Sum, tallies.PerCpu.Sum, tallies.Buddy.Sum, tallies.Drain.Sum];
            Tally all = new(drawn.Count(one => one.Item5), drawn.Length);
            Assert.All(paths.Index(), path => Assert.Equal(
                new Tally(drawn.Count(one => one.Item1 == path.Index && one.Item5), drawn.Count(one => one.Item1 == path.Index)),
                    path.Item));
            Assert.Equal(all, Sum(tallies.Kinds.ByKind.Select(kind => kind.Value.Sum)));
            Assert.Equal(all, Sum(tallies.Kinds.ByTime.Select(bucket => bucket.Sum)));
            int first = Array.FindIndex(drawn, one => !one.Item5);
            Assert.Equal(first < 0 ? null : first, tallies.AllocationsBeforeDivergence);
        });

    [Fact]
    public void KindsStandInTheOrderOfPathOrderAndType()
    {
        KindTallies kinds = new();
        foreach ((DecisionPath path, int order, MigrateType type) in new[]
        {
            (DecisionPath.Drain, 0, MigrateType.Movable), (DecisionPath.Refill, 3, MigrateType.Unmovable),
            (DecisionPath.Refill, 0, MigrateType.Movable), (DecisionPath.Refill, 0, MigrateType.Unmovable),
        })
        {
            kinds.Count(new DecisionKind(path, order, type), 0, isPredicted: true);
        }

        Assert.Equal(["Refill 0 Unmovable", "Refill 0 Movable", "Refill 3 Unmovable", "Drain 0 Movable"],
            kinds.ByKind.Select(kind => $"{kind.Key.Path} {kind.Key.Order} {kind.Key.Type}"));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(9_999_999_999, 1)]
    [InlineData(10_000_000_000, 2)]
    [InlineData(35_000_000_000, 4)]
    [InlineData(long.MaxValue, 100_001)]
    public void ABucketIsTenSecondsAndTheirNumberHasABound(long time, int buckets)
    {
        KindTallies kinds = new();
        kinds.Count(default, time, isPredicted: false);

        Assert.Equal(buckets, kinds.ByTime.Count);
        Assert.Equal((0, 1), (kinds.ByTime[^1].Predicted, kinds.ByTime[^1].Total));
    }

    [Theory]
    [InlineData("all", "0 1 2 3")]
    [InlineData("cpu", "1")]
    [InlineData("event", "0 1 3")]
    [InlineData("window", "1 2")]
    [InlineData("process", "0 1 2 3")]
    [InlineData("nobody", "")]
    public void EventsOfAFilterAreTallied(string which, string meant)
    {
        Trace trace = Recording.Of("alloc 40010", "alloc 40011 cpu1", "free 40010");
        TalliedEvents tallied = new(
            which switch
            {
                "cpu" => new TraceFilter { Cpus = [1] },
                "event" => new TraceFilter { Events = ["mm_page_alloc"] },
                "window" => new TraceFilter { FromNs = 1_000_000, ToNs = 2_000_000 },
                "process" => new TraceFilter { Processes = ["in?t"] },
                "nobody" => new TraceFilter { Processes = ["nobody"] },
                _ => new TraceFilter(),
            },
            trace);

        Assert.Equal(meant, string.Join(' ', Enumerable.Range(0, (int)trace.Events.Count).Where(
            index => tallied.Has(trace.Events[index]))));
    }

    [Theory]
    [InlineData(110, 100, 0.1)]
    [InlineData(90, 100, -0.1)]
    [InlineData(5, 0, null)]
    public void AFigureDiffersByAShareOfTheKernels(double model, double kernel, double? difference) =>
        Assert.Equal(difference, new Figure("name", model, kernel).Difference is { } share ? Math.Round(share, 9) : null);

    [Fact]
    public void TheListsThatDifferMostAreThoseOfTheMostPages()
    {
        FreeChunkCounts model = new();
        FreeChunkCounts kernel = new();
        model.Chunks[(int)MigrateType.Movable][0] = 30;
        kernel.Chunks[(int)MigrateType.Unmovable][4] = 2;
        kernel.Chunks[(int)MigrateType.Movable][0] = 1;
        Agreement agreement = new() { Figures = [new Figure("drains", 1, 2)], ModelChunks = model, KernelChunks = kernel };

        Assert.Equal((MigrateType.Unmovable, 4, -32L), agreement.MostDifferent);
        Assert.Equal((29 + 32) / 33.0, agreement.FreeDifference!.Value, 9);
        Assert.Equal(2, agreement.FigureOf("drains")!.Kernel);
        Assert.Null(agreement.FigureOf("refills"));
    }

    [Fact]
    public void WithoutTheKernelsListsNothingDiffers()
    {
        Agreement agreement = new() { Figures = [], ModelChunks = new FreeChunkCounts(), KernelChunks = null };

        Assert.Null(agreement.FreeDifference);
        Assert.Null(agreement.MostDifferent);
    }

    [Theory]
    [InlineData(DecisionPath.Refill, "refill")]
    [InlineData(DecisionPath.PerCpu, "per-CPU list")]
    [InlineData(DecisionPath.Buddy, "buddy request")]
    [InlineData(DecisionPath.Drain, "drain")]
    public void PathsHaveNames(DecisionPath path, string name) => Assert.Equal(name, MissExplanation.PathName(path));

    private static Tally Sum(IEnumerable<Tally> tallies) =>
        tallies.Aggregate(new Tally(0, 0), (all, one) => new Tally(all.Predicted + one.Predicted, all.Total + one.Total));
}
