namespace Palimpsest.Lab.Metrics;

/// <summary>Tag storage over a whole run: means are weighted by time. Frames, unless the name says otherwise.</summary>
/// <param name="StorageFrames">The whole carve-out.</param>
/// <param name="GivenBackMean">Not reserved for tags, and open to some request.</param>
/// <param name="GivenBackMinTimeNs">The worst moment, from the first event or step.</param>
/// <param name="LentMean">In use as data.</param>
/// <param name="BlockFillMean">Tagged frames for each reserved frame, 32 at most; 0 when nothing was ever reserved.</param>
/// <param name="ReservedOverIdeal">Reserved blocks for each that packed tagged frames would need; 0 when nothing was ever tagged.</param>
/// <param name="ReservedOverIdealP99">The same is less for 99 % of the time that anything is tagged; within 3 %.</param>
/// <param name="StrandedMean">Free frames, of data, that tagged requests may take and others only when they find nothing else.</param>
/// <param name="HugeChunksMean">Free chunks of the size of a huge page (order 9 with pages of 4 KiB).</param>
public sealed record StorageFigures(
    int StorageFrames, double GivenBackMean, int GivenBackMin, long GivenBackMinTimeNs, double LentMean, int LentMax,
    double ReservedMean, int ReservedMax, double TaggedMean, double BlockFillMean, double ReservedOverIdeal,
    double ReservedOverIdealP99 = 0, double StrandedMean = 0, double HugeChunksMean = 0)
{
    /// <summary>What is given back, less what is free and of no use to most who ask.</summary>
    public double NetGivenMean => GivenBackMean - StrandedMean;
}
