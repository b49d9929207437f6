namespace Palimpsest.Vocabulary;

/// <summary>Byte address on the memory bus.</summary>
public readonly record struct PhysicalAddress(ulong Value) : IComparable<PhysicalAddress>
{
    /// <summary>By value.</summary>
    public int CompareTo(PhysicalAddress other) => Value.CompareTo(other.Value);

    /// <summary>Hexadecimal.</summary>
    public override string ToString() => $"0x{Value:x}";
}

/// <summary>Bytes from <paramref name="Start"/> up to, not including, <paramref name="Start"/> + <paramref name="Bytes"/>.</summary>
public readonly record struct PhysicalRange(PhysicalAddress Start, ulong Bytes) : IComparable<PhysicalRange>
{
    /// <summary>First address after the range; saturates when a hostile input would wrap.</summary>
    public ulong End => Bytes > ulong.MaxValue - Start.Value ? ulong.MaxValue : Start.Value + Bytes;

    /// <summary>Is there a byte in both?</summary>
    public bool Overlaps(PhysicalRange other) => Start.Value < other.End && other.Start.Value < End;

    /// <summary>Does all of the other lie within?</summary>
    public bool Contains(PhysicalRange other) => Start.Value <= other.Start.Value && other.End <= End;

    /// <summary>By start.</summary>
    public int CompareTo(PhysicalRange other) => Start.CompareTo(other.Start);

    /// <summary>[START, END), hexadecimal.</summary>
    public override string ToString() => $"[0x{Start.Value:x}, 0x{End:x})";
}
