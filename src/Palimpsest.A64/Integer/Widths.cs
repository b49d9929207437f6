namespace Palimpsest.A64.Integer;

/// <summary>32- or 64-bit registers: writes of the narrow ones clear the upper half.</summary>
internal interface IWidth
{
    static abstract int Bits { get; }

    static abstract ulong Cut(ulong value);

    /// <summary>Sign-extended to 64 bits, so that the sign is bit 63.</summary>
    static abstract ulong Sign(ulong value);
}

internal readonly struct Wide : IWidth
{
    public static int Bits => 64;

    public static ulong Cut(ulong value) => value;

    public static ulong Sign(ulong value) => value;
}

internal readonly struct Narrow : IWidth
{
    public static int Bits => 32;

    public static ulong Cut(ulong value) => (uint)value;

    public static ulong Sign(ulong value) => (ulong)(int)value;
}
