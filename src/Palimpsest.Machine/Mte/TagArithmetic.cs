using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Mte;

/// <summary>Condition flags that SUBPS sets.</summary>
public readonly record struct ConditionFlags(bool N, bool Z, bool C, bool V);

/// <summary>Instructions that make tagged addresses and touch no memory (Arm ARM, FEAT_MTE).</summary>
public static class TagArithmetic
{
    /// <summary>IRG: the address with a random tag that neither the operand nor GCR_EL1 excludes; tag 0 without tag access.</summary>
    public static ulong Irg(MteRegisters registers, ulong address, ulong exclude = 0, ExceptionLevel level = ExceptionLevel.El0)
    {
        bool isAllowed = registers.AllowsTags(level);
        return LogicalTag.With(address, isAllowed ? RandomTag.Next(registers, (ushort)(exclude | registers.Exclude)) : 0);
    }

    /// <summary>GMI: the mask with the bit of the address's tag set.</summary>
    public static ulong Gmi(ulong address, ulong mask) => mask | 1UL << LogicalTag.Of(address);

    /// <summary>ADDG.</summary>
    /// <param name="granules">uimm6: granules to add to the address.</param>
    /// <param name="tagOffset">uimm4: tags to go on.</param>
    public static ulong Addg(
        MteRegisters registers, ulong address, int granules, int tagOffset, ExceptionLevel level = ExceptionLevel.El0) =>
        Moved(registers, address, address + ((ulong)granules * TagGeometry.GranuleBytes), tagOffset, level);

    /// <summary>SUBG; parameters as <see cref="Addg"/>.</summary>
    public static ulong Subg(
        MteRegisters registers, ulong address, int granules, int tagOffset, ExceptionLevel level = ExceptionLevel.El0) =>
        Moved(registers, address, address - ((ulong)granules * TagGeometry.GranuleBytes), tagOffset, level);

    /// <summary>SUBP: the difference of two addresses, whatever their top bytes.</summary>
    public static ulong Subp(ulong left, ulong right) => SignExtended(left) - SignExtended(right);

    /// <summary>SUBPS: as <see cref="Subp"/>, with the flags of the subtraction.</summary>
    public static ulong Subps(ulong left, ulong right, out ConditionFlags flags)
    {
        ulong a = SignExtended(left);
        ulong b = SignExtended(right);
        ulong result = a - b;
        bool isOverflow = ((a ^ b) & (a ^ result)) >> 63 != 0;
        flags = new ConditionFlags(N: result >> 63 != 0, Z: result == 0, C: a >= b, V: isOverflow);
        return result;
    }

    private static ulong Moved(MteRegisters registers, ulong address, ulong result, int tagOffset, ExceptionLevel level)
    {
        int tag = registers.AllowsTags(level)
            ? RandomTag.ChooseNonExcluded(LogicalTag.Of(address), tagOffset, registers.Exclude)
            : 0;
        return LogicalTag.With(result, tag);
    }

    private static ulong SignExtended(ulong address) => (ulong)((long)(address << 8) >> 8);
}
