namespace Palimpsest.Lab.Metrics;

/// <summary>Tag storage over a whole run: means are weighted by time. Frames, unless the name says otherwise.</summary>
/// <param name="StorageFrames">The whole carve-out.</param>
/// <param name="GivenBackMean">Not reserved for tags, and open to some request.</param>
/// <param name="GivenBackMinTimeNs">The worst moment, from the first event or step.</param>
/// <param name="LentMean">In use as data.</param>
/// <param name="BlockFillMean">Tagged frames for each reserved frame, 32 at most; 0 when nothing was ever reserved.</param>
/// <param name="ReservedOverIdeal">Reserved blocks for each that packed tagged frames would need; 0 when nothing was ever tagged.</param>
public sealed record StorageFigures(
    int StorageFrames, double GivenBackMean, int GivenBackMin, long GivenBackMinTimeNs, double LentMean, int LentMax,
    double ReservedMean, int ReservedMax, double TaggedMean, double BlockFillMean, double ReservedOverIdeal);
