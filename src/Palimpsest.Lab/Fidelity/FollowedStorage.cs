using Palimpsest.Lab.Replay;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;

namespace Palimpsest.Lab.Fidelity;

/// <summary>Looks at the tag storage of a replay and of the recording at even distances of time.</summary>
internal sealed class FollowedStorage(Trace trace, MemoryLayout layout, WorkloadReplay replay, long durationNs)
{
    private const int Points = 240;

    private readonly RecordedStorage _kernel = new(trace, layout);
    private readonly List<StoragePoint> _points = [];

    /// <summary>Both, from the first event to the last point that was reached.</summary>
    public StorageCourse Course => StorageCourse.Of(replay.Gauge, replay.System.Counters, _kernel, _points);

    /// <summary>Runs to the last point that is not after a time.</summary>
    public void RunUntil(long timeNs)
    {
        while (_points.Count < Points && durationNs * (_points.Count + 1) / Points is var time && time <= timeNs)
        {
            replay.RunUntil(time);
            _kernel.Advance(time);
            _points.Add(new StoragePoint(time, replay.System.Blocks.ReservedFrames, _kernel.Reserved, replay.System.LentFramesInUse,
                _kernel.Data));
        }
    }
}
