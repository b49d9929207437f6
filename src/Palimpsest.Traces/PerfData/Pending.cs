namespace Palimpsest.Traces.PerfData;

/// <summary>An event or a change of a thread's name, waiting for its turn.</summary>
internal struct Pending
{
    public TraceEvent Event;
    public int Thread;
    public int Slot;
    public bool IsKept;

    /// <summary>Thread whose name it takes over; -1 for none.</summary>
    public int Parent;

    /// <summary>Name that the thread takes; null for none.</summary>
    public string? Comm;
}
