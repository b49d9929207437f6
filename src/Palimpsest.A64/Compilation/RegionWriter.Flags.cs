using System.Reflection.Emit;

namespace Palimpsest.A64.Compilation;

/// <summary>Flags, and what they were made of: a branch behind a comparison compares.</summary>
internal sealed partial class RegionWriter
{
    private static readonly int[] FlagOffsets = [0, StateOffsets.NotZero, StateOffsets.Carry, StateOffsets.Overflow];

    private readonly LocalBuilder?[] _flags = new LocalBuilder?[4];
    private readonly LocalBuilder?[] _operands = new LocalBuilder?[6];
    private bool _flagsWritten;
    private Comparison? _compared;

    private enum Flag
    {
        Negative,
        NotZero,
        Carry,
        Overflow,
    }

    private enum Origin
    {
        Difference,
        Sum,
        Logic,
    }

    /// <summary>What flags come from, as long as its operands are at hand.</summary>
    private sealed record Comparison(Origin Origin, bool IsWide, LocalBuilder Left, LocalBuilder Right, LocalBuilder Result);

    private LocalBuilder Of(Flag flag) => _flags[(int)flag] ??= Local<long>();

    private LocalBuilder Operand(int which, bool isWide) =>
        _operands[which + (isWide ? 3 : 0)] ??= isWide ? Local<long>() : Local<int>();

    private void SetFlag(Flag flag)
    {
        _flagsWritten = true;
        Store(Of(flag));
    }

    /// <summary>Two operands are on the stack; the flags, and the result in a variable.</summary>
    private LocalBuilder Compare(Origin origin, bool isWide)
    {
        (LocalBuilder left, LocalBuilder right, LocalBuilder result) = (Operand(0, isWide), Operand(1, isWide), Operand(2, isWide));
        Store(right);
        Store(left);
        Load(left);
        Load(right);
        _il.Emit(origin == Origin.Sum ? OpCodes.Add : origin == Origin.Difference ? OpCodes.Sub : OpCodes.And);
        Store(result);
        Load(result);
        Extend(isWide);
        SetFlag(Flag.Negative);
        Load(result);
        Extend(isWide);
        SetFlag(Flag.NotZero);
        if (origin == Origin.Logic)
        {
            Constant(0L);
            SetFlag(Flag.Carry);
            Constant(0L);
            SetFlag(Flag.Overflow);
        }
        else
        {
            CarryAndOverflow(origin, isWide, left, right, result);
        }

        _compared = new Comparison(origin, isWide, left, right, result);
        return result;
    }

    private void CarryAndOverflow(Origin origin, bool isWide, LocalBuilder left, LocalBuilder right, LocalBuilder result)
    {
        // A sum carries where it is below an operand; a difference where nothing is borrowed.
        Load(origin == Origin.Sum ? result : left);
        Load(origin == Origin.Sum ? left : right);
        _il.Emit(OpCodes.Clt_Un);
        if (origin == Origin.Difference)
        {
            Constant(0);
            _il.Emit(OpCodes.Ceq);
        }

        _il.Emit(OpCodes.Conv_U8);
        SetFlag(Flag.Carry);
        Load(left);
        Load(origin == Origin.Sum ? result : right);
        _il.Emit(OpCodes.Xor);
        Load(origin == Origin.Sum ? right : left);
        Load(result);
        _il.Emit(OpCodes.Xor);
        _il.Emit(OpCodes.And);
        Extend(isWide);
        SetFlag(Flag.Overflow);
    }

    /// <summary>The sign of 32 bits to bit 63.</summary>
    private void Extend(bool isWide)
    {
        if (!isWide)
        {
            _il.Emit(OpCodes.Conv_I8);
        }
    }

    /// <summary>PSTATE.N, Z, C and V as a constant of four bits.</summary>
    private void SetFlags(int nzcv)
    {
        Constant((nzcv & 8) != 0 ? long.MinValue : 0);
        SetFlag(Flag.Negative);
        Constant((nzcv & 4) != 0 ? 0L : 1);
        SetFlag(Flag.NotZero);
        Constant((nzcv & 2) != 0 ? 1L : 0);
        SetFlag(Flag.Carry);
        Constant((nzcv & 1) != 0 ? long.MinValue : 0);
        SetFlag(Flag.Overflow);
        _compared = null;
    }

