using System.Reflection.Emit;
using Palimpsest.A64.Decoding;
using Palimpsest.A64.Integer;

namespace Palimpsest.A64.Compilation;

/// <summary>Data processing with an immediate.</summary>
internal sealed partial class RegionWriter
{
    private bool TryWriteImmediate(Encoding e) => e[25, 23] switch
    {
        0 or 1 => WriteAddressOf(e),
        2 => WriteAddImmediate(e),
        4 => TryWriteLogicalImmediate(e),
        5 => TryWriteMoveWide(e),
        6 => TryWriteBitField(e),
        7 => TryWriteExtract(e),
        _ => false,
    };

    private bool WriteAddressOf(Encoding e)
    {
        long offset = e.Signed(23, 5) << 2 | e[30, 29];
        InPage(e.IsWide ? offset << 12 : (4 * _index) + offset);
        Set(Encoding.Write(e.Rd));
        return true;
    }

    private bool WriteAddImmediate(Encoding e)
    {
        ulong immediate = (ulong)e[21, 10] << (e[22] ? 12 : 0);
        Get(e.Rn, e.IsWide);
        Constant(immediate, e.IsWide);
        WriteAdd(e, e[29] ? Encoding.Write(e.Rd) : e.Rd);
        return true;
    }

    /// <summary>Both operands are on the stack.</summary>
    private void WriteAdd(Encoding e, int register)
    {
        int origin = e[30] ? FlagOrigin.Difference : FlagOrigin.Sum;
        if (e[29] && register == Cpu.Sink)
        {
            Compare(origin, e.IsWide);
            return;
        }

        if (e[29])
        {
            CompareFor(origin, e.IsWide);
        }
        else
        {
            _il.Emit(e[30] ? OpCodes.Sub : OpCodes.Add);
        }

        Set(register, e.IsWide);
    }

    private bool TryWriteLogicalImmediate(Encoding e)
    {
        int bits = e[22, 10];
        if (!LogicalImmediates.IsAllocated(bits, e.IsWide))
        {
            return false;
        }

        Get(Encoding.Read(e.Rn), e.IsWide);
        Constant(LogicalImmediates.Value(bits), e.IsWide);
        WriteLogical(e[30, 29], e.IsWide, e[30, 29] == 3 ? Encoding.Write(e.Rd) : e.Rd);
        return true;
    }

    /// <summary>AND, ORR, EOR or ANDS of two operands on the stack.</summary>
    private void WriteLogical(int operation, bool isWide, int register)
    {
        if (operation == 3)
        {
            CompareFor(FlagOrigin.Logic, isWide);
        }
        else
        {
            _il.Emit(operation == 0 ? OpCodes.And : operation == 1 ? OpCodes.Or : OpCodes.Xor);
        }

        Set(register, isWide);
    }

    private bool TryWriteMoveWide(Encoding e)
    {
        if (e[30, 29] == 1 || (!e.IsWide && e[22]))
        {
            return false;
        }

        int shift = e[22, 21] * 16;
        ulong value = (ulong)e[20, 5] << shift;
        if (e[30, 29] == 3)
        {
            if (e.Rd == 31)
            {
                return true;
            }

            Get(e.Rd, e.IsWide);
            Constant(~(0xFFFFUL << shift), e.IsWide);
            _il.Emit(OpCodes.And);
            Constant(value, e.IsWide);
            _il.Emit(OpCodes.Or);
        }
        else
        {
            Constant(e[30, 29] == 0 ? ~value : value, e.IsWide);
        }

        Set(Encoding.Write(e.Rd), e.IsWide);
        return true;
    }

    private bool TryWriteBitField(Encoding e)
    {
        int first = e[21, 16];
        int last = e[15, 10];
        int bits = e.IsWide ? 64 : 32;
        if (e[30, 29] == 3 || e[22] != e.IsWide || first >= bits || last >= bits)
        {
            return false;
        }

        bool isUp = last < first;
        int length = isUp ? last + 1 : last - first + 1;
        int shift = isUp ? bits - first : first;
        if (e[30, 29] == 1)
        {
            WriteInsert(e, isUp, length, shift);
            return true;
        }

        Get(Encoding.Read(e.Rn), e.IsWide);
        OpCode right = e[30, 29] == 0 ? OpCodes.Shr : OpCodes.Shr_Un;
        ShiftLeft(isUp ? bits - length : bits - shift - length);
        ShiftRight(bits - length, right);
        ShiftLeft(isUp ? shift : 0);
        Set(Encoding.Write(e.Rd), e.IsWide);
        return true;
    }

    private void WriteInsert(Encoding e, bool isUp, int length, int shift)
    {
        if (e.Rd == 31)
        {
            return;
        }

        ulong ones = ulong.MaxValue >> (64 - length);
        Get(Encoding.Read(e.Rn), e.IsWide);
        ShiftRight(isUp ? 0 : shift, OpCodes.Shr_Un);
        Constant(ones, e.IsWide);
        _il.Emit(OpCodes.And);
        ShiftLeft(isUp ? shift : 0);
        Get(e.Rd, e.IsWide);
        Constant(~(isUp ? ones << shift : ones), e.IsWide);
        _il.Emit(OpCodes.And);
        _il.Emit(OpCodes.Or);
        Set(e.Rd, e.IsWide);
    }

    private bool TryWriteExtract(Encoding e)
    {
        if (e[30, 29] != 0 || e[21] || e[22] != e.IsWide || (!e.IsWide && e[15]))
        {
            return false;
        }

        int shift = e[15, 10];
        Get(Encoding.Read(e.Rm), e.IsWide);
        ShiftRight(shift, OpCodes.Shr_Un);
        if (shift != 0)
        {
            Get(Encoding.Read(e.Rn), e.IsWide);
            ShiftLeft((e.IsWide ? 64 : 32) - shift);
            _il.Emit(OpCodes.Or);
        }

        Set(Encoding.Write(e.Rd), e.IsWide);
        return true;
    }

    private void ShiftLeft(int bits)
    {
        if (bits != 0)
        {
            Constant(bits);
            _il.Emit(OpCodes.Shl);
        }
    }

    private void ShiftRight(int bits, OpCode code)
    {
        if (bits != 0)
        {
            Constant(bits);
            _il.Emit(code);
        }
    }
}
