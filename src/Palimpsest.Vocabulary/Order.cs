namespace Palimpsest.Vocabulary;

/// <summary>Binary logarithm of a number of frames, as the buddy allocator counts them.</summary>
public readonly record struct Order(int Value) : IComparable<Order>
{
    /// <summary>Largest order of the buddy allocator with any page size, inclusive: that of 64 KiB pages.</summary>
    public const int Max = 13;

    /// <summary>Orders above this are "costly" (include/linux/mmzone.h, 6.1).</summary>
    public const int Costly = 3;

    /// <summary>A single frame.</summary>
    public static readonly Order Zero = new(0);

    /// <summary>2 to its power.</summary>
    public int Frames => 1 << Value;

    /// <summary>Smaller first.</summary>
    public int CompareTo(Order other) => Value.CompareTo(other.Value);

    /// <summary>order:N.</summary>
    public override string ToString() => $"order:{Value}";
}
