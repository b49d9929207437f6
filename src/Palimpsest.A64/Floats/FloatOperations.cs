namespace Palimpsest.A64.Floats;

/// <summary>An operation on two numbers of a format, of one register or of each lane.</summary>
internal interface IFloatBinary
{
    static abstract ulong Apply(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment);
}

internal readonly struct FloatAdd : IFloatBinary
{
    public static ulong Apply(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        SoftFloat.Add(a, b, format, ref environment);
}

internal readonly struct FloatSubtract : IFloatBinary
{
    public static ulong Apply(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        SoftFloat.Subtract(a, b, format, ref environment);
}

internal readonly struct FloatMultiply : IFloatBinary
{
    public static ulong Apply(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        SoftFloat.Multiply(a, b, format, ref environment);
}

/// <summary>FNMUL.</summary>
internal readonly struct FloatMultiplyNegated : IFloatBinary
{
    public static ulong Apply(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        SoftFloat.Multiply(a, b, format, ref environment) ^ format.SignBit;
}

internal readonly struct FloatDivide : IFloatBinary
{
    public static ulong Apply(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        SoftFloat.Divide(a, b, format, ref environment);
}

internal readonly struct FloatMax : IFloatBinary
{
    public static ulong Apply(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        SoftFloat.Max(a, b, format, ref environment);
}

internal readonly struct FloatMin : IFloatBinary
{
    public static ulong Apply(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        SoftFloat.Min(a, b, format, ref environment);
}

internal readonly struct FloatMaxNumber : IFloatBinary
{
    public static ulong Apply(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        SoftFloat.MaxNumber(a, b, format, ref environment);
}

internal readonly struct FloatMinNumber : IFloatBinary
{
    public static ulong Apply(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        SoftFloat.MinNumber(a, b, format, ref environment);
}
