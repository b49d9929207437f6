using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Ports;

/// <summary>
/// Port 1: how tag storage is lent. A home says where storage stands, which blocks are lent at all, and when a request
/// that may draw from it does. Like a design, it sees small views and returns verdicts: a silly home wastes memory.
/// </summary>
public abstract class StorageHome
{
    /// <summary>Where it stands; asked once.</summary>
    public abstract StoragePlace Place { get; }

    /// <summary>
    /// Is a block lent while nobody needs it for tags? One that is not holds tags from boot on. Asked once for each block.
    /// </summary>
    public virtual bool Lends(in StorageBlockView block) => true;

    /// <summary>
    /// Does a request that may have storage take it now? Asked at each moment of an allocation from the buddy lists, where
    /// the place has lists of its own.
    /// </summary>
    public virtual bool DrawsAt(DrawMoment moment, in DrawView view) => moment == DrawMoment.Last;

    /// <summary>Storage pages on a CMA list that a tagged request may put back at its tail while it looks for another page.</summary>
    public virtual int Candidates => 0;

    /// <summary>What the worker does where the place has active blocks.</summary>
    public virtual PackRule Packing { get; } = new();

    /// <summary>The same, where storage is claimed by cells.</summary>
    public virtual CellRule Cells { get; } = new();

    /// <summary>
    /// Where an active block stands among those that have free pages, from 0 on, below <see cref="ActiveBlockView.Classes"/>: a tagged
    /// request takes from the highest, data that borrow from the lowest. Here, by how much of it is tagged.
    /// </summary>
    public virtual int ClassOf(in ActiveBlockView view) =>
        Math.Min(ActiveBlockView.Classes - 1, view.Tagged * ActiveBlockView.Classes / view.Covered);

    /// <summary>Does an active block without tagged pages go back to whoever needs memory?</summary>
    public virtual bool GivesBack(in ActiveBlockView view) => true;
}

/// <summary>An active block of tag storage, as a home may look at it.</summary>
/// <param name="Tagged">Frames that it covers and that are tagged.</param>
/// <param name="Free">Frames that it covers and that are free.</param>
/// <param name="Covered">All frames that it covers.</param>
public readonly record struct ActiveBlockView(int Tagged, int Free, int Covered)
{
    /// <summary>Classes that a home may tell apart.</summary>
    public const int Classes = 8;
}

/// <summary>A block of tag storage, as a home may look at it.</summary>
/// <param name="Block">Number of the block, over all regions.</param>
/// <param name="Region">Number of the region that it belongs to.</param>
/// <param name="Frames">Frames of storage in it.</param>
public readonly record struct StorageBlockView(BlockId Block, int Region, int Frames);

/// <summary>Moments at which storage with lists of its own may be taken, in the order of an allocation.</summary>
public enum DrawMoment : byte
{
    /// <summary>Before the request's own type.</summary>
    BeforeOwnType,

    /// <summary>The lists of its own type are empty.</summary>
    AfterOwnType,

    /// <summary>CMA, if it may have that, is empty too; stealing from other types is next.</summary>
    AfterCma,

    /// <summary>Nothing else is left in the zone.</summary>
    Last,
}

/// <summary>What is free in a zone: in all, and of that in lists of tag storage; in frames.</summary>
public readonly record struct DrawView(int FreeFrames, int FreeStorageFrames);
