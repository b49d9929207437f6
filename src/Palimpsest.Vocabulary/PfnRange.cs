namespace Palimpsest.Vocabulary;

/// <summary>Frames from <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
public readonly record struct PfnRange(Pfn Start, Pfn End) : IComparable<PfnRange>
{
    public ulong Frames => End - Start;

    public bool IsEmpty => End <= Start;

    public bool Contains(Pfn pfn) => Start <= pfn && pfn < End;

    public bool Contains(PfnRange other) => Start <= other.Start && other.End <= End;

    public bool Overlaps(PfnRange other) => Start < other.End && other.Start < End;

    public int CompareTo(PfnRange other) => Start.CompareTo(other.Start);

    public override string ToString() => $"pfn:[{Start.Value:x}, {End.Value:x})";
}
