using Palimpsest.Kernel;
using Palimpsest.Kernel.Frames;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Metrics;

/// <summary>Tag storage over time: integrals of what is reserved, lent and in use, and the extremes.</summary>
internal sealed class StorageGauge(MemorySystem system)
{
    // A ratio is kept as a whole number of these.
    private const double PartsOfOne = 1e6;

    private readonly int _storageFrames = system.Layout.Storage.Sum(run => run.Frames);
    private readonly int _framesPerBlock = system.Blocks.Count == 0 ? 1 : system.Blocks.StorageOf(new BlockId(0)).Count;
    // Looked at with every event: by index, an enumerator would be an allocation.
    private readonly IReadOnlyList<Zone> _zones = system.Zones;
    private long _now;
    private double _reserved;
    private double _lent;
    private double _tagged;
    private double _ideal;
    private double _blocks;
    private double _stranded;
    private double _hugeChunks;
    private readonly LatencyHistogram _ratios = new();

    public int StorageFrames => _storageFrames;

    public int ReservedMax { get; private set; }

    public int LentMax { get; private set; }

    public int GivenBackMin { get; private set; } = int.MaxValue;

    public long GivenBackMinTimeNs { get; private set; }

    /// <summary>Frames of the carve-out that are not reserved and that some request may use.</summary>
    public int GivenBack => system.Blocks.KeepsAll ? 0 : _storageFrames - system.Blocks.ReservedFrames;

    public double ReservedMean => Mean(_reserved, system.Blocks.ReservedFrames);

    public double LentMean => Mean(_lent, system.LentFramesInUse);

    public double TaggedMean => Mean(_tagged, system.TaggedFrames);

    public double GivenBackMean => system.Blocks.KeepsAll ? 0 : _storageFrames - ReservedMean;

    /// <summary>Tagged frames for each frame of reserved storage, 32 at most; 0 when nothing was ever reserved.</summary>
    public double BlockFillMean => _reserved == 0 ? 0 : _tagged / _reserved;

    /// <summary>Reserved blocks for each block that packed tagged frames would need; 0 when nothing was ever tagged.</summary>
    public double ReservedOverIdeal => _ideal == 0 ? 0 : _blocks / _ideal;

    /// <summary>All of it as numbers.</summary>
    public StorageFigures Figures => new(
        StorageFrames, GivenBackMean, GivenBackMin, GivenBackMinTimeNs, LentMean, LentMax, ReservedMean, ReservedMax, TaggedMean,
            BlockFillMean, ReservedOverIdeal, _ratios.Percentile(0.99) / PartsOfOne, Mean(_stranded, LookAtZones().Stranded),
            Mean(_hugeChunks, LookAtZones().HugeChunks));

    /// <summary>Holds the present state up to a time, then looks at the extremes. Times never fall.</summary>
    public void Advance(long timeNs)
    {
        double span = timeNs - _now;
        if (span > 0)
        {
            int tagged = system.TaggedFrames;
            int covered = _framesPerBlock << Vocabulary.TagGeometry.DataFramesPerStorageFrameLog2;
            _reserved += span * system.Blocks.ReservedFrames;
            _blocks += span * system.Blocks.ReservedBlocks;
            _lent += span * system.LentFramesInUse;
            _tagged += span * tagged;
            int ideal = (tagged + covered - 1) / covered;
            _ideal += span * ideal;
            (int stranded, int hugeChunks) = LookAtZones();
            _stranded += span * stranded;
            _hugeChunks += span * hugeChunks;
            if (ideal > 0)
            {
                _ratios.Record((long)((double)system.Blocks.ReservedBlocks / ideal * PartsOfOne), (long)span);
            }

            _now = timeNs;
        }
    }

    // Whatever the pages' size, a pageblock is what a huge page needs.
    private (int Stranded, int HugeChunks) LookAtZones()
    {
        (int stranded, int chunks) = (0, 0);
        for (int at = 0; at < _zones.Count; at++)
        {
            stranded += _zones[at].StrandedFrames;
            chunks += _zones[at].ChunksFrom(system.Frames.PageBlockOrder);
        }

        return (stranded, chunks);
    }

    /// <summary>Looks at the extremes after a step.</summary>
    public void Observe()
    {
        ReservedMax = Math.Max(ReservedMax, system.Blocks.ReservedFrames);
        LentMax = Math.Max(LentMax, system.LentFramesInUse);
        int givenBack = GivenBack;
        if (givenBack < GivenBackMin)
        {
            GivenBackMin = givenBack;
            GivenBackMinTimeNs = _now;
        }
    }

    /// <summary>Where no time passes there is only the state as it is.</summary>
    private double Mean(double area, int present) => _now == 0 ? present : area / _now;
}
