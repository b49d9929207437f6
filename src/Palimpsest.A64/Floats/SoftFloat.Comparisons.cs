namespace Palimpsest.A64.Floats;

/// <summary>Comparisons, minima and maxima.</summary>
internal static partial class SoftFloat
{
    /// <summary>FPCompare: N, Z, C, V in bits 3:0.</summary>
    public static uint Compare(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment, bool signalsQuiet)
    {
        Unpacked x = Unpacked.Of(a, format, ref environment);
        Unpacked y = Unpacked.Of(b, format, ref environment);
        if (x.IsNaN || y.IsNaN)
        {
            RaiseOf(x, y, ref environment, signalsQuiet);
            return 0b0011;
        }

        return x.CompareTo(y) switch
        {
            0 => 0b0110,
            < 0 => 0b1000,
            _ => 0b0010,
        };
    }

    public static bool IsEqual(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        Compare(a, b, format, ref environment, signalsQuiet: false) == 0b0110;

    public static bool IsAtLeast(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        Compare(a, b, format, ref environment, signalsQuiet: true) is 0b0110 or 0b0010;

    public static bool IsMore(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        Compare(a, b, format, ref environment, signalsQuiet: true) == 0b0010;

    public static ulong Max(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        Extreme(a, b, format, ref environment, isMax: true);

    public static ulong Min(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        Extreme(a, b, format, ref environment, isMax: false);

    /// <summary>FMAXNM: a quiet NaN loses against a number.</summary>
    public static ulong MaxNumber(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment)
    {
        ReplaceQuiet(ref a, ref b, format, format.Infinity | format.SignBit);
        return Extreme(a, b, format, ref environment, isMax: true);
    }

    public static ulong MinNumber(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment)
    {
        ReplaceQuiet(ref a, ref b, format, format.Infinity);
        return Extreme(a, b, format, ref environment, isMax: false);
    }

    private static void ReplaceQuiet(ref ulong a, ref ulong b, FloatFormat format, ulong replacement)
    {
        FloatEnvironment silent = default;
        Unpacked x = Unpacked.Of(a, format, ref silent);
        Unpacked y = Unpacked.Of(b, format, ref silent);
        if (x.Kind == FloatKind.Quiet && !y.IsNaN)
        {
            a = replacement;
        }
        else if (y.Kind == FloatKind.Quiet && !x.IsNaN)
        {
            b = replacement;
        }
    }

    private static ulong Extreme(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment, bool isMax)
    {
        Unpacked x = Unpacked.Of(a, format, ref environment);
        Unpacked y = Unpacked.Of(b, format, ref environment);
        if (Rounder.TryNaN(a, b, x, y, format, ref environment, out ulong nan))
        {
            return nan;
        }

        if (x.IsZero && y.IsZero)
        {
            return Rounder.Zero(isMax ? x.Sign && y.Sign : x.Sign || y.Sign, format);
        }

        bool isFirst = isMax ? x.CompareTo(y) > 0 : x.CompareTo(y) < 0;
        return (isFirst ? x : y).IsZero ? Rounder.Zero((isFirst ? x : y).Sign, format) : isFirst ? a : b;
    }

    private static void RaiseOf(Unpacked x, Unpacked y, ref FloatEnvironment environment, bool signalsQuiet)
    {
        bool isInvalid = signalsQuiet || x.Kind == FloatKind.Signaling || y.Kind == FloatKind.Signaling;
        environment.Raise(isInvalid ? FloatEnvironment.Invalid : 0);
    }
}
