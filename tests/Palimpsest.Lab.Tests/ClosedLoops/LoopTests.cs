using Palimpsest.Lab.ClosedLoops;
using Palimpsest.Lab.Trials;

namespace Palimpsest.Lab.Tests.ClosedLoops;

/// <summary>A loop asks for the memory that it is told to, tags the share that it is told to, and lives on when it is killed.</summary>
public sealed class LoopTests
{
    public static TheoryData<string> Loops => [.. LoopCatalog.All.Select(loop => loop.Name)];

    private static LoopResult Run(string loop, double tagged, params string[] designs) => Run(loop, tagged, seed: 1, designs);

    private static LoopResult Run(string loop, double tagged, ulong seed, params string[] designs) =>
        new LoopTrial(loop) { Board = new() { RamBytes = 16 << 20 }, Steps = 300, TaggedFrom = tagged, TaggedTo = tagged, Cpus = 2,
            Seed = seed, Designs = designs }
            .Run(cancellation: TestContext.Current.CancellationToken);

    [Theory]
    [MemberData(nameof(Loops))]
    public void WithoutTagsTheZeroPageAloneIsTagged(string loop)
    {
        LoopDesignResult design = Run(loop, tagged: 0, "cma-untagged-only").Designs[0];

        Assert.Equal((1, 1), (design.Storage.TaggedMean, design.Storage.ReservedMax));
        Assert.Equal(design.Storage.StorageFrames - 1, design.Storage.GivenBackMin);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void MoreTagsHoldMoreStorage(string loop)
    {
        double little = Mean(0.1);
        double much = Mean(0.9);

        Assert.True(much > 2 * little, $"{little} and {much}");

        double Mean(double tagged) =>
            new ulong[] { 1, 2, 3 }.Average(seed => Run(loop, tagged, seed, "tag-blocks").Designs[0].Storage.TaggedMean);
    }

    [Theory]
    [MemberData(nameof(Loops))]
    public void EveryLawHoldsInTheEnd(string loop) =>
        Assert.Equal(0, Run(loop, tagged: 0.5, "cma-no-tagged", "zone-metadata", "no-mte").LawViolations);

    // Memory is not short, so that what is counted is what was asked for: the same of today's machine and of one without tags.
    [Theory]
    [MemberData(nameof(Loops))]
    public void MachinesThatTagAndThatDoNotMeetTheSameWorkload(string loop)
    {
        LoopTrial trial = new(loop) { Board = new() { RamBytes = 64 << 20 }, SizeBytes = 16 << 20, Steps = 300, TaggedFrom = 0.5,
            TaggedTo = 0.5, Designs = ["static", "no-mte"] };
        LoopCounts[] counts = [.. trial.Run(cancellation: TestContext.Current.CancellationToken).Designs.Select(design => design.Events)];

        Assert.Equal((0, 0), (counts[0].SwapOuts, counts[1].SwapOuts));
        Assert.Equal((counts[0].MinorFaults, counts[0].CopiesOnWrite, counts[0].FileReads),
            (counts[1].MinorFaults, counts[1].CopiesOnWrite, counts[1].FileReads));
    }

    // The law of the bounds: a machine with all its memory and nothing to tag is not worse than one that hides the carve-out.
    [Theory]
    [MemberData(nameof(Loops))]
    public void AMachineWithoutTagsIsNotWorseThanTodaysByMoreThanChance(string loop)
    {
        LoopStudy study = new LoopTrial(loop)
        {
            Board = new() { RamBytes = 16 << 20 }, Steps = 400, Cpus = 2, Designs = ["static", "no-mte"],
        }.Study(seeds: 8, cancellation: TestContext.Current.CancellationToken);

        Assert.True(study.Designs[1].Saved is not { High: < 0 }, $"{study.Designs[1].Saved}");
    }

    [Fact]
    public void TheTaggedShareChangesEvenlyFromStartToEnd()
    {
        LoopParameters parameters = new(Pages: 1, Steps: 11, TaggedFrom: 0.2, TaggedTo: 0.7, Seed: 1);

        Assert.Equal([0.2, 0.45, 0.7], new[] { 0, 5, 10 }.Select(step => Math.Round(parameters.TaggedAt(step), 9)));
        Assert.Equal(0.2, (parameters with { Steps = 1 }).TaggedAt(0));
    }

    [Fact]
    public void DrawsAreTheSameForASeedAndInTheirBounds()
    {
        LoopRandom one = new(7);
        LoopRandom same = new(7);
        LoopRandom other = new(8);
        int[] drawn = [.. Enumerable.Range(0, 2_000).Select(_ => one.Below(10))];

        Assert.Equal(drawn, Enumerable.Range(0, 2_000).Select(_ => same.Below(10)));
        Assert.NotEqual(drawn, Enumerable.Range(0, 2_000).Select(_ => other.Below(10)));
        Assert.Equal(Enumerable.Range(0, 10), drawn.Distinct().Order());
        Assert.All(Enumerable.Range(0, 10), number => Assert.InRange(drawn.Count(draw => draw == number), 140, 260));
    }

    [Fact]
    public void LowPagesAreDrawnMoreOftenThanHigh()
    {
        LoopRandom random = new(1);
        int[] drawn = [.. Enumerable.Range(0, 4_000).Select(_ => random.Skewed(100))];

        Assert.All(drawn, page => Assert.InRange(page, 0, 99));
        // Of unit * unit, half lie below a quarter.
        Assert.InRange(drawn.Count(page => page < 25), 1_850, 2_150);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 1_000, 1_000)]
    [InlineData(0.25, 180, 320)]
    public void AChanceIsTakenAsOftenAsItSays(double share, int least, int most)
    {
        LoopRandom random = new(3);

        Assert.InRange(Enumerable.Range(0, 1_000).Count(_ => random.Chance(share)), least, most);
    }
}
