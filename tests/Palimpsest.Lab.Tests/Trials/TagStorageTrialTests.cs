using Palimpsest.Designs;
using Palimpsest.Lab.Fidelity;
using Palimpsest.Lab.Trials;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing.Recordings;
using Palimpsest.Testing.Scripts;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Trials;

/// <summary>The first two and a half seconds of a kernel that runs RFC v3 on two CPUs, without a snapshot.</summary>
public sealed class TagStorageTrialTests
{
    private static readonly VerificationTrial Trial = new(
        new(SampleText.PathOf("rfc3/small.txt.zst")) { KernelRelease = "6.12" }, new() { TreePath = SampleText.PathOf("rfc3/small.dtb") });

    private static readonly Lazy<VerificationResult> Result = new(() => Trial.Run());

    [Fact]
    public void EveryDecisionAboutTagStorageIsTheKernels()
    {
        StorageResult storage = Result.Value.Guided!.Storage!;

        Assert.Empty(storage.Misses);
        Assert.Equal(new Tally(2_190, 2_190), storage.Path);
        Assert.Equal(new Tally(2_190, 2_190), storage.Block);
        Assert.Equal(new Tally(253, 253), storage.Release);
        Assert.Equal(new Tally(78, 78), storage.Fault);
        Assert.Equal(0, storage.Contradictions);
        Assert.Empty(Result.Value.Violations);
    }

    [Fact]
    public void NeverCorrectedEachPageThatGetsStorageGetsItHere()
    {
        StorageCourse course = Result.Value.Storage!;
        Figure tagged = course.Figures.Single(figure => figure.Name == StorageCourse.TaggedMean);

        Assert.InRange(Math.Abs(tagged.Difference!.Value), 0, 0.01);
        Assert.Equal(240, course.Points.Count);
        Assert.Equal(course.Points.Max(point => point.KernelReserved), course.Points[^1].KernelReserved);
        Assert.InRange(course.Points[^1].ModelReserved, 1, 5_120);
    }

    [Fact]
    public void AKernelThatIsThoughtToTakeNoBlockStraightOffIsMissedWhereItDid()
    {
        VerificationTrial mailed = Trial with { Design = "cma-no-tagged:fast-path=off" };
        VerificationResult result = mailed.Run();
        int first = result.Guided!.Misses.Count + 1;
        IReadOnlyList<string> lines = mailed.Explain(first);
        MissedStorage miss = result.Guided.Storage!.Misses[0];

        Assert.Equal(new Tally(2_190 - result.Guided.Storage.Misses.Count, 2_190), result.Guided.Storage.Path);
        Assert.Equal(("contig", "free"), (miss.Model, miss.Kernel));
        Assert.StartsWith(InvariantText.Of($"miss {first}: event {miss.Event + 1:N0} "), lines[0], StringComparison.Ordinal);
        Assert.Contains("the model says contig, the kernel free", lines[1], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("  block ", StringComparison.Ordinal) && line.Contains("free, in a chunk of order"));
        Assert.Contains("fast-path=off", result.StorageDesign, StringComparison.Ordinal);
        Assert.Throws<UsageException>(() => mailed.Explain(first + result.Guided.Storage.Misses.Count));
    }

    [Theory]
    [InlineData("free=1", null, true, true)]
    [InlineData("free=0", null, false, true)]
    [InlineData("free=1", "quiet mts_fast=0", false, true)]
    [InlineData("free=1", "mts_loop=1 quiet", true, false)]
    [InlineData("free=1", "mts_loop=10", true, true)]
    public void WhatTheKernelDoesIsReadOffItsEventsAndItsCommandLine(string free, string? commandLine, bool fastPath, bool loops)
    {
        DesignChoice choice = RecordedDesign.Of(Read(
            "mts_block: block=0x44002 pages=1 op=take refs=1 how=free",
            $"cma_alloc_range_finish: name=cma0 start=44002 count=1 attempts=1 err=0 {free}"), Layout, commandLine);

        Assert.Equal(("cma-no-tagged", fastPath, loops), (choice.Name, choice.Parameters.FastPath, choice.Parameters.LoopsToLastBlock));
    }

    [Fact]
    public void AKernelWithoutSuchEventsLendsNothing() => Assert.Equal("static", RecordedDesign.Of(Read(), Layout, null).Name);

    private static readonly MemoryLayout Layout = TestBoards.OneBank(PageGeometry.Page4K, 0x4000_0000, 64 << 20, 4096);

    private static Trace Read(params string[] lines)
    {
        string[] all = [.. lines, "mm_page_alloc: page=00000000c3b0c4fd pfn=0x40001 order=0 migratetype=0 gfp_flags=GFP_KERNEL"];
        string text = string.Concat(all.Select(line => $"            init-1       [000] .....   100.000000: {line}\n"));
        return TraceFile.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes("# tracer: nop\n#\n" + text)), "recording");
    }
}
