using Palimpsest.Lab.Inspection;
using Palimpsest.Lab.Tracing;
using Palimpsest.Lab.Trials;
using Palimpsest.Testing.Recordings;
using Palimpsest.Traces;

namespace Palimpsest.Lab.Tests.Inspection;

/// <summary>What inspect tells is what is in the file, whatever its format.</summary>
public sealed class InspectionTests
{
    private static InspectionResult Digest(string sample, TraceFilter? part = null) =>
        new InspectionTrial(new RecordingInput(SampleText.PathOf(sample)) { Name = "name", Part = part }).Run();

    [Fact]
    public void CountsAreThoseOfTheEvents()
    {
        Trace trace = SampleText.ReadSample("contig.v6.dat.zst");
        InspectionResult digest = Digest("contig.v6.dat.zst");

        Assert.Equal(trace.CountOf(TraceEventKind.Allocate), digest.Allocations);
        Assert.Equal(trace.CountOf(TraceEventKind.Free), digest.Frees);
        Assert.Equal(trace.EventsByType, digest.Recording.EventsByType);
        Assert.Equal(digest.Allocations, digest.AllocationsByOrder.Sum());
        Assert.Equal(digest.Allocations, digest.GfpSets.Sum(set => set.Value));
        Assert.Equal(trace.All().Where(item => item.Kind == TraceEventKind.Allocate).Sum(item => 1L << item.Order),
            digest.Processes.Sum(process => process.Allocated));
        Assert.Equal(trace.All().Where(item => item.Kind == TraceEventKind.MigrationTarget).Sum(item => item.Value),
            digest.TaggedMigrations);
    }

    [Fact]
    public void FlagsAreShownAsTheKernelPrintsThem() =>
        Assert.Contains(Digest("small.v6.dat.zst").GfpSets, set => set.Key == "GFP_HIGHUSER_MOVABLE|__GFP_ZERO|__GFP_COMP");

    [Theory]
    [InlineData("small.v6.dat.zst", "small.dat.txt.zst")]
    [InlineData("small.trace-cmd.txt.zst", "small.dat.txt.zst")]
    public void EveryFormatHasTheSameDigest(string sample, string text)
    {
        InspectionResult[] results = [.. new[] { sample, text }.Select(name => Digest(name))];

        Assert.Equal(results[1].Recording.EventsByType, results[0].Recording.EventsByType);
        Assert.Equal(results[1].GfpSets, results[0].GfpSets);
        Assert.Equal(results[1].AllocationsByOrder, results[0].AllocationsByOrder);
        Assert.Equal(results[1].Processes, results[0].Processes);
        Assert.Equal(results[1].Answers, results[0].Answers);
        Assert.InRange(results[0].FirstTimeNs, 9_308_000_000, 9_328_000_000);
    }

    [Fact]
    public void AFilterLeavesOthersOut()
    {
        Trace trace = SampleText.ReadSample("small.v6.dat.zst");
        ProcessPages busiest = Digest("small.v6.dat.zst").Processes[0];
        InspectionResult digest = Digest("small.v6.dat.zst", new TraceFilter
        {
            FromNs = 10_000_000, ToNs = 200_000_000, Cpus = [0], Events = ["mm_page_a*"], Processes = [$"pid={busiest.Pid}"],
        });

        long expected = trace.All().Count(item => item.Kind == TraceEventKind.Allocate && item.Cpu == 0
            && trace.Tasks[item.Task].Pid == busiest.Pid
            && item.TimeNs - trace.FirstTimeNs is >= 10_000_000 and <= 200_000_000);
        Assert.InRange(expected, 1, trace.Events.Count / 2);
        Assert.Equal((expected, expected, 0L), (digest.Allocations, digest.Recording.Events, digest.Frees));
    }

    [Fact]
    public void QuestionsAreAnsweredByWhatWasRecorded()
    {
        Answerable[] answers = [.. Digest("contig.v6.dat.zst").Answers];

        Assert.Equal([true, false, true, true, true], new[] { 0, 2, 4, 5, 7 }.Select(index => answers[index].Can));
        Assert.Contains(RecordedEvents.Probe, string.Join('\n', RecordingAdvice.NextTime), StringComparison.Ordinal);
    }
}
