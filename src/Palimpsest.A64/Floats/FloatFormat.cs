namespace Palimpsest.A64.Floats;

/// <summary>A format of IEEE 754: bits of exponent and fraction.</summary>
internal readonly record struct FloatFormat(int ExponentBits, int FractionBits)
{
    public static readonly FloatFormat Half = new(5, 10);
    public static readonly FloatFormat Single = new(8, 23);
    public static readonly FloatFormat Double = new(11, 52);

    public int Bits => 1 + ExponentBits + FractionBits;

    public int Bias => (1 << (ExponentBits - 1)) - 1;

    public int MostExponent => (1 << ExponentBits) - 1;

    public ulong SignBit => 1UL << (Bits - 1);

    public ulong QuietBit => 1UL << (FractionBits - 1);

    public ulong FractionMask => (1UL << FractionBits) - 1;

    public ulong Infinity => (ulong)MostExponent << FractionBits;

    public ulong DefaultNaN => Infinity | QuietBit;

    /// <summary>The format of a lane of so many bytes.</summary>
    public static FloatFormat OfBytes(int bytes) => bytes == 8 ? Double : bytes == 4 ? Single : Half;
}

/// <summary>FPCR.RMode, and two that only some instructions have.</summary>
internal enum Rounding
{
    ToEven,
    Up,
    Down,
    ToZero,
    Away,
    ToOdd,
}

/// <summary>Bits of FPSR, and what of FPCR an operation looks at.</summary>
/// <param name="control">FPCR.</param>
/// <param name="status">FPSR before; exceptions are added.</param>
internal struct FloatEnvironment(uint control, uint status)
{
    public const uint Invalid = 1;
    public const uint DivideByZero = 2;
    public const uint Overflow = 4;
    public const uint Underflow = 8;
    public const uint Inexact = 16;
    public const uint InputDenormal = 128;
    public const uint Saturated = 1 << 27;

    private const uint RoundingAndFlush = 7 << 22;

    public uint Status = status;

    public readonly Rounding Rounding => (Rounding)(control >> 22 & 3);

    public readonly bool Flushes => (control >> 24 & 1) != 0;

    public readonly bool UsesDefaultNaN => (control >> 25 & 1) != 0;

    /// <summary>AHP: halves without infinities and NaNs.</summary>
    public readonly bool UsesAlternativeHalf => (control >> 26 & 1) != 0;

    /// <summary>The host computes the same where it rounds a normal number: inexact has been noted already.</summary>
    public readonly bool IsHostLike => (control & RoundingAndFlush) == 0 && (Status & Inexact) != 0;

    public void Raise(uint exception) => Status |= exception;
}
