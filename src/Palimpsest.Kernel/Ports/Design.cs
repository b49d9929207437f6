namespace Palimpsest.Kernel.Ports;

/// <summary>
/// A way to lend tag storage: answers to the questions that the kernel asks. It sees small views and returns verdicts,
/// never kernel state. Whatever it answers, the kernel keeps the laws: a silly design is slow, not corrupt.
/// </summary>
public abstract class Design
{
    /// <summary>How tag storage comes online; asked once.</summary>
    public abstract StoragePlacement Placement { get; }

    /// <summary>Which lists a request may use; asked for each allocation.</summary>
    public abstract AllocationVerdict OnAllocation(in AllocationView view);

    /// <summary>When storage is taken for a page that is about to be tagged.</summary>
    public abstract ReservationVerdict OnTagged(in TaggedView view);

    /// <summary>What the first access to a page does whose storage is busy; asked at each.</summary>
    public virtual BusyVerdict OnStorageBusy(in TaggedView view) => BusyVerdict.MoveData;

    /// <summary>How blocks are recalled and released; asked once.</summary>
    public virtual RecallRule Recall { get; } = new(Attempts: 3, FastPath: true, PageAttempts: 5, FreeThroughPerCpu: true);

    /// <summary>Bytes that a block is rounded up to beyond what the hardware asks; 0 to take the board's block size.</summary>
    public virtual int BlockBytes => 0;
}
