namespace Palimpsest.A64.Decoding;

/// <summary>The 32 bits of an instruction, by the fields that most encodings share (Arm ARM, C4).</summary>
internal readonly struct Encoding(uint word)
{
    public uint Word => word;

    public int Rd => (int)(word & 31);

    public int Rn => (int)(word >> 5 & 31);

    public int Rm => (int)(word >> 16 & 31);

    /// <summary>Bits 14:10: Ra, or Rt2 of a pair.</summary>
    public int Ra => (int)(word >> 10 & 31);

    /// <summary>Bit 31: 64-bit registers.</summary>
    public bool IsWide => word >> 31 != 0;

    /// <summary>Bits 31:30.</summary>
    public int Size => (int)(word >> 30);

    public int this[int high, int low] => (int)(word >> low & (uint)((1L << (high - low + 1)) - 1));

    public bool this[int bit] => (word >> bit & 1) != 0;

    public int Signed(int high, int low) => (int)(word << (31 - high)) >> (31 - high + low);

    /// <summary>A register as an operand: 31 reads as zero.</summary>
    public static byte Read(int register) => (byte)(register == 31 ? Cpu.Zero : register);

    /// <summary>A register as a destination: what goes to 31 is dropped.</summary>
    public static byte Write(int register) => (byte)(register == 31 ? Cpu.Sink : register);
}
