namespace Palimpsest.A64.Compilation;

/// <summary>What compiled code calls where there is no instruction of the intermediate language.</summary>
internal static class Assistance
{
    /// <summary>Upper half of a product.</summary>
    public static ulong MultiplyHigh(ulong left, ulong right) => Math.BigMul(left, right, out _);

    /// <summary>Upper half of a product of numbers with signs.</summary>
    public static long MultiplyHighSigned(long left, long right) => Math.BigMul(left, right, out _);
}
