using Palimpsest.Lab.Trials;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Trials;

/// <summary>A comparison is a library call: a description in, numbers out.</summary>
public sealed class ComparisonTrialTests
{
    private static readonly ComparisonTrial Sample = new(new(TrialFiles.Trace), new() { TreePath = TrialFiles.Board });

    [Fact]
    public void ThreeLinesGiveTheFiguresOfTheReadme()
    {
        ComparisonTrial trial = new(new(TrialFiles.Trace), new() { TreePath = TrialFiles.Board }) { SnapshotPath = TrialFiles.Snapshot,
            Designs = ["cma-no-tagged"] };
        ComparisonResult result = trial.Run(cancellation: TestContext.Current.CancellationToken);
        DesignResult design = result.Designs.Single();

        // compare prints 63.09, 62.74, 73, 0 for it.
        Assert.Equal(190_725, result.Recording.Events);
        Assert.Equal((63.0853, 62.7383), (Mebibytes(design.Storage.GivenBackMean), Mebibytes(design.Storage.GivenBackMin)));
        Assert.Equal((73, 0), (design.Counts.TagMigratedFrames, design.Counts.Lost));
        Assert.Equal(0, result.LawViolations);
    }

    // The method's check: numa-node leaves it to the allocator of today where a tagged page goes.
    [Fact]
    public void TheModelPlacesTaggedPagesAsTheRecordedKernelDid()
    {
        ComparisonResult result = (Sample with { Designs = ["static", "numa-node"], SnapshotPath = null }).Finish();

        Assert.InRange(result.Designs[1].Storage.ReservedMean / result.Placement!.ReservedMean, 0.95, 1.05);
        Assert.InRange((double)result.Designs[1].Storage.ReservedMax / result.Placement.ReservedMax, 0.95, 1.05);
        Assert.Contains(result.Assumptions, sentence => sentence.StartsWith("Placement: ", StringComparison.Ordinal));
    }

    [Fact]
    public void DesignsComeInTheOrderAskedWithTheirParameters()
    {
        ComparisonResult result = (Sample with { Designs = ["tag-blocks:attempts=9", "static"] }).Finish();

        Assert.Equal(["tag-blocks", "static"], result.Designs.Select(design => design.Design.Name));
        Assert.StartsWith("attempts=9", result.Designs[0].Design.Parameters, StringComparison.Ordinal);
        Assert.Equal([false, true], result.Designs.Select(design => design.Design.IsBound));
    }

    [Fact]
    public void ProgressReachesTheEndOfTheFileAndOfEachDesign()
    {
        long taken = 0;
        double[] shares = new double[2];
        (Sample with { Designs = ["static", "no-mte"] })
            .Run(new TrialProgress(bytes => taken = bytes, (index, share) => shares[index] = share), TestContext.Current.CancellationToken);

        Assert.Equal(new FileInfo(TrialFiles.Trace).Length, taken);
        Assert.Equal([1, 1], shares);
    }

    [Fact]
    public void WhoeverHasEnoughIsHeard()
    {
        using CancellationTokenSource source = new();
        source.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => (Sample with { Designs = ["static"] }).Run(cancellation: source.Token));
    }

    [Fact]
    public void APartOfTheRecordingIsComparedAlone()
    {
        TraceFilter part = new() { FromNs = 5_000_000_000, ToNs = 10_000_000_000 };
        ComparisonResult result = (Sample with { Recording = Sample.Recording with { Part = part }, Designs = ["static"] }).Finish();

        Assert.InRange(result.Workload.DurationNs, 4_900_000_000, 5_000_000_000);
        Assert.InRange(result.Workload.Allocations, 1, 70_000);
    }

    public static TheoryData<ComparisonTrial, string> Wrong => new()
    {
        { Sample with { Designs = ["no-such"] }, "no-such" },
        { Sample with { TagSource = "guess" }, "--tag-source guess" },
        { Sample with { TagSource = "snapshot" }, "--snapshot DIR" },
        { Sample with { PinnedShare = 1.5 }, "--pinned 1.5" },
        { Sample with { Cpus = 1 }, "--cpus 1" },
        { Sample with { Board = new BoardInput() }, "no machine given" },
        { Sample with { Board = Sample.Board with { PageBlockOrder = 11 } }, "--pageblock-order 11" },
        { Sample with { Recording = Sample.Recording with { Part = new TraceFilter { Processes = ["nobody"] } } },
            "no allocation is left by the filters" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WhatCannotBeIsRefusedInALine(ComparisonTrial trial, string message)
    {
        UsageException refused = Assert.Throws<UsageException>(() => trial.Finish());

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void ACmaAreaMustLieInRam()
    {
        BoardInput board = Sample.Board with { CmaAreas = [new CmaInput(64 << 20, 0x1000)] };

        Assert.Contains("is not in the board's RAM", Assert.Throws<InputException>(() => board.Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARecordingHasItsNameInReportsOrElseThatOfItsFile()
    {
        ComparisonTrial trial = Sample with { Designs = ["static"] };

        Assert.Equal(Path.GetFileName(TrialFiles.Trace), trial.Finish().Recording.Name);
        Assert.Equal("mine", (trial with { Recording = trial.Recording with { Name = "mine" } }).Finish().Recording.Name);
    }

    private static double Mebibytes(double frames) => Math.Round(frames * 4096 / (1 << 20), 4);
}
