namespace Palimpsest.Kernel.Ports;

/// <summary>
/// A way to lend tag storage: answers to the questions that the kernel asks. It sees small views and returns verdicts,
/// never kernel state. Whatever it answers, the kernel keeps the laws: a silly design is slow, not corrupt.
/// </summary>
public abstract class Design
{
    /// <summary>How tag storage is lent; asked once.</summary>
    public abstract StorageHome Home { get; }

    /// <summary>Who may draw from where it is lent; asked for each allocation.</summary>
    public virtual AllocationVerdict OnAllocation(in AllocationView view) => AllocationVerdict.Ordinary(view);

    /// <summary>When storage is taken for a page that is about to be tagged.</summary>
    public abstract ReservationVerdict OnTagged(in TaggedView view);

    /// <summary>What the first access to a page does whose storage is busy; asked at each.</summary>
    public virtual BusyVerdict OnStorageBusy(in TaggedView view) => BusyVerdict.MoveData;

    /// <summary>How blocks are recalled and released; asked once.</summary>
    public virtual RecallRule Recall { get; } = new(Attempts: 3, FastPath: true, PageAttempts: 5);

    /// <summary>Bytes that a block is rounded up to beyond what the hardware asks; 0 to take the board's block size.</summary>
    public virtual int BlockBytes => 0;
}
