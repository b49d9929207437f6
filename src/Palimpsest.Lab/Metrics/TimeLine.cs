using Palimpsest.Kernel;
using Palimpsest.Kernel.Frames;

namespace Palimpsest.Lab.Metrics;

/// <summary>State of a system at one moment, in frames.</summary>
public readonly record struct TimePoint(
    long TimeNs, int Reserved, int Lent, int Tagged, int ReservedBlocks, long MigratedFrames, int Free)
{
    internal static TimePoint Of(MemorySystem system, long timeNs)
    {
        int free = 0;
        foreach (Zone zone in system.Zones)
        {
            free += zone.FreeFrames;
        }

        return new TimePoint(timeNs, system.Blocks.ReservedFrames, system.LentFramesInUse, system.TaggedFrames,
            system.Blocks.ReservedBlocks, system.Counters.TagMigratedFrames, free);
    }
}

/// <summary>Samples at even distances of trace time, for plots.</summary>
public sealed class TimeLine(MemorySystem system, long durationNs, int points)
{
    /// <summary>Even distances that a run is divided into for a comparison's time lines.</summary>
    public const int Distances = 600;

    private readonly List<TimePoint> _points = new(points + 1);
    private readonly long _stepNs = Math.Max(1, durationNs / points);
    private long _next;

    /// <summary>Samples so far, in order of time.</summary>
    public IReadOnlyList<TimePoint> Points => _points;

    /// <summary>The fullest state sampled, as a histogram of block fill.</summary>
    public PeakBlockFill Peak { get; } = new();

    /// <summary>Samples the state that held until a time, if a sample is due.</summary>
    public void Advance(long timeNs)
    {
        while (timeNs >= _next)
        {
            Sample(_next);
            _next += _stepNs;
        }
    }

    private void Sample(long timeNs)
    {
        Peak.Look(system);
        _points.Add(TimePoint.Of(system, timeNs));
    }
}
