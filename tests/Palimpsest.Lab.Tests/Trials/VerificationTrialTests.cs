using Palimpsest.Lab.Fidelity;
using Palimpsest.Lab.Trials;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Trials;

/// <summary>A verification is a library call; its result names pages by their pfns.</summary>
public sealed class VerificationTrialTests
{
    private static readonly VerificationTrial Boot =
        new(new(TrialFiles.BootTrace) { Part = new() { FromNs = 1_000_000_000 } }, new() { TreePath = TrialFiles.BootBoard })
        {
            EndPath = TrialFiles.BootSnapshot, UsesSiblings = false, TransparentHugePages = false,
        };

    private static readonly Lazy<VerificationResult> Result = new(() => Boot.Run());

    [Fact]
    public void TalliesBelongTogether()
    {
        GuidedResult guided = Result.Value.Guided!;
        Tally[] paths = [guided.Refill, guided.PerCpu, guided.Buddy, guided.Drain];

        Assert.Equal(paths.Sum(path => path.Total), guided.ByKind.Sum(kind => kind.Tally.Total));
        Assert.Equal(paths.Sum(path => path.Predicted), guided.ByTime.Sum(tally => tally.Predicted));
        Assert.All(guided.ByKind, kind => Assert.InRange(kind.Tally.Predicted, 0, kind.Tally.Total));
        Assert.Equal(guided.ByKind.OrderBy(kind => (kind.Path, kind.Order, kind.Type)), guided.ByKind);
    }

    [Fact]
    public void MissesNameTheKernelsPageAndSayWhy()
    {
        Assert.NotEmpty(Result.Value.Guided!.Misses);
        Assert.All(Result.Value.Guided!.Misses, miss => Assert.True(miss.Kernel is >= 0x40000 && miss.Kernel != miss.Model
            && miss.Cause.Length > 0, miss.ToString()));
    }

    [Fact]
    public void AMissIsExplainedInTheListsThatItWasMadeFrom()
    {
        IReadOnlyList<string> lines = Boot.Explain(1);
        MissedPage miss = Result.Value.Guided!.Misses[0];

        Assert.StartsWith("miss 1: event ", lines[0], StringComparison.Ordinal);
        Assert.Contains($"the kernel took {miss.Kernel:x}", lines[1], StringComparison.Ordinal);
        Assert.Equal("  " + miss.Cause, lines[2]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public void AMissThatIsNotThereIsRefused(int number) =>
        Assert.Contains($"--explain {number}", Assert.Throws<UsageException>(() => Boot.Explain(number)).Message, StringComparison.Ordinal);

    [Fact]
    public void WithoutRefillsThereIsNothingToFollowOrToExplain()
    {
        VerificationTrial small = new(new(TrialFiles.Trace), new() { TreePath = TrialFiles.Board });
        VerificationResult result = small.Run();

        Assert.Null(result.Guided);
        Assert.Null(result.GuidedEnd);
        Assert.NotEmpty(result.FreeEnd.ModelPerCpu);
        Assert.Contains("no refills", Assert.Throws<UsageException>(() => small.Explain(1)).Message, StringComparison.Ordinal);
    }
}
