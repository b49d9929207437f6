using Palimpsest.A64.Control;
using Palimpsest.A64.Floats;
using Palimpsest.A64.Vectors;

namespace Palimpsest.A64.Decoding;

/// <summary>From encodings to instructions; what is not allocated, or no part of what Linux tells programs of, is undefined.</summary>
internal static unsafe class Decoder
{
    /// <param name="index">Its place in its page, in instructions: a branch within a page is a step.</param>
    public static Instruction Decode(uint word, int index)
    {
        Encoding e = new(word);
        return e[28, 25] switch
        {
            0b1000 or 0b1001 => ImmediateDecoder.Decode(e, index),
            0b1010 or 0b1011 => BranchDecoder.Decode(e, index),
            0b0100 or 0b0110 or 0b1100 or 0b1110 => MemoryDecoder.Decode(e),
            0b0101 or 0b1101 => RegisterDecoder.Decode(e),
            0b0111 or 0b1111 => FloatOrVector(e),
            _ => Undefined(e),
        };
    }

    public static Instruction Undefined(Encoding e) => ByWord(e, &Exceptions.Undefined);

    /// <summary>An instruction that is taken apart when it is executed.</summary>
    public static Instruction ByWord(Encoding e, Handler handler) => new() { Execute = handler, Imm = (int)e.Word };

    public static Instruction Make(Handler handler, int rd = 0, int rn = 0, int rm = 0, int extra = 0, int imm = 0) => new()
    {
        Execute = handler, Rd = (byte)rd, Rn = (byte)rn, Rm = (byte)rm, Extra = (byte)extra, Imm = imm,
    };

    public static Handler Of(bool isWide, Handler wide, Handler narrow) => isWide ? wide : narrow;

    /// <summary>Scalar floating point has bits 31:29 x01 or 000 with 28 set; all else is Advanced SIMD.</summary>
    private static Instruction FloatOrVector(Encoding e) =>
        e[28] && !e[30] && (e[29] == false) ? FloatDecoder.Decode(e) : VectorDecoder.Decode(e);
}
