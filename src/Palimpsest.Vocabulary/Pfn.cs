namespace Palimpsest.Vocabulary;

/// <summary>Number of a base page of physical memory: physical address divided by the page size.</summary>
public readonly record struct Pfn(ulong Value) : IComparable<Pfn>
{
    /// <summary>Largest pfn that a 52-bit physical address can name with 4 KiB pages.</summary>
    public const ulong MaxValue = (1UL << 40) - 1;

    /// <summary>By number.</summary>
    public int CompareTo(Pfn other) => Value.CompareTo(other.Value);

    /// <summary>Frames further on; overflow throws.</summary>
    public static Pfn operator +(Pfn start, ulong frames) => new(checked(start.Value + frames));

    /// <summary>Frames from one to the other; the end is not before the start.</summary>
    public static ulong operator -(Pfn end, Pfn start) => checked(end.Value - start.Value);

    /// <summary>By number.</summary>
    public static bool operator <(Pfn left, Pfn right) => left.Value < right.Value;

    /// <summary>By number.</summary>
    public static bool operator >(Pfn left, Pfn right) => left.Value > right.Value;

    /// <summary>By number.</summary>
    public static bool operator <=(Pfn left, Pfn right) => left.Value <= right.Value;

    /// <summary>By number.</summary>
    public static bool operator >=(Pfn left, Pfn right) => left.Value >= right.Value;

    /// <summary>pfn:HEX.</summary>
    public override string ToString() => $"pfn:{Value:x}";
}
