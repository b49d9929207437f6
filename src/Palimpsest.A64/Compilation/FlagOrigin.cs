namespace Palimpsest.A64.Compilation;

/// <summary>
/// What the flags are made of. Compiled code keeps the operands of the last operation that set flags, and makes flags of them
/// where somebody looks: mostly nobody does.
/// </summary>
internal static class FlagOrigin
{
    /// <summary>The flags themselves, where the interpreter keeps them.</summary>
    public const int Made = 0;

    /// <summary>A difference of 32 bits; with <see cref="Wide"/> of 64, as the others.</summary>
    public const int Difference = 2;

    public const int Sum = 4;

    /// <summary>A result whose C and V are 0; there is no second operand.</summary>
    public const int Logic = 6;

    public const int Wide = 1;

    /// <summary>And four bits: N, Z, C and V, known when the code was written.</summary>
    public const int Known = 16;
}
