using System.Buffers.Binary;
using System.Numerics;
using System.Reflection.Emit;
using Palimpsest.A64.Decoding;

namespace Palimpsest.A64.Compilation;

/// <summary>Data processing of registers.</summary>
internal sealed partial class RegionWriter
{
    private LocalBuilder? _chosen;

    private bool TryWriteRegister(Encoding e) => (e[28], e[24, 21]) switch
    {
        (false, < 8) => TryWriteLogicalRegister(e),
        (false, var kind) => (kind & 1) == 0 ? TryWriteAddShifted(e) : TryWriteAddExtended(e),
        (true, 2) => TryWriteConditionalCompare(e),
        (true, 4) => TryWriteSelect(e),
        (true, 6) => e[30] ? TryWriteOneSource(e) : TryWriteTwoSources(e),
        (true, >= 8) => TryWriteThreeSources(e),
        _ => false,
    };

    private bool TryWriteLogicalRegister(Encoding e)
    {
        int shift = e[15, 10];
        if (!e.IsWide && shift > 31)
        {
            return false;
        }

        bool isMove = e[30, 29] == 1 && e.Rn == 31;
        if (!isMove)
        {
            Get(Encoding.Read(e.Rn), e.IsWide);
        }

        GetShifted(e.Rm, e[23, 22], shift, e.IsWide);
        if (e[21])
        {
            _il.Emit(OpCodes.Not);
        }

        if (isMove)
        {
            Set(Encoding.Write(e.Rd), e.IsWide);
        }
        else
        {
            WriteLogical(e[30, 29], e.IsWide, Encoding.Write(e.Rd));
        }

        return true;
    }

    private bool TryWriteAddShifted(Encoding e)
    {
        int shift = e[15, 10];
        if (e[23, 22] == 3 || (!e.IsWide && shift > 31))
        {
            return false;
        }

        Get(Encoding.Read(e.Rn), e.IsWide);
        GetShifted(e.Rm, e[23, 22], shift, e.IsWide);
        WriteAdd(e, Encoding.Write(e.Rd));
        return true;
    }

    private bool TryWriteAddExtended(Encoding e)
    {
        if (e[23, 22] != 0 || e[12, 10] > 4)
        {
            return false;
        }

        Get(e.Rn, e.IsWide);
        GetExtended(Encoding.Read(e.Rm), e[15, 13], e.IsWide);
        ShiftLeft(e[12, 10]);
        WriteAdd(e, e[29] ? Encoding.Write(e.Rd) : e.Rd);
        return true;
    }

    private bool TryWriteConditionalCompare(Encoding e)
    {
        if (!e[29] || e[10] || e[4])
        {
            return false;
        }

        Test(e[15, 12]);
        CompareIf(e[30] ? FlagOrigin.Difference : FlagOrigin.Sum, e.IsWide, e[3, 0], () =>
        {
            Get(Encoding.Read(e.Rn), e.IsWide);
            if (e[11])
            {
                Constant((ulong)e.Rm, e.IsWide);
            }
            else
            {
                Get(Encoding.Read(e.Rm), e.IsWide);
            }
        });
        return true;
    }

    private bool TryWriteSelect(Encoding e)
    {
        if (e[29] || e[11])
        {
            return false;
        }

        LocalBuilder chosen = _chosen ??= Local<long>();
        Label end = _il.DefineLabel();
        int other = Encoding.Read(e.Rm);
        if (other != Cpu.Zero)
        {
            Ensure(other);
        }

        Get(Encoding.Read(e.Rn));
        Store(chosen);
        Test(e[15, 12]);
        _il.Emit(OpCodes.Brtrue, end);
        Get(other);
        if (e[30])
        {
            _il.Emit(OpCodes.Not);
        }

        if (e[10])
        {
            Constant(1L);
            _il.Emit(OpCodes.Add);
        }

        Store(chosen);
        _il.MarkLabel(end);
        Load(chosen);
        if (!e.IsWide)
        {
            _il.Emit(OpCodes.Conv_U4);
        }

        Set(Encoding.Write(e.Rd), e.IsWide);
        return true;
    }

    private bool TryWriteOneSource(Encoding e)
    {
        int operation = e[15, 10];
        bool isReversal = operation == 3 ? e.IsWide : operation == 2 && !e.IsWide;
        if (e[29] || e.Rm != 0 || !(operation is 1 or 4 || isReversal))
        {
            return false;
        }

        if (operation == 1)
        {
            WriteSwapOfBytes(e);
            return true;
        }

        Get(Encoding.Read(e.Rn), e.IsWide);
        Type type = e.IsWide ? typeof(ulong) : typeof(uint);
        if (operation == 4)
        {
            _il.Emit(OpCodes.Call, typeof(BitOperations).GetMethod(nameof(BitOperations.LeadingZeroCount), [type])!);
            _il.Emit(OpCodes.Conv_U8);
            Set(Encoding.Write(e.Rd));
            return true;
        }

        _il.Emit(OpCodes.Call, typeof(BinaryPrimitives).GetMethod(nameof(BinaryPrimitives.ReverseEndianness), [type])!);
        Set(Encoding.Write(e.Rd), e.IsWide);
        return true;
    }

    /// <summary>REV16.</summary>
    private void WriteSwapOfBytes(Encoding e)
    {
        const ulong Lower = 0x00FF00FF00FF00FF;
        Get(Encoding.Read(e.Rn), e.IsWide);
        ShiftRight(8, OpCodes.Shr_Un);
        Constant(Lower, e.IsWide);
        _il.Emit(OpCodes.And);
        Get(Encoding.Read(e.Rn), e.IsWide);
        Constant(Lower, e.IsWide);
        _il.Emit(OpCodes.And);
        ShiftLeft(8);
        _il.Emit(OpCodes.Or);
        Set(Encoding.Write(e.Rd), e.IsWide);
    }

    /// <summary>A register of the encoding, shifted as an operand.</summary>
    private void GetShifted(int register, int kind, int shift, bool isWide)
    {
        Get(Encoding.Read(register), isWide);
        if (shift == 0)
        {
            return;
        }

        if (kind < 3)
        {
            Constant(shift);
            _il.Emit(kind == 0 ? OpCodes.Shl : kind == 1 ? OpCodes.Shr_Un : OpCodes.Shr);
            return;
        }

        Constant(shift);
        _il.Emit(OpCodes.Shr_Un);
        Get(Encoding.Read(register), isWide);
        Constant((isWide ? 64 : 32) - shift);
        _il.Emit(OpCodes.Shl);
        _il.Emit(OpCodes.Or);
    }

    /// <summary>ExtendReg.</summary>
    private void GetExtended(int register, int option, bool isWide)
    {
        Get(register, isWide);
        OpCode? code = option switch
        {
            0 => OpCodes.Conv_U1,
            1 => OpCodes.Conv_U2,
            2 => OpCodes.Conv_U4,
            4 => OpCodes.Conv_I1,
            5 => OpCodes.Conv_I2,
            6 => OpCodes.Conv_I4,
            _ => null,
        };
        if (code is { } narrow)
        {
            _il.Emit(narrow);
            if (isWide)
            {
                _il.Emit(option < 4 ? OpCodes.Conv_U8 : OpCodes.Conv_I8);
            }
        }
    }
}
