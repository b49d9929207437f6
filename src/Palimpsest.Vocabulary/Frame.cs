using System.Globalization;

namespace Palimpsest.Vocabulary;

/// <summary>
/// Index of a frame in the frame table of a machine, dense over all banks (a layout maps pfns to it). Aligned like its pfn up to the
/// largest buddy block, so that a buddy is found by its bits.
/// </summary>
public readonly record struct Frame(int Index) : IComparable<Frame>
{
    /// <summary>No frame: no memory, nothing there.</summary>
    // A property, so that it is a constant in code; a static field would be read, after a look whether its type is ready.
    public static Frame None => new(-1);

    /// <summary>No frame: what -1 stands for.</summary>
    public bool IsNone => Index < 0;

    /// <summary>By index.</summary>
    public int CompareTo(Frame other) => Index.CompareTo(other.Index);

    /// <summary>First frame of the chunk of an order that this one lies in.</summary>
    public Frame HeadAt(int order) => new(Index & -(1 << order));

    /// <summary>The other half of the chunk of the next order.</summary>
    public Frame BuddyAt(int order) => new(Index ^ (1 << order));

    /// <summary>The higher of two.</summary>
    public static Frame Max(Frame one, Frame other) => one > other ? one : other;

    /// <summary>The lower of two.</summary>
    public static Frame Min(Frame one, Frame other) => one < other ? one : other;

    /// <summary>Frames further on.</summary>
    public static Frame operator +(Frame start, int frames) => new(start.Index + frames);

    /// <summary>Frames further back.</summary>
    public static Frame operator -(Frame end, int frames) => new(end.Index - frames);

    /// <summary>Frames from one to the other.</summary>
    public static int operator -(Frame end, Frame start) => end.Index - start.Index;

    /// <summary>The next.</summary>
    public static Frame operator ++(Frame frame) => new(frame.Index + 1);

    /// <summary>The one before.</summary>
    public static Frame operator --(Frame frame) => new(frame.Index - 1);

    /// <summary>By index.</summary>
    public static bool operator <(Frame left, Frame right) => left.Index < right.Index;

    /// <summary>By index.</summary>
    public static bool operator >(Frame left, Frame right) => left.Index > right.Index;

    /// <summary>By index.</summary>
    public static bool operator <=(Frame left, Frame right) => left.Index <= right.Index;

    /// <summary>By index.</summary>
    public static bool operator >=(Frame left, Frame right) => left.Index >= right.Index;

    /// <summary>The index in decimal.</summary>
    public override string ToString() => Index.ToString(CultureInfo.InvariantCulture);
}
