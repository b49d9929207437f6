using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Palimpsest.Lab.Metrics;

/// <summary>A mean and how sure it is: between the ends lies the true one in 95 of 100 such samples (Student's t).</summary>
/// <param name="Low">Negative infinity of fewer than two samples, which say nothing of their spread.</param>
/// <param name="High">Infinity of fewer than two.</param>
public readonly record struct Estimate(double Mean, double Low, double High)
{
    private const double UpperTail = 0.975;

    /// <summary>Zero is one of the means that it may be.</summary>
    public bool MayBeZero => Low <= 0 && High >= 0;

    /// <exception cref="ArgumentException">There is no sample.</exception>
    public static Estimate Of(IReadOnlyList<double> samples)
    {
        if (samples.Count == 0)
        {
            throw new ArgumentException("an estimate needs a sample", nameof(samples));
        }

        double mean = samples.Average();
        if (samples.Count == 1)
        {
            return new Estimate(mean, double.NegativeInfinity, double.PositiveInfinity);
        }

        double quantile = StudentT.InvCDF(location: 0, scale: 1, freedom: samples.Count - 1, UpperTail);
        double reach = quantile * samples.StandardDeviation() / Math.Sqrt(samples.Count);
        return new Estimate(mean, mean - reach, mean + reach);
    }
}
