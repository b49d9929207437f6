namespace Palimpsest.Traces.Perfetto;

/// <summary>An event that waits for its turn, and the name that a thread has from then on.</summary>
internal struct PendingEvent
{
    public TraceEvent Event;
    public int Thread;
    public int Slot;
    public bool IsKept;

    /// <summary>Thread that is called <see cref="Comm"/>.</summary>
    public int Named;

    /// <summary>Null if the event names nobody.</summary>
    public string? Comm;
}
