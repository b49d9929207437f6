namespace Palimpsest.Vocabulary;

/// <summary>Binary logarithm of a number of frames, as the buddy allocator counts them.</summary>
public readonly record struct Order(int Value) : IComparable<Order>
{
    /// <summary>Largest order of the buddy allocator with any page size, inclusive: that of 64 KiB pages.</summary>
    public const int Max = 13;

    /// <summary>Orders above this are "costly" (include/linux/mmzone.h, 6.1).</summary>
    public const int Costly = 3;

    public static readonly Order Zero = new(0);

    public int Frames => 1 << Value;

    public int CompareTo(Order other) => Value.CompareTo(other.Value);

    public override string ToString() => $"order:{Value}";
}
