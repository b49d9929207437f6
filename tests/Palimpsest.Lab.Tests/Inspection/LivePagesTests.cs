using CsCheck;
using Palimpsest.Lab.Inspection;
using Palimpsest.Lab.Trials;
using Palimpsest.Testing.Recordings;

namespace Palimpsest.Lab.Tests.Inspection;

/// <summary>What inspect says of lives of pages without a board is what compare mends with one.</summary>
public sealed class LivePagesTests
{
    [Theory]
    [InlineData("small.v6.dat.zst")]
    [InlineData("contig.v6.dat.zst")]
    public void FreesWithoutAllocationsAreAtLeastThoseThatCompareMends(string sample)
    {
        string path = SampleText.PathOf(sample);
        InspectionResult seen = new InspectionTrial(new(path)).Run();
        ComparisonTrial trial = new(new(path), new() { RamBytes = 4UL << 30 }) { Designs = ["static"] };
        WorkloadFacts mended = trial.Run(cancellation: TestContext.Current.CancellationToken).Workload;

        Assert.Equal(mended.Repairs.InUseBefore, seen.InUseBefore);
        Assert.Equal((mended.Repairs.MigrationTargets, mended.Repairs.FailedAllocations), (seen.MigrationTargets, seen.FailedAllocations));
        Assert.Equal((mended.Allocations, mended.Frees), (seen.Allocations, seen.Frees));
    }

    [Fact]
    public void ARecordingOfWholeLivesHasNothingToMend()
    {
        LivePages pages = new();
        Law.Holds(Gen.Int[0, 1 << 20], 200, page =>
        {
            pages.Allocate(new((ulong)page * 4), 4);
            pages.Free(new((ulong)page * 4), 4);
        });

        Assert.Equal((0, 0, 0, 0), (pages.InUseBefore, pages.Hidden, pages.LiveReallocations, pages.MigrationTargets));
    }

    [Fact]
    public void EachMendIsCountedOnce()
    {
        LivePages pages = new();
        pages.Free(new(7), 2);
        pages.Free(new(7), 1);
        pages.Allocate(new(20), 4);
        pages.Allocate(new(22), 4);
        pages.MigrateTo(new(40));
        pages.MigrateTo(new(40));

        Assert.Equal((2, 1, 1, 1), (pages.InUseBefore, pages.Hidden, pages.LiveReallocations, pages.MigrationTargets));
    }

    [Fact]
    public void PagesThatNoMachineHasAreNotFollowed()
    {
        LivePages pages = new();
        pages.Free(new(Vocabulary.Pfn.MaxValue), 1);
        pages.Allocate(new((1UL << 30) - 1), 4);
        pages.MigrateTo(new(1UL << 30));

        Assert.Equal((0, 0, 0), (pages.InUseBefore, pages.LiveReallocations, pages.MigrationTargets));
    }
}
