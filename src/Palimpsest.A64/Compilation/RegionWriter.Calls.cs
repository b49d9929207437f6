using System.Reflection.Emit;
using Palimpsest.A64.Decoding;

namespace Palimpsest.A64.Compilation;

/// <summary>Instructions that the interpreter does: what they may change is loaded anew behind them.</summary>
internal sealed unsafe partial class RegionWriter
{
    private void Interpret(Encoding e)
    {
        Interpreted++;
        if (TouchesFlags(e))
        {
            MakeFlags();
        }

        PrepareFault();
        _il.Emit(OpCodes.Ldarg_0);
        Address(_index);
        Pointer(_page.Own(_page.Code + _index));
        _il.EmitCalli(OpCodes.Calli, System.Reflection.CallingConventions.Standard, typeof(nint), [typeof(Cpu), typeof(nint)], null);
        _il.Emit(OpCodes.Brfalse, Before(End.Fault));
        foreach (int register in TouchedBy(e).Where(register => register < Registers))
        {
            Forget(register);
        }
    }

    /// <summary>Where an instruction was not executed, or stops: those behind it were not, and it has counted itself.</summary>
    private void PrepareFault()
    {
        State(StateOffsets.Refund);
        Constant((long)(_block.End - _index - 1));
        _il.Emit(OpCodes.Stind_I8);
    }

    /// <summary>General registers that a handler may read or write; 31 counts as SP, which it may be.</summary>
    private static IEnumerable<int> TouchedBy(Encoding e) => e[28, 25] switch
    {
        0b0111 or 0b1111 => TouchesGeneral(e) ? [e.Rd, e.Rn] : [],
        0b1010 or 0b1011 => [e.Rd],
        0b0100 or 0b0110 or 0b1100 or 0b1110 when e[26] => [e.Rn, e.Rm],
        0b0100 or 0b0110 or 0b1100 or 0b1110 when IsSwapOfPairs(e) => [e.Rd, e.Rn, e.Rm, (e.Rd + 1) & 31, (e.Rm + 1) & 31],
        _ => [e.Rd, e.Rn, e.Rm, e.Ra],
    };

    /// <summary>Vector instructions of general registers: conversions, moves, copies of elements.</summary>
    private static bool TouchesGeneral(Encoding e) =>
        (e[30, 24] is 0b0011110 or 0b0011111 && e[24] == false && (!e[21] || e[15, 10] == 0))
        || (e[28, 21] == 0b01110000 && !e[15] && e[10]);

    private static bool IsSwapOfPairs(Encoding e) => !e.IsWide && e[29, 23] == 0b0010000 && e[21] && e[14, 10] == 31;

    /// <summary>Comparisons and choices of numbers, system registers, and what is rare among integers.</summary>
    private static bool TouchesFlags(Encoding e) => e[28, 25] switch
    {
        0b0111 or 0b1111 => e[30, 24] == 0b0011110 && e[21] && (e[11, 10] is 1 or 3 || (e[13, 10] == 8 && e[11, 10] == 0)),
        0b1010 or 0b1011 or 0b0101 or 0b1101 => true,
        _ => false,
    };
}
