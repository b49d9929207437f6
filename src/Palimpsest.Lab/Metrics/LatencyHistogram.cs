using System.Numerics;

namespace Palimpsest.Lab.Metrics;

/// <summary>Counts of latencies in buckets of about 3 % width, so that percentiles need no list of samples.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBucketBits = 5;
    private const int SubBuckets = 1 << SubBucketBits;

    private readonly long[] _counts = new long[64 * SubBuckets];

    public long Count { get; private set; }

    /// <summary>Exact largest value recorded.</summary>
    public long Max { get; private set; }

    /// <param name="weight">So often.</param>
    public void Record(long nanoseconds, long weight = 1)
    {
        _counts[BucketOf((ulong)Math.Max(0, nanoseconds))] += weight;
        Count += weight;
        Max = Math.Max(Max, nanoseconds);
    }

    /// <summary>Upper edge of the bucket below which a share of all values lies; 0 when nothing was recorded.</summary>
    /// <param name="share">0 to 1.</param>
    public long Percentile(double share)
    {
        long wanted = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (int bucket = 0; bucket < _counts.Length && Count > 0; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= wanted)
            {
                return Math.Min(Max, UpperEdge(bucket));
            }
        }

        return 0;
    }

    private static int BucketOf(ulong value)
    {
        if (value < SubBuckets)
        {
            return (int)value;
        }

        int shift = BitOperations.Log2(value) - SubBucketBits;
        return ((shift + 1) << SubBucketBits) + (int)((value >> shift) - SubBuckets);
    }

    private static long UpperEdge(int bucket)
    {
        if (bucket < SubBuckets)
        {
            return bucket;
        }

        int shift = (bucket >> SubBucketBits) - 1;
        return ((long)((bucket & (SubBuckets - 1)) + SubBuckets + 1) << shift) - 1;
    }
}
