using System.Numerics;
using System.Reflection.Emit;
using Palimpsest.A64.Decoding;

namespace Palimpsest.A64.Compilation;

/// <summary>Multiplication, division, and shifts by a register.</summary>
internal sealed partial class RegionWriter
{
    private bool TryWriteTwoSources(Encoding e)
    {
        int operation = e[15, 10];
        if (e[29] || operation is not (2 or 3 or (>= 8 and <= 11)))
        {
            return false;
        }

        if (operation < 4)
        {
            WriteDivision(e, isSigned: operation == 3);
            return true;
        }

        Get(Encoding.Read(e.Rn), e.IsWide);
        Get(Encoding.Read(e.Rm), isWide: false);
        Constant(e.IsWide ? 63 : 31);
        _il.Emit(OpCodes.And);
        if (operation == 11)
        {
            Type type = e.IsWide ? typeof(ulong) : typeof(uint);
            _il.Emit(OpCodes.Call, typeof(BitOperations).GetMethod(nameof(BitOperations.RotateRight), [type, typeof(int)])!);
        }
        else
        {
            _il.Emit(operation == 8 ? OpCodes.Shl : operation == 9 ? OpCodes.Shr_Un : OpCodes.Shr);
        }

        Set(Encoding.Write(e.Rd), e.IsWide);
        return true;
    }

    /// <summary>Nothing traps: by 0 it is 0, and the quotient that does not fit is the dividend again.</summary>
    private void WriteDivision(Encoding e, bool isSigned)
    {
        LocalBuilder chosen = _chosen ??= Local<long>();
        Label isUnusual = _il.DefineLabel();
        Label end = _il.DefineLabel();
        int divisor = Encoding.Read(e.Rm);
        if (e.Rn != 31)
        {
            Ensure(e.Rn);
        }

        Get(divisor, e.IsWide);
        Constant(0UL, e.IsWide);
        _il.Emit(OpCodes.Beq, isUnusual);
        if (isSigned)
        {
            Get(divisor, e.IsWide);
            Constant(ulong.MaxValue, e.IsWide);
            _il.Emit(OpCodes.Beq, isUnusual);
        }

        Get(Encoding.Read(e.Rn), e.IsWide);
        Get(divisor, e.IsWide);
        _il.Emit(isSigned ? OpCodes.Div : OpCodes.Div_Un);
        _il.Emit(OpCodes.Conv_U8);
        Store(chosen);
        _il.Emit(OpCodes.Br, end);
        _il.MarkLabel(isUnusual);

        // 0, or the product with -1.
        Get(Encoding.Read(e.Rn), e.IsWide);
        Get(divisor, e.IsWide);
        _il.Emit(OpCodes.Mul);
        _il.Emit(OpCodes.Conv_U8);
        Store(chosen);
        _il.MarkLabel(end);
        Load(chosen);
        Set(Encoding.Write(e.Rd));
    }

    private bool TryWriteThreeSources(Encoding e)
    {
        bool isLong = e[23, 21] is 1 or 5 && e.IsWide;
        bool isHigh = e[23, 21] is 2 or 6 && e.IsWide && !e[15];
        if (e[30, 29] != 0 || !(e[23, 21] == 0 || isLong || isHigh))
        {
            return false;
        }

        if (isHigh)
        {
            Get(Encoding.Read(e.Rn));
            Get(Encoding.Read(e.Rm));
            string method = e[23] ? nameof(Assistance.MultiplyHigh) : nameof(Assistance.MultiplyHighSigned);
            _il.Emit(OpCodes.Call, typeof(Assistance).GetMethod(method)!);
            Set(Encoding.Write(e.Rd));
            return true;
        }

        bool hasAddend = e.Ra != 31 || e[15];
        if (hasAddend)
        {
            Get(Encoding.Read(e.Ra), e.IsWide);
        }

        GetFactor(e.Rn, e.IsWide && !isLong);
        ExtendFactor(e, isLong);
        GetFactor(e.Rm, e.IsWide && !isLong);
        ExtendFactor(e, isLong);
        _il.Emit(OpCodes.Mul);
        if (hasAddend)
        {
            _il.Emit(e[15] ? OpCodes.Sub : OpCodes.Add);
        }

        Set(Encoding.Write(e.Rd), e.IsWide);
        return true;
    }

    private void GetFactor(int register, bool isWide) => Get(Encoding.Read(register), isWide);

    private void ExtendFactor(Encoding e, bool isLong)
    {
        if (isLong)
        {
            _il.Emit(e[23] ? OpCodes.Conv_U8 : OpCodes.Conv_I8);
        }
    }
}
