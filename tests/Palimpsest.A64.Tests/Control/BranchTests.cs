namespace Palimpsest.A64.Tests.Control;

/// <summary>Branches: how far they go, what they leave in the link register, and how they leave a page.</summary>
public sealed class BranchTests
{
    private const uint Return = 0xD65F03C0;

    [Theory]
    [InlineData(1)]
    [InlineData(1023)]
    [InlineData(-1)]
    [InlineData(0x1FFFFFF)]
    [InlineData(-0x2000000)]
    public void JumpsAndCallsReachTheirDistance(int distance)
    {
        foreach (bool isCall in (bool[])[false, true])
        {
            BareMachine machine = new(Encodings.Jump(distance, isCall));
            machine.Cpu.X(30) = 5;
            Stop stop = machine.Run(1);

            ulong target = BareMachine.Code + (ulong)(4L * distance);
            Assert.Equal(target, machine.Cpu.Pc);
            Assert.Equal(isCall ? BareMachine.Code + 4 : 5UL, machine.Cpu.X(30));
            // Behind the page there is none: the jump was executed, its target cannot be fetched.
            Assert.Equal(target >> 12 == BareMachine.Code >> 12 ? StopReason.Slice : StopReason.Fault, stop.Reason);
            Assert.Equal(1, machine.Cpu.Retired);
        }
    }

    [Theory]
    [InlineData(0x3FFFF)]
    [InlineData(-0x40000)]
    [InlineData(17)]
    public void ConditionalBranchesReachAMebibyte(int distance)
    {
        foreach (uint word in (uint[])[Encodings.Branch(14, distance), Encodings.Compare(true, false, 0, distance),
            Encodings.Compare(false, true, 1, distance)])
        {
            BareMachine machine = new(word);
            machine.Cpu.X(1) = 1;
            machine.Run(1);

            Assert.Equal(BareMachine.Code + (ulong)(4L * distance), machine.Cpu.Pc);
        }
    }

    [Theory]
    [InlineData(0UL, true, true)]
    [InlineData(1UL, false, false)]
    [InlineData(0x100000000UL, true, false)]
    [InlineData(0xFFFFFFFFUL, false, false)]
    public void ZeroIsOfTheWholeRegisterOrItsLowHalf(ulong value, bool isNarrowZero, bool isWideZero)
    {
        Assert.Equal(isNarrowZero, IsTaken(Encodings.Compare(false, false, 3, 2), value));
        Assert.Equal(!isNarrowZero, IsTaken(Encodings.Compare(false, true, 3, 2), value));
        Assert.Equal(isWideZero, IsTaken(Encodings.Compare(true, false, 3, 2), value));
        Assert.Equal(!isWideZero, IsTaken(Encodings.Compare(true, true, 3, 2), value));
        Assert.True(IsTaken(Encodings.Compare(true, false, Encodings.Zero, 2), value));
    }

    [Fact]
    public void EachBitIsTested()
    {
        for (int bit = 0; bit < 64; bit++)
        {
            foreach (ulong value in (ulong[])[1UL << bit, ~(1UL << bit)])
            {
                bool isSet = (value >> bit & 1) != 0;
                Assert.Equal(isSet, IsTaken(Encodings.TestBit(true, 3, bit, 2), value));
                Assert.Equal(!isSet, IsTaken(Encodings.TestBit(false, 3, bit, 2), value));
            }
        }
    }

    [Theory]
    [InlineData(0x1FFF)]
    [InlineData(-0x2000)]
    public void TestsOfABitReach32Kibibytes(int distance)
    {
        BareMachine machine = new(Encodings.TestBit(false, 3, 40, distance));
        machine.Run(1);

        Assert.Equal(BareMachine.Code + (ulong)(4L * distance), machine.Cpu.Pc);
    }

