using System.Runtime.CompilerServices;
using Palimpsest.A64.Compilation;
using Palimpsest.A64.Integer;

namespace Palimpsest.A64;

/// <summary>Flags that compiled code has left as operands; while the interpreter executes there are none of them.</summary>
public sealed unsafe partial class Cpu
{
    /// <summary>Of <see cref="FlagOrigin"/>.</summary>
    internal long Origin;

    internal ulong FlagLeft;
    internal ulong FlagRight;

    /// <summary>Makes the flags of their operands.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void MakeFlags()
    {
        int origin = (int)Origin;
        Origin = FlagOrigin.Made;
        if (origin >= FlagOrigin.Known)
        {
            Nzcv = (uint)(origin - FlagOrigin.Known) << 28;
        }
        else if ((origin & FlagOrigin.Wide) != 0)
        {
            Make<Wide>(origin - FlagOrigin.Wide, FlagLeft, FlagRight);
        }
        else if (origin != FlagOrigin.Made)
        {
            Make<Narrow>(origin, (uint)FlagLeft, (uint)FlagRight);
        }
    }

    private void Make<TWidth>(int origin, ulong left, ulong right)
        where TWidth : struct, IWidth
    {
        ulong result = TWidth.Cut(origin == FlagOrigin.Difference ? left - right : origin == FlagOrigin.Sum ? left + right : left);
        Negative = TWidth.Sign(result);
        NotZero = result;
        Carry = origin == FlagOrigin.Difference ? (left >= right ? 1UL : 0) : origin == FlagOrigin.Sum && result < left ? 1UL : 0;
        Overflow = origin == FlagOrigin.Difference ? TWidth.Sign((left ^ right) & (left ^ result))
            : origin == FlagOrigin.Sum ? TWidth.Sign((left ^ result) & (right ^ result)) : 0;
    }

    /// <summary>Whether a condition holds of flags that are not made yet.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal bool HoldsOfMade(int condition)
    {
        MakeFlags();
        return Holds(condition);
    }
}
