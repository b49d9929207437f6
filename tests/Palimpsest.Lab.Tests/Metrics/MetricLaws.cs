using System.Reflection;
using CsCheck;
using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Metrics;
using Palimpsest.Testing.Recordings;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Metrics;

/// <summary>Gauges say what a list of all moments would say, and modelled time is a sum of its causes.</summary>
public sealed class MetricLaws
{
    private static readonly Gen<CostTable> Costs = Gen.Double[0, 1e5].Array[8].Select(ns =>
        new CostTable(ns[0], ns[1], ns[2], ns[3], ns[4], ns[5], ns[6], ns[7]));

    private static readonly Gen<KernelCounters> Counters = Gen.Long[0, 1_000_000].Array[60].Select(numbers =>
    {
        KernelCounters counters = new();
        foreach ((int index, FieldInfo field) in typeof(KernelCounters).GetFields().OrderBy(field => field.MetadataToken).Index())
        {
            field.SetValue(counters, numbers[index]);
        }

        return counters;
    });

    // Guests come last under the one, and first under the other.
    [Theory]
    [InlineData("migrate-metadata")]
    [InlineData("zone-metadata")]
    public void MeansAndExtremesAreThoseOfAListOfMoments(string design) =>
        Law.Holds(Gen.Select(Gen.Int[0, 3], Gen.Int[0, 200], Gen.Long[0, 50]).Array[1, 60], 40, drawn =>
        {
            Held held = new();
            MemorySystem system = new(Recording.Layout, DesignCatalog.Parse(design).Create(), new MachineOptions(1), held);
            StorageGauge gauge = new(system);
            List<(long Span, int Reserved, int Tagged, int Lent)> moments = [];
            int least = gauge.GivenBack;
            int most = 0;
            int guests = 0;
            long now = 0;
            gauge.Observe();
            foreach ((int what, int which, long span) in drawn)
            {
                moments.Add((span, system.Blocks.ReservedFrames, system.TaggedFrames, system.LentFramesInUse));
                gauge.Advance(now += span);
                Do(system, held, what, which);
                gauge.Observe();
                least = Math.Min(least, gauge.GivenBack);
                most = Math.Max(most, system.Blocks.ReservedFrames);
                guests = Math.Max(guests, system.LentFramesInUse);
            }

            StorageFigures figures = gauge.Figures;
            Assert.Equal((least, most, guests), (figures.GivenBackMin, figures.ReservedMax, figures.LentMax));
            if (now > 0)
            {
                double reserved = moments.Sum(moment => moment.Span * (double)moment.Reserved);
                double tagged = moments.Sum(moment => moment.Span * (double)moment.Tagged);
                Assert.Equal(reserved / now, figures.ReservedMean, 9);
                Assert.Equal(tagged / now, figures.TaggedMean, 9);
                Assert.Equal(moments.Sum(moment => moment.Span * (double)moment.Lent) / now, figures.LentMean, 9);
                Assert.Equal(512 - (reserved / now), figures.GivenBackMean, 9);
                Assert.Equal(reserved == 0 ? 0 : tagged / reserved, figures.BlockFillMean, 9);
            }
            else
            {
                Assert.Equal(system.Blocks.ReservedFrames, figures.ReservedMean);
            }
        });

    [Fact]
    public void TheWorstMomentIsNeverLaterThanItsState() =>
        Law.Holds(Gen.Select(Gen.Int[0, 3], Gen.Int[0, 200], Gen.Long[1, 50]).Array[1, 40], 40, drawn =>
        {
            Held held = new();
            MemorySystem system = new(Recording.Layout, DesignCatalog.Parse("migrate-metadata").Create(), new MachineOptions(1), held);
            StorageGauge gauge = new(system);
            List<(long Time, int GivenBack)> seen = [(0, gauge.GivenBack)];
            long now = 0;
            gauge.Observe();
            foreach ((int what, int which, long span) in drawn)
            {
                gauge.Advance(now += span);
                Do(system, held, what, which);
                gauge.Observe();
                seen.Add((now, gauge.GivenBack));
            }

            Assert.Equal(seen.MinBy(moment => moment.GivenBack).Time, gauge.GivenBackMinTimeNs);
        });

    [Fact]
    public void ModelledTimeIsTheSumOfItsCauses() => Law.Holds(Gen.Select(Costs, Counters), 200, drawn =>
    {
        (CostTable costs, KernelCounters counters) = drawn;
        TagStorageWork work = TagStorageWork.Of(counters);
        ModelledCosts of = costs.Of(work);
        double sum = of.Lookup + of.BuddyTake + of.Copy + of.Remap + of.Isolate + of.Interrupts + of.CacheLines + of.Faults
            + of.Search;

        Assert.Equal(costs.NsOf(work), of.Total);
        Assert.InRange(sum / Math.Max(1, of.Total), of.Total == 0 ? 0 : 1 - 1e-9, 1 + 1e-9);
    });