    [Fact]
    public void ACallThroughTheLinkRegisterGoesWhereItWas()
    {
        // blr x30
        BareMachine machine = new(0xD63F03C0, Encodings.SystemCall, Encodings.SystemCall);
        machine.Cpu.X(30) = BareMachine.Code + 8;
        machine.Run(1);

        Assert.Equal((BareMachine.Code + 8, BareMachine.Code + 4), (machine.Cpu.Pc, machine.Cpu.X(30)));
    }

    [Theory]
    [InlineData(0xD61F0000u)] // br x0
    [InlineData(0xD63F0000u)] // blr x0
    [InlineData(0xD65F0000u)] // ret x0
    public void AnAddressThatIsNoMultipleOfFourStopsThere(uint word)
    {
        BareMachine machine = new(word);
        machine.Cpu.X(0) = BareMachine.Code + 6;
        Stop stop = machine.Run();

        Assert.Equal((StopReason.Misaligned, BareMachine.Code + 6, 1L), (stop.Reason, machine.Cpu.Pc, machine.Cpu.Retired));
        Assert.Equal((BareMachine.Code + 6, true), (stop.Fault.Address, stop.Fault.IsFetch));
    }

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void RecursionComesBack(Engine engine)
    {
        // sum(n): cbz x0, end; str x30, [sp, #-16]!; str x0, [sp, #8]; sub x0, x0, #1; bl sum; ldr x1, [sp, #8]; add x0, x0, x1;
        // ldr x30, [sp], #16; end: ret
        uint[] words =
        [
            0x94000002, Encodings.SystemCall, 0xB4000100, 0xF81F0FFE, 0xF90007E0, 0xD1000400, 0x97FFFFFC, 0xF94007E1, 0x8B010000,
            0xF84107FE, Return,
        ];
        BareMachine machine = new(engine, 1, words);
        (machine.Cpu.X(0), machine.Cpu.Sp) = (100, BareMachine.Data + 4096);
        Stop stop = machine.Run(10_000);

        Assert.Equal((StopReason.SystemCall, 5050UL, BareMachine.Data + 4096), (stop.Reason, machine.Cpu.X(0), machine.Cpu.Sp));
        Assert.Equal(2 + (100 * 9) + 2, machine.Cpu.Retired);
    }

    [Theory]
    [InlineData(0x10000000u, 0UL)] // adr x0, .
    [InlineData(0x30FFFFE0u, ~2UL)] // adr x0, .-3
    [InlineData(0x707FFFE0u, 0xFFFFFUL)] // adr x0, .+1048575
    [InlineData(0x10800000u, ~0xFFFFFUL)] // adr x0, .-1048576
    public void AddressesAreRelativeToTheInstruction(uint word, ulong distance)
    {
        BareMachine machine = new(Encodings.SystemCall, word);
        machine.Cpu.Pc += 4;
        machine.Run(1);

        Assert.Equal(BareMachine.Code + 4 + distance, machine.Cpu.X(0));
    }

    [Theory]
    [InlineData(0x90000000u, 0UL)] // adrp x0, .
    [InlineData(0xB0000000u, 0x1000UL)] // adrp x0, .+4096
    [InlineData(0xF0FFFFE0u, ~0xFFFUL)] // adrp x0, .-4096
    [InlineData(0xF07FFFE0u, 0xFFFFF000UL)]
    [InlineData(0x90800000u, ~0xFFFFFFFFUL)]
    public void PagesAreRelativeToThePage(uint word, ulong distance)
    {
        BareMachine machine = new(Encodings.SystemCall, word);
        machine.Cpu.Pc += 4;
        machine.Run(1);

        Assert.Equal(BareMachine.Code + distance, machine.Cpu.X(0));
    }

    private static bool IsTaken(uint word, ulong value)
    {
        BareMachine machine = new(word, Encodings.SystemCall, Encodings.SystemCall);
        machine.Cpu.X(3) = value;
        Assert.Equal(StopReason.Slice, machine.Run(1).Reason);
        return machine.Cpu.Pc == BareMachine.Code + 8;
    }
}
