namespace Palimpsest.Vocabulary;

/// <summary>Frames from <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
public readonly record struct PfnRange(Pfn Start, Pfn End) : IComparable<PfnRange>
{
    /// <summary>End less start.</summary>
    public ulong Frames => End - Start;

    /// <summary>Holds no pfn.</summary>
    public bool IsEmpty => End <= Start;

    /// <summary>Is the pfn at or after the start and before the end?</summary>
    public bool Contains(Pfn pfn) => Start <= pfn && pfn < End;

    /// <summary>Does all of the other lie within?</summary>
    public bool Contains(PfnRange other) => Start <= other.Start && other.End <= End;

    /// <summary>Is there a pfn in both?</summary>
    public bool Overlaps(PfnRange other) => Start < other.End && other.Start < End;

    /// <summary>By start.</summary>
    public int CompareTo(PfnRange other) => Start.CompareTo(other.Start);

    /// <summary>pfn:[START, END), hexadecimal.</summary>
    public override string ToString() => $"pfn:[{Start.Value:x}, {End.Value:x})";
}