    /// <summary>Whether a condition holds, as 0 or 1.</summary>
    private void Test(int condition)
    {
        bool isNegated = (condition & 1) != 0 && condition != 15;
        if (condition >= 14)
        {
            Constant(1);
            return;
        }

        if (!TryTestOperands(condition & 14))
        {
            TestFlags(condition & 14);
        }

        if (isNegated)
        {
            Not();
        }
    }

    private bool TryTestOperands(int condition)
    {
        if (_compared is not { } compared)
        {
            return false;
        }

        bool isDifference = compared.Origin == Origin.Difference;
        OpCode? test = condition switch
        {
            0 => OpCodes.Ceq,
            2 when isDifference => OpCodes.Clt_Un,
            8 when isDifference => OpCodes.Cgt_Un,
            10 when isDifference => OpCodes.Clt,
            12 when isDifference => OpCodes.Cgt,
            4 => OpCodes.Clt,
            10 when compared.Origin == Origin.Logic => OpCodes.Clt,
            12 when compared.Origin == Origin.Logic => OpCodes.Cgt,
            _ => null,
        };
        if (test is not { } code)
        {
            return false;
        }

        if (isDifference && condition != 4)
        {
            Load(compared.Left);
            Load(compared.Right);
        }
        else
        {
            Load(compared.Result);
            Constant(0UL, compared.IsWide);
        }

        _il.Emit(code);
        if (condition is 2 or 10)
        {
            Not();
        }

        return true;
    }

    private void TestFlags(int condition)
    {
        switch (condition)
        {
            case 0:
                IsZero(Flag.NotZero);
                break;
            case 2:
                IsZero(Flag.Carry);
                Not();
                break;
            case 4:
                IsBelowZero(Flag.Negative);
                break;
            case 6:
                IsBelowZero(Flag.Overflow);
                break;
            case 8:
                IsZero(Flag.Carry);
                IsZero(Flag.NotZero);
                _il.Emit(OpCodes.Or);
                Not();
                break;
            default:
                Load(Of(Flag.Negative));
                Load(Of(Flag.Overflow));
                _il.Emit(OpCodes.Xor);
                Constant(0L);
                _il.Emit(OpCodes.Clt);
                if (condition == 12)
                {
                    IsZero(Flag.NotZero);
                    _il.Emit(OpCodes.Or);
                }

                Not();
                break;
        }
    }

    private void IsZero(Flag flag)
    {
        Load(Of(flag));
        Constant(0L);
        _il.Emit(OpCodes.Ceq);
    }

    private void IsBelowZero(Flag flag)
    {
        Load(Of(flag));
        Constant(0L);
        _il.Emit(OpCodes.Clt);
    }

    private void Not()
    {
        Constant(0);
        _il.Emit(OpCodes.Ceq);
    }

    private void LoadFlags()
    {
        for (int flag = 0; flag < _flags.Length; flag++)
        {
            if (_flags[flag] is { } variable)
            {
                State(FlagOffsets[flag]);
                _il.Emit(OpCodes.Ldind_I8);
                Store(variable);
            }
        }
    }

    private void StoreFlags()
    {
        for (int flag = 0; flag < _flags.Length; flag++)
        {
            if (_flagsWritten && _flags[flag] is { } variable)
            {
                State(FlagOffsets[flag]);
                Load(variable);
                _il.Emit(OpCodes.Stind_I8);
            }
        }
    }

    private void ReloadFlags()
    {
        for (int flag = 0; flag < _flags.Length; flag++)
        {
            State(FlagOffsets[flag]);
            _il.Emit(OpCodes.Ldind_I8);
            SetFlag((Flag)flag);
        }

        _compared = null;
    }

    /// <summary>All flags to the state, where a handler looks at them.</summary>
    private void SpillFlags()
    {
        foreach (Flag flag in Enum.GetValues<Flag>())
        {
            Of(flag);
        }

        _flagsWritten = true;
        StoreFlags();
    }
}
