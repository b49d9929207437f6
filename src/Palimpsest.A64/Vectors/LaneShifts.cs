namespace Palimpsest.A64.Vectors;

/// <summary>Shifts of a lane by a signed number of bits: left where it is positive, else right.</summary>
internal static class LaneShifts
{
    /// <summary>Behind that, nothing is left of 64 bits.</summary>
    private const int Most = 66;

    public static ulong Plain(Cpu cpu, ulong d, ulong a, ulong b, int bits, bool isUnsigned) =>
        (ulong)(UInt128)Shift(a, (sbyte)b, isUnsigned, isRounded: false);

    public static ulong Rounding(Cpu cpu, ulong d, ulong a, ulong b, int bits, bool isUnsigned) =>
        (ulong)(UInt128)Shift(a, (sbyte)b, isUnsigned, isRounded: true);

    public static ulong Saturating(Cpu cpu, ulong d, ulong a, ulong b, int bits, bool isUnsigned) =>
        Saturated(cpu, a, (sbyte)b, bits, isUnsigned, isRounded: false);

    public static ulong SaturatingRounding(Cpu cpu, ulong d, ulong a, ulong b, int bits, bool isUnsigned) =>
        Saturated(cpu, a, (sbyte)b, bits, isUnsigned, isRounded: true);

    /// <summary>To the right, with the last bit that goes added where it is rounded.</summary>
    public static Int128 Right(Int128 value, int shift, bool isRounded)
    {
        if (shift >= Most)
        {
            return isRounded || value >= 0 ? 0 : -1;
        }

        return shift == 0 ? value : (value + (isRounded ? Int128.One << (shift - 1) : 0)) >> shift;
    }

    private static Int128 Shift(ulong value, int shift, bool isUnsigned, bool isRounded)
    {
        Int128 number = Lane.Number(value, isUnsigned);
        return shift < 0 ? Right(number, -shift, isRounded) : shift > 63 ? 0 : number << shift;
    }

    private static ulong Saturated(Cpu cpu, ulong value, int shift, int bits, bool isUnsigned, bool isRounded)
    {
        // What is shifted out at the top counts: a shift by the lane's width is enough for any value but zero.
        int left = value == 0 ? 0 : Math.Min(shift, bits);
        Int128 number = Lane.Number(value, isUnsigned);
        Int128 shifted = shift < 0 ? Right(number, -shift, isRounded)
            : left < 64 ? number << left
            : number > 0 ? Int128.MaxValue : Int128.MinValue;
        return Lane.Saturate(cpu, shifted, bits, isUnsigned);
    }
}
