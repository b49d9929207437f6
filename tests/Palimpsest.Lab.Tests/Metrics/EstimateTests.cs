using Palimpsest.Lab.Metrics;

namespace Palimpsest.Lab.Tests.Metrics;

/// <summary>Means and their 95 % intervals; the quantiles are of a printed table of Student's t.</summary>
public sealed class EstimateTests
{
    [Theory]
    [InlineData(new[] { 1.0, 3.0 }, 2, 12.706)]
    [InlineData(new[] { 1.0, 2.0, 3.0 }, 2, 2.484)]
    [InlineData(new[] { 2.0, 4.0, 4.0, 5.0, 5.0 }, 4, 1.521)]
    [InlineData(new[] { 7.0, 7.0, 7.0 }, 7, 0)]
    public void AMeanReachesAsFarAsStudentSays(double[] samples, double mean, double reach)
    {
        Estimate estimate = Estimate.Of(samples);

        Assert.Equal((mean, mean - reach, mean + reach), (estimate.Mean, Math.Round(estimate.Low, 3), Math.Round(estimate.High, 3)));
    }

    [Fact]
    public void OneSampleSaysNothingOfItsSpread() => Assert.True(Estimate.Of([5]) is { Mean: 5, MayBeZero: true });

    [Fact]
    public void NoSampleIsNoEstimate() => Assert.Throws<ArgumentException>(() => Estimate.Of([]));
}
