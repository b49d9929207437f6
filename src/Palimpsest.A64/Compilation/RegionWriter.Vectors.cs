using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using Palimpsest.A64.Decoding;
using Palimpsest.A64.Vectors;

namespace Palimpsest.A64.Compilation;

/// <summary>Vectors, which stay in the state: moves, logic and constants with the host's vectors; all else is interpreted.</summary>
internal sealed partial class RegionWriter
{
    private static readonly Type Vector = typeof(Vector128<ulong>);

    private bool TryWriteVector(Encoding e)
    {
        bool isLogic = e[28, 24] == 0b01110 && e[21] && e[15, 10] == 0b000111 && !e.IsWide && !(e[29] && e[23, 22] != 0);
        bool isConstant = e[28, 19] == 0b0111100000 && e[11, 10] == 1 && !e.IsWide && (e[15, 12] >= 12 || !e[12])
            && !(e[15, 12] == 15 && e[29] && !e[30]);
        if (isLogic)
        {
            WriteVectorLogic(e);
        }
        else if (isConstant)
        {
            WriteVectorConstant(e);
        }
        else
        {
            return TryWriteVectorMove(e);
        }

        return true;
    }

    /// <summary>AND, BIC, ORR, ORN and EOR.</summary>
    private void WriteVectorLogic(Encoding e)
    {
        PlaceOfVector(e.Rd);
        GetVector(e.Rn);
        GetVector(e.Rm);
        string operation = e[29] ? "op_ExclusiveOr" : e[23] ? "op_BitwiseOr" : "op_BitwiseAnd";
        if (e[22])
        {
            _il.Emit(OpCodes.Call, Vector.GetMethod("op_OnesComplement")!);
        }

        _il.Emit(OpCodes.Call, Vector.GetMethod(operation)!);
        if (!e[30])
        {
            _il.Emit(OpCodes.Call, Generic(nameof(Vector128.ToScalar)));
            _il.Emit(OpCodes.Call, FromScalar());
        }

        _il.Emit(OpCodes.Stobj, Vector);
    }

    /// <summary>MOVI, MVNI and FMOV of a constant.</summary>
    private void WriteVectorConstant(Encoding e)
    {
        PlaceOfVector(e.Rd);
        Constant((long)ModifiedImmediates.Expand(e));
        _il.Emit(OpCodes.Call, e[30] ? typeof(Vector128).GetMethod(nameof(Vector128.Create), [typeof(ulong)])! : FromScalar());
        _il.Emit(OpCodes.Stobj, Vector);
    }

    /// <summary>FMOV between a general register and the lower part of a vector, of the same size.</summary>
    private bool TryWriteVectorMove(Encoding e)
    {
        bool isMove = e[30, 24] == 0b0011110 && e[21] && e[15, 10] == 0 && e[20, 19] == 0 && e[18, 16] is 6 or 7
            && e[23, 22] == (e.IsWide ? 1 : 0);
        if (!isMove)
        {
            return false;
        }

        if (e[16])
        {
            PlaceOfVector(e.Rd);
            Get(Encoding.Read(e.Rn), e.IsWide);
            _il.Emit(OpCodes.Conv_U8);
            _il.Emit(OpCodes.Call, FromScalar());
            _il.Emit(OpCodes.Stobj, Vector);
        }
        else
        {
            PlaceOfVector(e.Rn);
            _il.Emit(e.IsWide ? OpCodes.Ldind_I8 : OpCodes.Ldind_I4);
            Set(Encoding.Write(e.Rd), e.IsWide);
        }

        return true;
    }

    private void GetVector(int register)
    {
        PlaceOfVector(register);
        _il.Emit(OpCodes.Ldobj, Vector);
    }

    private static System.Reflection.MethodInfo FromScalar() =>
        typeof(Vector128).GetMethod(nameof(Vector128.CreateScalar), [typeof(ulong)])!;

    private static System.Reflection.MethodInfo Generic(string name) =>
        typeof(Vector128).GetMethod(name)!.MakeGenericMethod(typeof(ulong));

    private void LoadVector(int register, int size, int offset)
    {
        PlaceOfVector(register);
        Load(_place!);
        Add(offset);

        _il.Emit(OpCodes.Unaligned, (byte)1);
        if (size == 16)
        {
            _il.Emit(OpCodes.Ldobj, Vector);
        }
        else
        {
            _il.Emit(size switch
            {
                1 => OpCodes.Ldind_U1,
                2 => OpCodes.Ldind_U2,
                4 => OpCodes.Ldind_U4,
                _ => OpCodes.Ldind_I8,
            });
            _il.Emit(OpCodes.Conv_U8);
            _il.Emit(OpCodes.Call, FromScalar());
        }

        _il.Emit(OpCodes.Stobj, Vector);
    }

    /// <summary>The lower part of a vector register to the place on the stack.</summary>
    private void StoreVector(int register, int size)
    {
        PlaceOfVector(register);
        (OpCode load, OpCode store) = size switch
        {
            1 => (OpCodes.Ldind_U1, OpCodes.Stind_I1),
            2 => (OpCodes.Ldind_U2, OpCodes.Stind_I2),
            4 => (OpCodes.Ldind_U4, OpCodes.Stind_I4),
            _ => (OpCodes.Ldind_I8, OpCodes.Stind_I8),
        };
        if (size == 16)
        {
            _il.Emit(OpCodes.Ldobj, Vector);
            _il.Emit(OpCodes.Unaligned, (byte)1);
            _il.Emit(OpCodes.Stobj, Vector);
            return;
        }

        _il.Emit(load);
        _il.Emit(OpCodes.Unaligned, (byte)1);
        _il.Emit(store);
    }
}