    [Fact]
    public void WhatOthersCauseCostsTagStorageNothing() => Law.Holds(Costs, 20, costs => Assert.Equal(
        0,
        costs.NsOf(TagStorageWork.Of(new KernelCounters
        {
            Allocations = 1, Frees = 2, FailedAllocations = 3, Refills = 4, Drains = 5, DirectReclaims = 6, RangeAllocations = 7,
                Interrupts = 8,
            MigratedFrames = 9, BlocksIsolated = 10, RefusedTagged = 11,
        }))));

    [Theory]
    [InlineData("cma-no-tagged")]
    [InlineData("migrate-metadata")]
    public void WhatEachRequestTookAddsUpToAll(string design) => Law.Holds(Gen.Bool.Array[1, 200], 20, tagged =>
    {
        MemorySystem system = new(Recording.Layout, DesignCatalog.Parse(design).Create(), new MachineOptions(1));
        TagStorageWork all = default;
        foreach (bool isTagged in tagged)
        {
            AllocationRequest request = new(GfpFlags.HighUserMovable, Order.Zero, CpuId.Boot, isTagged, Owner: 0);
            AllocationResult result = system.Allocate(request, out TagStorageWork took);
            Assert.True(isTagged || took == default, $"an untagged page took {took}");
            system.TryTag(result.Frame, CpuId.Boot, out TagStorageWork later);
            Assert.True(!isTagged || later == default, $"a page with tags took {later}");
            all += took + later;
        }

        Assert.Equal(TagStorageWork.Of(system.Counters), all);
    });

    [Fact]
    public void SamplesAreAsManyAsAskedAndNeverLate() =>
        Law.Holds(Gen.Select(Gen.Long[1, 10_000], Gen.Int[1, 50], Gen.Long[0, 400].Array[1, 60]), 100, drawn =>
        {
            (long duration, int points, long[] spans) = drawn;
            MemorySystem system = new(Recording.Layout, DesignCatalog.Parse("static").Create(), new MachineOptions(1));
            TimeLine line = new(system, duration, points);
            long now = 0;
            foreach (long span in spans)
            {
                line.Advance(now += span);
                Assert.InRange(line.Points[^1].TimeNs, 0, now);
            }

            long step = Math.Max(1, duration / points);
            Assert.Equal((now / step) + 1, line.Points.Count);
            Assert.Equal(line.Points.Select((_, index) => index * step), line.Points.Select(point => point.TimeNs));
        });

    [Fact]
    public void APercentileIsNeverAboveTheLargestNorBelowASmallerShare() =>
        Law.Holds(Gen.Long[0, 1L << 40].Array[1, 100], 200, values =>
        {
            LatencyHistogram histogram = new();
            foreach (long value in values)
            {
                histogram.Record(value);
            }

            long[] percentiles = [.. new[] { 0, 0.1, 0.5, 0.9, 0.99, 1 }.Select(histogram.Percentile)];
            Assert.Equal(percentiles.Order(), percentiles);
            Assert.Equal((values.Max(), values.Max(), values.Length), (percentiles[^1], histogram.Max, histogram.Count));
            Assert.True(percentiles[0] >= values.Min());
        });

    [Theory]
    [InlineData("{}", true)]
    [InlineData("""{ "copyPageNs": 0 }""", true)]
    [InlineData("""{ "copyPageNs": 1e12 }""", true)]
    [InlineData("""{ "copyPageNs": 1.1e12 }""", false)]
    [InlineData("""{ "copyPageNs": -1 }""", false)]
    [InlineData("null", false)]
    [InlineData("[]", false)]
    [InlineData("{ copyPageNs: 1 }", false)]
    [InlineData("", false)]
    public void ACostIsANumberThatSomethingCanCost(string json, bool isTable)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(json);
        if (isTable)
        {
            Assert.InRange(CostFile.Parse(bytes, "costs.json").CopyPageNs, 0, 1e12);
            return;
        }

        string message = Assert.Throws<InputException>(() => CostFile.Parse(bytes, "costs.json")).Message;
        Assert.StartsWith("costs.json: ", message, StringComparison.Ordinal);
        Assert.EndsWith("write e.g. { \"copyPageNs\": 354 }", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private static void Do(MemorySystem system, Held held, int what, int which)
    {
        if (what == 0 && held.Frames.Count > 0)
        {
            int owner = held.Frames.Keys.ElementAt(which % held.Frames.Count);
            system.Free(held.Frames[owner], cpu: CpuId.Boot);
            held.Frames.Remove(owner);
            return;
        }

        int next = ++held.Owners;
        AllocationResult result = system.Allocate(
            new AllocationRequest(GfpFlags.HighUserMovable, new Order(which % 3), Cpu: CpuId.Boot, IsTagged: what == 1, Owner: next));
        Assert.False(result.Frame.IsNone);
        held.Frames[next] = result.Frame;
    }

    /// <summary>Folios in use by their owner, wherever they are moved.</summary>
    private sealed class Held : IOwnerMap
    {
        public SortedDictionary<int, Frame> Frames { get; } = [];

        public int Owners { get; set; }

        public void Moved(int owner, Frame frame, Order order) => Frames[owner] = frame;
    }
}
