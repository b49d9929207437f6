using CsCheck;
using Palimpsest.Lab.Metrics;

namespace Palimpsest.Lab.Tests.Metrics;

/// <summary>A percentile is at least the exact one and at most 1/32 above it; the maximum is exact.</summary>
public sealed class LatencyHistogramTests
{
    [Fact]
    public void PercentilesAreWithinABucketOfTheExactOnes() =>
        Gen.Long[0, 100_000_000].Array[1, 200].Sample(values =>
        {
            LatencyHistogram histogram = new();
            foreach (long value in values)
            {
                histogram.Record(value);
            }

            long[] sorted = [.. values.Order()];
            return histogram.Max == sorted[^1] && new[] { 0.5, 0.9, 0.99, 1.0 }.All(share =>
            {
                long exact = sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
                long found = histogram.Percentile(share);
                return found >= exact && found <= exact + (exact / 32) + 1;
            });
        }, iter: 500, seed: "0000000000000", threads: 1);

    [Fact]
    public void NothingRecordedIsZero() => Assert.Equal(0, new LatencyHistogram().Percentile(0.99));
}
