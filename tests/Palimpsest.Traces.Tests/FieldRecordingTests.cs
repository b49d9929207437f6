using Palimpsest.Testing.Recordings;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests;

/// <summary>Recordings as people have them, made after public reports: each says the same, or is refused by its name.</summary>
public sealed class FieldRecordingTests
{
    [Theory]
    [InlineData("percpu-one-after-another.txt.zst")]
    [InlineData("perf-script-period.txt.zst")]
    [InlineData("utf16.txt.zst")]
    [InlineData("zipped.zip")]
    public void EveryFormOfOneRecordingGivesItsEvents(string file) => Assert.Equal(Pages("percpu-merged.txt.zst"), Pages(file));

    [Fact]
    public void OldNamesGiveTheSameCounts()
    {
        Trace trace = Read("free-direct.txt.zst");

        Assert.Equal((79, 41, 8), (trace.CountOf(TraceEventKind.Allocate), trace.CountOf(TraceEventKind.Free),
            trace.CountOf(TraceEventKind.FreeBatched)));
    }

    [Fact]
    public void DecimalFlagsAreThoseOfTheirRelease()
    {
        Trace trace = Read("trace-cmd-decimal.txt.zst", "4.13");

        Assert.Equal((45, 11), (trace.CountOf(TraceEventKind.Allocate), trace.CountOf(TraceEventKind.Free)));
        Assert.Contains("gfp_flags given as numbers were decoded with the table of Linux 4.13.", trace.Notes);
    }

    [Fact]
    public void AnotherSourceOfTheReleaseCountsWhereNobodyElseTells()
    {
        Trace told = TraceFile.Read(Field("trace-cmd-decimal.txt.zst"), new TraceReadOptions { OtherRelease = "4.13" });
        Trace both = TraceFile.Read(
            Field("trace-cmd-decimal.txt.zst"), new TraceReadOptions { OtherRelease = "6.1", KernelRelease = "4.13" });

        Assert.Equal(("4.13", "4.13"), (told.KernelRelease, both.KernelRelease));
        Assert.Equal(told.GfpSets, both.GfpSets);
        Assert.Equal(told.GfpSets, Read("trace-cmd-decimal.txt.zst", "4.13").GfpSets);
    }

    [Fact]
    public void PerfTraceIsRefusedByItsName() => Assert.Contains("this is what perf trace prints",
        Assert.Throws<InputException>(() => Read("perf-trace.txt.zst")).Message, StringComparison.Ordinal);

    [Fact]
    public void AFilterDoesNotMakeAPartOfTheRecording()
    {
        TraceReadOptions options = new() { Filter = new TraceFilter { Cpus = [0] } };

        Assert.DoesNotContain(TraceFile.Read(Field("percpu-one-after-another.txt.zst"), options).Notes,
            note => note.Contains("promises", StringComparison.Ordinal));
    }

    private static List<(TraceEventKind, ulong, int, int)> Pages(string file) =>
        [.. Read(file).All().Select(item => (item.Kind, item.Pfn.Value, (int)item.Order, (int)item.Cpu))];

    private static Trace Read(string file, string? release = null) =>
        TraceFile.Read(Field(file), new TraceReadOptions { KernelRelease = release });

    private static string Field(string file) => SampleText.PathOf(Path.Combine("field", file));
}
