using System.Numerics;

namespace Palimpsest.A64.Tests.Integer;

/// <summary>Sums and differences with their four flags, at the ends of both widths, against integers without a width.</summary>
public sealed class FlagLaws
{
    private static readonly ulong[] Corners =
    [
        0, 1, 2, 0x7F, 0x7FFFFFFE, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFFFF, 0x100000000, 0x100000001,
        0x7FFFFFFFFFFFFFFF, 0x8000000000000000, 0x8000000000000001, 0x123456789ABCDEF0, ulong.MaxValue - 1, ulong.MaxValue,
    ];

    public static TheoryData<bool, int> Forms() => new(
        from isWide in (bool[])[false, true]
        from operation in Enumerable.Range(0, 4)
        select (isWide, operation));

    [Theory]
    [MemberData(nameof(Forms))]
    public void SumsOfRegisters(bool isWide, int operation)
    {
        BareMachine machine = new(Encodings.Sum(isWide, operation, 2, 0, 1), Encodings.SystemCall);
        foreach ((ulong a, ulong b) in Pairs())
        {
            bool isSubtracted = operation >= 2;
            Check(machine, a, b, 0, isWide, operation, Expected(a, isSubtracted ? ~b : b, isSubtracted, isWide));
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void SumsWithCarry(bool isWide, int operation)
    {
        BareMachine machine = new(Encodings.CarrySum(isWide, operation, 2, 0, 1), Encodings.SystemCall);
        foreach ((ulong a, ulong b) in Pairs())
        {
            bool isSubtracted = operation >= 2;
            Check(machine, a, b, 0b1101, isWide, operation, Expected(a, isSubtracted ? ~b : b, carry: false, isWide));
            Check(machine, a, b, 0b0010, isWide, operation, Expected(a, isSubtracted ? ~b : b, carry: true, isWide));
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void SumsOfConstants(bool isWide, int operation)
    {
        foreach ((int immediate, bool isShifted) in (ReadOnlySpan<(int, bool)>)[(0, false), (1, false), (4095, false), (1, true),
            (4095, true)])
        {
            BareMachine machine = new(Encodings.ImmediateSum(isWide, operation, 2, 0, immediate, isShifted), Encodings.SystemCall);
            ulong b = (ulong)immediate << (isShifted ? 12 : 0);
            foreach (ulong a in Corners)
            {
                bool isSubtracted = operation >= 2;
                Check(machine, a, 0, 0, isWide, operation, Expected(a, isSubtracted ? ~b : b, isSubtracted, isWide));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ComparisonsThatAreMadeOnACondition(bool isWide)
    {
        // CCMP and CCMN where HS holds, and where it does not.
        foreach (bool isNegative in (bool[])[false, true])
        {
            BareMachine machine = new(Encodings.ConditionalCompare(isWide, isNegative, 0, 1, 0b1010, 2), Encodings.SystemCall);
            foreach ((ulong a, ulong b) in Pairs())
            {
                (_, uint flags) = Expected(a, isNegative ? b : ~b, !isNegative, isWide);
                Assert.Equal(flags, FlagsOf(machine, a, b, 0b0010));
                Assert.Equal(0b1010u, FlagsOf(machine, a, b, 0b1101));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LogicSetsTwoFlagsAndClearsTwo(bool isWide)
    {
        BareMachine and = new(Encodings.Logic(isWide, 3, false, 2, 0, 1), Encodings.SystemCall);
        BareMachine clear = new(Encodings.Logic(isWide, 3, true, 2, 0, 1), Encodings.SystemCall);
        foreach ((ulong a, ulong b) in Pairs())
        {
            CheckLogic(and, a, b, a & b, isWide);
            CheckLogic(clear, a, b, a & ~b, isWide);
        }
    }

    private static void CheckLogic(BareMachine machine, ulong a, ulong b, ulong result, bool isWide)
    {
        int width = isWide ? 64 : 32;
        result &= ulong.MaxValue >> (64 - width);
        uint flags = FlagsOf(machine, a, b, 0b0011);

        Assert.Equal((result, (uint)(result >> (width - 1)) << 3 | (result == 0 ? 4u : 0)), (machine.Cpu.X(2), flags));
    }

    private static IEnumerable<(ulong A, ulong B)> Pairs() => from a in Corners from b in Corners select (a, b);

    private static uint FlagsOf(BareMachine machine, ulong a, ulong b, uint nzcv)
    {
        (machine.Cpu.X(0), machine.Cpu.X(1), machine.Cpu.Nzcv, machine.Cpu.Pc) = (a, b, nzcv << 28, BareMachine.Code);
        Assert.Equal(StopReason.SystemCall, machine.Run().Reason);
        return machine.Cpu.Nzcv >> 28;
    }

    private static void Check(
        BareMachine machine, ulong a, ulong b, uint nzcv, bool isWide, int operation, (ulong Result, uint Flags) expected)
    {
        uint flags = FlagsOf(machine, a, b, nzcv);
        bool setsFlags = (operation & 1) != 0;

        Assert.True(
            (expected.Result, setsFlags ? expected.Flags : nzcv) == (machine.Cpu.X(2), flags),
            $"{a:x} and {b:x}, wide {isWide}: {expected.Result:x} {expected.Flags:x} but {machine.Cpu.X(2):x} {flags:x}");
    }

    /// <summary>AddWithCarry as the Arm ARM defines it: the sum once of unsigned, once of signed numbers.</summary>
    private static (ulong Result, uint Flags) Expected(ulong a, ulong b, bool carry, bool isWide)
    {
        int width = isWide ? 64 : 32;
        BigInteger modulus = BigInteger.One << width;
        BigInteger unsignedSum = (a % modulus) + (b % modulus) + (carry ? 1 : 0);
        BigInteger signedSum = Signed(a % modulus, width) + Signed(b % modulus, width) + (carry ? 1 : 0);
        BigInteger result = unsignedSum % modulus;
        uint flags = (result >= modulus / 2 ? 8u : 0) | (result.IsZero ? 4u : 0) | (result != unsignedSum ? 2u : 0)
            | (Signed(result, width) != signedSum ? 1u : 0);
        return ((ulong)result, flags);
    }

    private static BigInteger Signed(BigInteger value, int width) =>
        value >= BigInteger.One << (width - 1) ? value - (BigInteger.One << width) : value;
}
