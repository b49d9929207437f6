using Palimpsest.Machine.Cores;

namespace Palimpsest.A64.Tests.Control;

/// <summary>Code over the end of a page, code that writes code, and code that is seen at once or not at all.</summary>
public sealed class PageEndTests
{
    private const uint AddOne = 0x91000400; // add x0, x0, #1
    private const uint AddThree = 0x91000C00;
    private const ulong End = BareMachine.Code + 4096;

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void ExecutionGoesOnIntoTheNextPage(Engine engine)
    {
        BareMachine machine = new(engine, 1, []);
        machine.MapBehind(BareMachine.Code);
        Write(machine, End - 8, AddOne, AddOne, AddOne, Encodings.SystemCall);
        machine.Cpu.Pc = End - 8;

        Assert.Equal(StopReason.SystemCall, machine.Run().Reason);
        Assert.Equal((3UL, 4L, End + 8), (machine.Cpu.X(0), machine.Cpu.Retired, machine.Cpu.Pc));
    }

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void BehindTheLastPageNothingIsFetched(Engine engine)
    {
        BareMachine machine = new(engine, 1, []);
        Write(machine, End - 8, AddOne, AddOne);
        machine.Cpu.Pc = End - 8;
        Stop stop = machine.Run();

        Assert.Equal((StopReason.Fault, FaultKind.Translation, true, End),
            (stop.Reason, stop.Fault.Kind, stop.Fault.IsFetch, stop.Fault.Address));
        Assert.Equal((2UL, 2L, End), (machine.Cpu.X(0), machine.Cpu.Retired, machine.Cpu.Pc));

        // And once the page is there it goes on as if nothing had been.
        machine.MapBehind(BareMachine.Code);
        Write(machine, End, AddOne, Encodings.SystemCall);
        Assert.Equal(StopReason.SystemCall, machine.Run().Reason);
        Assert.Equal((3UL, 4L), (machine.Cpu.X(0), machine.Cpu.Retired));
    }

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void ALoopOverTheEndOfAPageIsCountedRight(Engine engine)
    {
        // add; add | sub x2, x2, #1; cbnz x2, -12; svc, in slices of all lengths
        BareMachine machine = new(engine, 1, []);
        machine.MapBehind(BareMachine.Code);
        Write(machine, End - 8, AddOne, AddOne, 0xD1000442, Encodings.Compare(true, true, 2, -3), Encodings.SystemCall);
        (machine.Cpu.Pc, machine.Cpu.X(2)) = (End - 8, 1000);
        int slice = 0;
        while (machine.Run(++slice % 37).Reason == StopReason.Slice)
        {
            Assert.True(machine.Cpu.Retired <= 4001);
        }

        Assert.Equal((2000UL, 4001L, 0UL), (machine.Cpu.X(0), machine.Cpu.Retired, machine.Cpu.X(2)));
    }

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void ConditionalBranchesLeaveThePageInBothDirections(Engine engine)
    {
        BareMachine machine = new(engine, 1, [AddThree, Encodings.SystemCall]);
        machine.MapBehind(BareMachine.Code);
        Write(machine, End, AddOne, Encodings.Branch(14, -1025));
        (machine.Cpu.Pc, machine.Cpu.X(0)) = (End, 0);

        Assert.Equal(StopReason.SystemCall, machine.Run().Reason);
        Assert.Equal((4UL, BareMachine.Code + 8), (machine.Cpu.X(0), machine.Cpu.Pc));
    }

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void EachRoundCanRunOtherCode(Engine engine)
    {
        BareMachine machine = new(engine, 2, [AddOne, AddOne, AddOne, Encodings.SystemCall]);
        ulong expected = 0;
        for (int round = 0; round < 40; round++)
        {
            int place = round % 3;
            uint word = round % 2 == 0 ? AddThree : AddOne;
            machine.Poke(BareMachine.Code + (ulong)(4 * place), word);
            machine.Cpu.Pc = BareMachine.Code;
            Assert.Equal(StopReason.SystemCall, machine.Run().Reason);
            expected += Enumerable.Range(0, 3)
                .Select(at => (ulong)((uint)machine.PeekUnaligned(BareMachine.Code + (ulong)(4 * at)) >> 10 & 4095))
                .Aggregate((all, one) => all + one);
            Assert.Equal(expected, machine.Cpu.X(0));
        }
    }

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void CodeWritesTheInstructionBehindItAndSynchronizes(Engine engine)
    {
        // str w1, [x3]; dc cvau, x3; dsb ish; ic ivau, x3; dsb ish; isb; (here) udf; svc. The page may be written here.
        uint[] words = [0xB9000061, 0xD50B7B23, 0xD5033B9F, 0xD50B7523, 0xD5033B9F, 0xD5033FDF, 0, Encodings.SystemCall];
        BareMachine machine = new(engine, 1, words);
        (machine.Cpu.X(1), machine.Cpu.X(3)) = (AddThree, BareMachine.Code + 24);
        for (int round = 0; round < 3; round++)
        {
            machine.Cpu.Pc = BareMachine.Code;
            (machine.Cpu.X(0), machine.Cpu.X(1)) = (0, AddThree + ((ulong)round << 10));
            Stop stop = machine.Run();

            Assert.Equal((StopReason.SystemCall, 3UL + (ulong)round, 8L * (round + 1)),
                (stop.Reason, machine.Cpu.X(0), machine.Cpu.Retired));
        }
    }

    [Fact]
    public void AWordThatIsDataIsReadBesideTheCode()
    {
        // ldr x0, .+8; svc and eight bytes; adr x1, .-12 ... the page is code and is read as data
        BareMachine machine = new(0x58000040, Encodings.SystemCall, 0x11223344, 0x55667788);
        machine.Run();
        Assert.Equal(0x5566778811223344UL, machine.Cpu.X(0));
        machine.Poke(BareMachine.Code + 8, 0x99AABBCC);
        machine.Cpu.Pc = BareMachine.Code;
        machine.Run();
        Assert.Equal(0x5566778899AABBCCUL, machine.Cpu.X(0));
    }

    private static void Write(BareMachine machine, ulong address, params uint[] words)
    {
        for (int index = 0; index < words.Length; index++)
        {
            machine.Poke(address + (ulong)(4 * index), words[index]);
        }
    }
}
