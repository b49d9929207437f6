using System.Text.Json;
using Palimpsest.Lab.Inspection;
using Palimpsest.Lab.Tracing;
using Palimpsest.Testing.Recordings;
using Palimpsest.Traces;

namespace Palimpsest.Lab.Tests.Inspection;

/// <summary>What inspect tells is what is in the file, whatever its format.</summary>
public sealed class TraceDigestTests
{
    private static TraceDigest Digest(string sample, TraceFilter? filter = null) =>
        TraceDigest.Read(SampleText.PathOf(sample), new TraceReadOptions { Filter = filter });

    private static string Json(TraceDigest digest)
    {
        using MemoryStream stream = new();
        InspectJson.Write(stream, "name", digest);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    [Fact]
    public void CountsAreThoseOfTheEvents()
    {
        Trace trace = SampleText.ReadSample("contig.v6.dat.zst");
        TraceDigest digest = Digest("contig.v6.dat.zst");

        Assert.Equal(0, digest.Trace.Events.Count);
        Assert.Equal(trace.CountOf(TraceEventKind.Allocate), digest.Allocations);
        Assert.Equal(trace.CountOf(TraceEventKind.Free), digest.Frees);
        Assert.Equal(trace.EventsByType, digest.Trace.EventsByType);
        Assert.Equal(digest.Allocations, digest.AllocationsByOrder.Sum());
        Assert.Equal(digest.Allocations, digest.GfpSets.Sum(set => set.Value));
        Assert.Equal(trace.All().Where(item => item.Kind == TraceEventKind.Allocate).Sum(item => 1L << item.Order), digest.Processes.Sum(process => process.Allocated));
        Assert.Equal(trace.All().Where(item => item.Kind == TraceEventKind.MigrationTarget).Sum(item => item.Value), digest.TaggedMigrations);
    }

    [Fact]
    public void FlagsAreShownAsTheKernelPrintsThem() =>
        Assert.Contains(Digest("small.v6.dat.zst").GfpSets, set => set.Key == "GFP_HIGHUSER_MOVABLE|__GFP_ZERO|__GFP_COMP");

    [Theory]
    [InlineData("small.v6.dat.zst", "small.dat.txt.zst")]
    [InlineData("small.trace-cmd.txt.zst", "small.dat.txt.zst")]
    public void EveryFormatHasTheSameDigest(string sample, string text)
    {
        JsonElement[] roots = [.. new[] { sample, text }.Select(name => JsonDocument.Parse(Json(Digest(name))).RootElement)];

        foreach (string part in new[] { "events_by_type", "gfp_flags", "orders", "processes", "answers" })
        {
            Assert.Equal(roots[1].GetProperty(part).GetRawText(), roots[0].GetProperty(part).GetRawText());
        }

        Assert.Equal("palimpsest.inspect", roots[0].GetProperty("format").GetString());
        Assert.Equal(9.318, roots[0].GetProperty("first_time_s").GetDouble(), 0.01);
    }

    [Fact]
    public void AFilterLeavesOthersOut()
    {
        Trace trace = SampleText.ReadSample("small.v6.dat.zst");
        TraceTask busiest = Digest("small.v6.dat.zst").Processes[0].Task;
        TraceDigest digest = Digest("small.v6.dat.zst", new TraceFilter
        {
            FromNs = 10_000_000, ToNs = 200_000_000, Cpus = new HashSet<int> { 0 }, Events = ["mm_page_a*"], Processes = [$"pid={busiest.Pid}"],
        });

        long expected = trace.All().Count(item => item.Kind == TraceEventKind.Allocate && item.Cpu == 0 && trace.Tasks[item.Task] == busiest
            && item.TimeNs - trace.FirstTimeNs is >= 10_000_000 and <= 200_000_000);
        Assert.InRange(expected, 1, trace.Events.Count / 2);
        Assert.Equal((expected, expected, 0L), (digest.Allocations, digest.Trace.EventCount, digest.Frees));
    }

    [Fact]
    public void QuestionsAreAnsweredByWhatWasRecorded()
    {
        Answerable[] answers = [.. RecordingAdvice.Answers(Digest("contig.v6.dat.zst"))];

        Assert.Equal([true, false, true, true, true], new[] { 0, 2, 4, 5, 7 }.Select(index => answers[index].Can));
        Assert.Contains(RecordedEvents.Probe, string.Join('\n', RecordingAdvice.NextTime), StringComparison.Ordinal);
    }
}
