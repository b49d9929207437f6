namespace Palimpsest.A64.Floats;

/// <summary>What the host computes, where its result is a normal number: then only inexactness could be told of it.</summary>
internal static class HostFloat
{
    private const ulong DoubleExponent = 0x7FF0000000000000;
    private const uint SingleExponent = 0x7F800000;

    public static bool TryAdd(ulong a, ulong b, FloatFormat format, out ulong result) => format.Bits == 64
        ? IsNormal(BitConverter.UInt64BitsToDouble(a) + BitConverter.UInt64BitsToDouble(b), out result)
        : IsNormal(BitConverter.UInt32BitsToSingle((uint)a) + BitConverter.UInt32BitsToSingle((uint)b), out result);

    public static bool TryMultiply(ulong a, ulong b, FloatFormat format, out ulong result) => format.Bits == 64
        ? IsNormal(BitConverter.UInt64BitsToDouble(a) * BitConverter.UInt64BitsToDouble(b), out result)
        : IsNormal(BitConverter.UInt32BitsToSingle((uint)a) * BitConverter.UInt32BitsToSingle((uint)b), out result);

    public static bool TryDivide(ulong a, ulong b, FloatFormat format, out ulong result) => format.Bits == 64
        ? IsNormal(BitConverter.UInt64BitsToDouble(a) / BitConverter.UInt64BitsToDouble(b), out result)
        : IsNormal(BitConverter.UInt32BitsToSingle((uint)a) / BitConverter.UInt32BitsToSingle((uint)b), out result);

    /// <summary>a + b * c, rounded once.</summary>
    public static bool TryMultiplyAdd(ulong a, ulong b, ulong c, FloatFormat format, out ulong result) => format.Bits == 64
        ? IsNormal(Math.FusedMultiplyAdd(Double(b), Double(c), Double(a)), out result)
        : IsNormal(MathF.FusedMultiplyAdd(Single(b), Single(c), Single(a)), out result);

    private static double Double(ulong bits) => BitConverter.UInt64BitsToDouble(bits);

    private static float Single(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits);

    // The smallest normal number may have been rounded up to, from below: that is an underflow.
    private static bool IsNormal(double value, out ulong bits)
    {
        bits = BitConverter.DoubleToUInt64Bits(value);
        return (bits & DoubleExponent) is > 1UL << 52 and < DoubleExponent;
    }

    private static bool IsNormal(float value, out ulong bits)
    {
        uint single = BitConverter.SingleToUInt32Bits(value);
        bits = single;
        return (single & SingleExponent) is > 1u << 23 and < SingleExponent;
    }
}
