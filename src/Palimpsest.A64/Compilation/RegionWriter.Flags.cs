using System.Reflection.Emit;

namespace Palimpsest.A64.Compilation;

/// <summary>
/// Flags, kept as what they come from: an origin and two operands, in the state, and as variables where they are looked at. A
/// branch behind a comparison compares.
/// </summary>
internal sealed partial class RegionWriter
{
    private readonly Dictionary<int, (Comparison? Compared, uint AtHand)> _arrivals = [];
    private LocalBuilder? _left0;
    private LocalBuilder? _right0;
    private LocalBuilder? _passed;
    private Comparison? _compared;

    /// <summary>What is known of the flags where the code is written.</summary>
    /// <param name="Origin">Of <see cref="FlagOrigin"/>, without its width.</param>
    /// <param name="Otherwise">
    /// N, Z, C and V of a conditional comparison whose condition did not hold, told by a variable; null for an ordinary one.
    /// </param>
    private sealed record Comparison(int Origin, bool IsWide, int? Otherwise = null);

    private LocalBuilder Left => _left0 ??= Local<long>();

    private LocalBuilder Right => _right0 ??= Local<long>();

    /// <summary>Two operands are on the stack, of the width; one for logic.</summary>
    private void Compare(int origin, bool isWide)
    {
        if (origin != FlagOrigin.Logic)
        {
            Keep(Right, StateOffsets.FlagRight, isWide);
        }

        Keep(Left, StateOffsets.FlagLeft, isWide);
        State(StateOffsets.Origin);
        Constant((long)(origin + (isWide ? FlagOrigin.Wide : 0)));
        _il.Emit(OpCodes.Stind_I8);
        _compared = new Comparison(origin, isWide);
    }

    private void Keep(LocalBuilder operand, int offset, bool isWide)
    {
        Extend(isWide);
        Store(operand);
        State(offset);
        Load(operand);
        _il.Emit(OpCodes.Stind_I8);
    }

    /// <summary>Two operands are on the stack: as <see cref="Compare"/>, and the result on the stack.</summary>
    private void CompareFor(int origin, bool isWide)
    {
        if (origin == FlagOrigin.Logic)
        {
            _il.Emit(OpCodes.And);
            Compare(origin, isWide);
            LoadOperand(Left, isWide);
            return;
        }

        Compare(origin, isWide);
        LoadOperands(isWide);
        _il.Emit(origin == FlagOrigin.Sum ? OpCodes.Add : OpCodes.Sub);
    }

    /// <summary>
    /// CCMP and CCMN: whether the condition held is on the stack, and the operands come from behind it; otherwise the flags are
    /// a constant of four bits.
    /// </summary>
    private void CompareIf(int origin, bool isWide, int nzcv, Action operands)
    {
        LocalBuilder passed = _passed ??= Local<int>();
        Store(passed);
        operands();
        Compare(origin, isWide);
        int otherwise = FlagOrigin.Known + nzcv;
        State(StateOffsets.Origin);
        Load(passed);
        _il.Emit(OpCodes.Conv_I8);
        Constant(origin + (isWide ? FlagOrigin.Wide : 0L) - otherwise);
        _il.Emit(OpCodes.Mul);
        Constant((long)otherwise);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Stind_I8);
        _compared = new Comparison(origin, isWide, nzcv);
    }

    private void Extend(bool isWide)
    {
        if (!isWide)
        {
            _il.Emit(OpCodes.Conv_U8);
        }
    }

    private void LoadOperand(LocalBuilder operand, bool isWide)
    {
        Load(operand);
        if (!isWide)
        {
            _il.Emit(OpCodes.Conv_I4);
        }
    }

    private void LoadOperands(bool isWide)
    {
        LoadOperand(Left, isWide);
        LoadOperand(Right, isWide);
    }

    /// <summary>Whether a condition holds, as 0 or 1.</summary>
    private void Test(int condition)
    {
        if (condition >= 14)
        {
            Constant(1);
            return;
        }

        if (_compared is { Otherwise: { } nzcv } compared)
        {
            _compared = compared with { Otherwise = null };
            Load(_passed!);
            if (new Cpu { Nzcv = (uint)nzcv << 28 }.Holds(condition))
            {
                Not();
                Test(condition);
                _il.Emit(OpCodes.Or);
            }
            else
            {
                Test(condition);
                _il.Emit(OpCodes.And);
            }

            _compared = compared;
            return;
        }

        TestOperands(condition);
    }

    private void TestOperands(int condition)
    {
        (OpCode Test, bool IsNegated)? test = _compared is not { } compared ? null : TestOf(compared.Origin, condition);
        if (test is not var (code, isNegated))
        {
            TestByCall(condition);
            return;
        }

        (int origin, bool isWide) = (_compared!.Origin, _compared.IsWide);
        if (origin == FlagOrigin.Difference && (condition & 14) != 4)
        {
            LoadOperands(isWide);
        }
        else
        {
            LoadResult(origin, isWide);
            Constant(0UL, isWide);
        }

        _il.Emit(code);
        if (isNegated)
        {
            Not();
        }
    }

    /// <summary>How a condition is told from the operands, or from the result and 0; null where it takes more.</summary>
    private static (OpCode Test, bool IsNegated)? TestOf(int origin, int condition)
    {
        bool isDifference = origin == FlagOrigin.Difference;
        bool isLogic = origin == FlagOrigin.Logic;
        OpCode? test = (condition & 14) switch
        {
            0 => OpCodes.Ceq,
            2 when isDifference => OpCodes.Clt_Un,
            8 when isDifference => OpCodes.Cgt_Un,
            10 when isDifference || isLogic => OpCodes.Clt,
            12 when isDifference || isLogic => OpCodes.Cgt,
            4 => OpCodes.Clt,
            _ => null,
        };
        return test is { } code ? (code, ((condition & 14) is 2 or 10) != ((condition & 1) != 0)) : null;
    }

    private void LoadResult(int origin, bool isWide)
    {
        if (origin == FlagOrigin.Logic)
        {
            LoadOperand(Left, isWide);
            return;
        }

        LoadOperands(isWide);
        _il.Emit(origin == FlagOrigin.Sum ? OpCodes.Add : OpCodes.Sub);
    }

    private void TestByCall(int condition)
    {
        _il.Emit(OpCodes.Ldarg_0);
        Constant(condition);
        _il.Emit(OpCodes.Call, typeof(Cpu).GetMethod(nameof(Cpu.HoldsOfMade), Any)!);
    }

    private void Not()
    {
        Constant(0);
        _il.Emit(OpCodes.Ceq);
    }

    /// <summary>The flags as the interpreter has them, whose handler looks at them.</summary>
    private void MakeFlags()
    {
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Call, typeof(Cpu).GetMethod(nameof(Cpu.MakeFlags), Any)!);
        _compared = null;
    }

    /// <summary>Where a block is come to from one place only, what is known there is known in it.</summary>
    private void Arrive(int index)
    {
        if (_plan.HasOneWay(index))
        {
            _arrivals[index] = (_compared, _atHand);
        }
    }
}
