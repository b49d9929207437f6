using Palimpsest.Kernel.Following;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>
/// Tag storage over time as the recorded kernel's events have it: blocks taken and given back, and pages of data whose allocation or
/// move into tag storage was seen.
/// </summary>
internal sealed class RecordedStorage
{
    private readonly Trace _trace;
    private readonly MemoryLayout _layout;
    private readonly bool[] _isStorage;
    private readonly bool[] _isData;
    private readonly bool[] _isTagged;
    private readonly HashSet<Frame> _blocks = [];
    private long _next;
    private long _now;
    private double _reservedArea;
    private double _dataArea;
    private double _taggedArea;

    public RecordedStorage(Trace trace, MemoryLayout layout)
    {
        _trace = trace;
        _layout = layout;
        _isStorage = layout.StorageMask();
        _isData = new bool[layout.Frames];
        _isTagged = new bool[layout.Frames];
    }

    public int Reserved { get; private set; }

    public int ReservedMax { get; private set; }

    public int Data { get; private set; }

    public int DataMax { get; private set; }

    /// <summary>Pages that have storage.</summary>
    public int Tagged { get; private set; }

    public double TaggedMean => _now == 0 ? Tagged : _taggedArea / _now;

    /// <summary>Range allocations that isolated pageblocks and emptied them.</summary>
    public int Ranges { get; private set; }

    public double ReservedMean => _now == 0 ? Reserved : _reservedArea / _now;

    public double DataMean => _now == 0 ? Data : _dataArea / _now;

    /// <summary>Looks at all events up to a time since the first, itself included.</summary>
    public void Advance(long timeNs)
    {
        for (; _next < _trace.Events.Count; _next++)
        {
            ref readonly TraceEvent at = ref _trace.Events[_next];
            long time = Math.Max(_now, at.TimeNs - _trace.Events[0].TimeNs);
            if (time > timeNs)
            {
                break;
            }

            Hold(time);
            Look(at);
        }

        Hold(timeNs);
    }

    private void Hold(long time)
    {
        _reservedArea += (double)(time - _now) * Reserved;
        _dataArea += (double)(time - _now) * Data;
        _taggedArea += (double)(time - _now) * Tagged;
        _now = time;
    }

    private void Look(in TraceEvent at)
    {
        Frame frame = new(_layout.FrameOf(at.Pfn));
        if (!frame.IsNone && at.Kind is TraceEventKind.StorageReserve or TraceEventKind.StorageFree && at.Order <= Order.Max)
        {
            CountTagged(at, frame);
        }

        if (frame.IsNone || !_isStorage[frame.Index])
        {
            return;
        }

        switch (at.Kind)
        {
            case TraceEventKind.ExactRangeEnd:
                Ranges += at.MigrateType == 0 ? 1 : 0;
                break;
            case TraceEventKind.StorageBlock:
                MoveBlock(frame, at.Value, TagStorageEvents.SmallOf(at) == 1);
                break;
            case TraceEventKind.Allocate or TraceEventKind.MigrationTarget when at.Order <= Order.Max:
                Mark(frame, 1 << at.Order, isData: true);
                break;
            case TraceEventKind.Free when at.Order <= Order.Max:
                Mark(frame, 1 << at.Order, isData: false);
                break;
        }
    }

    private void CountTagged(in TraceEvent at, Frame frame)
    {
        bool hasStorage = at.Kind == TraceEventKind.StorageReserve && (StoragePath)at.MigrateType < StoragePath.Failed;
        if (at.Kind == TraceEventKind.StorageFree || hasStorage)
        {
            Tagged += _isTagged[frame.Index] == hasStorage ? 0 : hasStorage ? 1 << at.Order : -(1 << at.Order);
            _isTagged[frame.Index] = hasStorage;
        }
    }

    private void MoveBlock(Frame frame, int count, bool isTaken)
    {
        if (isTaken && _blocks.Add(frame))
        {
            Reserved += count;
            Mark(frame, count, isData: false);
        }
        else if (!isTaken && _blocks.Remove(frame))
        {
            Reserved -= count;
        }

        ReservedMax = Math.Max(ReservedMax, Reserved);
    }

    private void Mark(Frame frame, int count, bool isData)
    {
        for (int at = frame.Index; at < Math.Min(frame.Index + count, _isData.Length); at++)
        {
            Data += _isStorage[at] && _isData[at] != isData ? (isData ? 1 : -1) : 0;
            _isData[at] = isData;
        }

        DataMax = Math.Max(DataMax, Data);
    }
}
