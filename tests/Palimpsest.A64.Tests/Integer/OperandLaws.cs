using CsCheck;

namespace Palimpsest.A64.Tests.Integer;

/// <summary>Second operands: shifted and extended registers, and which number the register 31 is where.</summary>
public sealed class OperandLaws
{
    [Fact]
    public void ShiftedOperandsOfLogic() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[0, 63], Gen.Int[0, 3], Gen.Int[0, 7], Gen.Bool)
            .Sample((a, b, amount, shift, operation, isWide) =>
            {
                amount = isWide ? amount : amount % 32;
                BareMachine machine = new(Encodings.Logic(isWide, operation >> 1, (operation & 1) != 0, 2, 0, 1, shift, amount));
                (machine.Cpu.X(0), machine.Cpu.X(1)) = (a, b);
                machine.Run(1);

                ulong operand = Shifted(b, shift, amount, isWide);
                operand = (operation & 1) != 0 ? ~operand : operand;
                ulong result = (operation >> 1) switch
                {
                    1 => a | operand,
                    2 => a ^ operand,
                    _ => a & operand,
                };
                Assert.Equal(Cut(result, isWide), machine.Cpu.X(2));
            }, iter: 300);

    [Fact]
    public void ShiftedOperandsOfSums() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[0, 63], Gen.Int[0, 2], Gen.Int[0, 3], Gen.Bool)
            .Sample((a, b, amount, shift, operation, isWide) =>
            {
                amount = isWide ? amount : amount % 32;
                BareMachine machine = new(Encodings.Sum(isWide, operation, 2, 0, 1, shift, amount));
                (machine.Cpu.X(0), machine.Cpu.X(1)) = (a, b);
                machine.Run(1);

                ulong operand = Shifted(b, shift, amount, isWide);
                Assert.Equal(Cut(operation >= 2 ? a - operand : a + operand, isWide), machine.Cpu.X(2));
            }, iter: 300);

    [Fact]
    public void ExtendedOperands() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[0, 4], Gen.Int[0, 7], Gen.Int[0, 3], Gen.Bool)
            .Sample((a, b, amount, option, operation, isWide) =>
            {
                BareMachine machine = new(Encodings.ExtendedSum(isWide, operation, 2, 0, 1, option, amount));
                (machine.Cpu.X(0), machine.Cpu.X(1)) = (a, b);
                machine.Run(1);

                ulong operand = option switch
                {
                    0 => (byte)b,
                    1 => (ushort)b,
                    2 => (uint)b,
                    4 => (ulong)(sbyte)b,
                    5 => (ulong)(short)b,
                    6 => (ulong)(int)b,
                    _ => b,
                };
                operand *= 1UL << amount;
                Assert.Equal(Cut(operation >= 2 ? a - operand : a + operand, isWide), machine.Cpu.X(2));
            }, iter: 300);

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void AnExtendedOperandIsShiftedByFourAtMost(int amount) =>
        Assert.Equal(StopReason.Undefined, new BareMachine(Encodings.ExtendedSum(true, 0, 2, 0, 1, 3, amount)).Run(1).Reason);

    [Fact]
    public void NarrowOperandsAreShiftedByThirtyOneAtMost()
    {
        Assert.Equal(StopReason.Undefined, new BareMachine(Encodings.Sum(false, 0, 2, 0, 1, 0, 32)).Run(1).Reason);
        Assert.Equal(StopReason.Undefined, new BareMachine(Encodings.Logic(false, 0, false, 2, 0, 1, 0, 32)).Run(1).Reason);
        Assert.Equal(StopReason.Undefined, new BareMachine(Encodings.Sum(true, 0, 2, 0, 1, 3, 1)).Run(1).Reason);
    }

    [Fact]
    public void Register31IsZeroOfShiftedOperandsAndSpOfExtendedAndConstants()
    {
        BareMachine machine = new(
            Encodings.Sum(true, 0, 0, Encodings.Zero, 9), Encodings.ExtendedSum(true, 0, 1, Encodings.Sp, 9, 3, 0),
            Encodings.ImmediateSum(true, 0, 2, Encodings.Sp, 16), Encodings.ImmediateSum(true, 2, Encodings.Sp, Encodings.Sp, 32),
            Encodings.Sum(true, 0, Encodings.Zero, 9, 9), Encodings.ImmediateSum(true, 3, Encodings.Zero, Encodings.Sp, 0),
            Encodings.ImmediateLogic(true, 0, Encodings.Sp, 9, 0b1_000000_001111), Encodings.Logic(true, 1, false, 3, Encodings.Zero, 31));
        (machine.Cpu.Sp, machine.Cpu.X(9), machine.Cpu.X(3)) = (0x1000, 0x12345, 7);
        Assert.Equal(StopReason.Slice, machine.Run(6).Reason);

        Assert.Equal((0x12345UL, 0x13345UL, 0x1010UL, 0xFE0UL),
            (machine.Cpu.X(0), machine.Cpu.X(1), machine.Cpu.X(2), machine.Cpu.Sp));
        Assert.Equal(0b0010u, machine.Cpu.Nzcv >> 28);
        machine.Run(2);
        Assert.Equal((0x2345UL, 0UL), (machine.Cpu.Sp, machine.Cpu.X(3)));
    }

    /// <summary>By multiplying and dividing, as far as it goes.</summary>
    private static ulong Shifted(ulong value, int shift, int amount, bool isWide)
    {
        int width = isWide ? 64 : 32;
        UInt128 cut = Cut(value, isWide);
        UInt128 power = UInt128.One << amount;
        return Cut(shift switch
        {
            0 => (ulong)(cut * power),
            1 => (ulong)(cut / power),
            2 => (ulong)(isWide ? (long)Math.Floor((decimal)(long)value / (decimal)power)
                : (long)Math.Floor((decimal)(int)value / (decimal)power)),
            _ => (ulong)(cut / power) | (ulong)((cut % power) << (width - amount)),
        }, isWide);
    }

    private static ulong Cut(ulong value, bool isWide) => isWide ? value : (uint)value;
}
