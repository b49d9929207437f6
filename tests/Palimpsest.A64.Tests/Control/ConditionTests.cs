namespace Palimpsest.A64.Tests.Control;

/// <summary>The sixteen conditions at all sixteen states of the flags, as the Arm ARM words them in C1.2.4.</summary>
public sealed class ConditionTests
{
    [Theory]
    [InlineData(0, "eq", "Z")]
    [InlineData(2, "cs", "C")]
    [InlineData(4, "mi", "N")]
    [InlineData(6, "vs", "V")]
    [InlineData(8, "hi", "C!Z")]
    [InlineData(10, "ge", "N=V")]
    [InlineData(12, "gt", "!ZN=V")]
    [InlineData(14, "al", "")]
    public void EachHoldsWhereItsWordsSay(int condition, string name, string words)
    {
        for (uint nzcv = 0; nzcv < 16; nzcv++)
        {
            bool holds = Holds(words, nzcv);
            // An odd condition is the opposite of the even one before it, but NV is AL.
            bool opposite = condition == 14 || !holds;
            Assert.True(holds == Branches(condition, nzcv), $"b.{name} at {nzcv:b4}");
            Assert.True(opposite == Branches(condition + 1, nzcv), $"the opposite of b.{name} at {nzcv:b4}");
            Assert.Equal(holds ? (11UL, 11UL, 11UL, 11UL) : (22UL, 23UL, ~22UL, ~21UL), Selected(condition, nzcv));
            Assert.Equal(holds ? 0b0110u : 0b1001u, Compared(condition, nzcv));
        }
    }

    [Theory]
    [InlineData(Engine.Interpreter)]
    [InlineData(Engine.Compiler)]
    public void EnginesAgreeOnAllOfThem(Engine engine)
    {
        // cset of every condition into its own register, of compiled code whose flags come from a comparison or from NZCV.
        uint[] words = [.. Enumerable.Range(0, 14).Select(condition => Encodings.Select(true, 1, condition, 31, 31, condition ^ 1)),
            Encodings.SystemCall];
        BareMachine machine = new(engine, 1, words);
        for (uint nzcv = 0; nzcv < 16; nzcv++)
        {
            (machine.Cpu.Pc, machine.Cpu.Nzcv) = (BareMachine.Code, nzcv << 28);
            Assert.Equal(StopReason.SystemCall, machine.Run().Reason);
            for (int condition = 0; condition < 14; condition++)
            {
                Assert.Equal(Branches(condition, nzcv), machine.Cpu.X(condition) == 1);
            }

            Assert.Equal(nzcv << 28, machine.Cpu.Nzcv);
        }
    }

    private static bool Holds(string words, uint nzcv)
    {
        bool n = (nzcv & 8) != 0;
        bool z = (nzcv & 4) != 0;
        bool c = (nzcv & 2) != 0;
        bool v = (nzcv & 1) != 0;
        return words switch
        {
            "Z" => z,
            "C" => c,
            "N" => n,
            "V" => v,
            "C!Z" => c && !z,
            "N=V" => n == v,
            "!ZN=V" => !z && n == v,
            _ => true,
        };
    }

    private static bool Branches(int condition, uint nzcv)
    {
        BareMachine machine = new(Encodings.Branch(condition, 2), Encodings.SystemCall, Encodings.SystemCall);
        machine.Cpu.Nzcv = nzcv << 28;
        machine.Run(1);
        return machine.Cpu.Pc == BareMachine.Code + 8;
    }

    private static (ulong Plain, ulong Next, ulong Inverted, ulong Negated) Selected(int condition, uint nzcv)
    {
        BareMachine machine = new([.. Enumerable.Range(0, 4)
            .Select(operation => Encodings.Select(true, operation, operation, 8, 9, condition))]);
        (machine.Cpu.X(8), machine.Cpu.X(9), machine.Cpu.Nzcv) = (11, 22, nzcv << 28);
        machine.Run(4);
        return (machine.Cpu.X(0), machine.Cpu.X(1), machine.Cpu.X(2), machine.Cpu.X(3));
    }

    private static uint Compared(int condition, uint nzcv)
    {
        BareMachine machine = new(Encodings.ConditionalCompare(true, false, 8, 8, 0b1001, condition));
        (machine.Cpu.X(8), machine.Cpu.Nzcv) = (5, nzcv << 28);
        machine.Run(1);
        return machine.Cpu.Nzcv >> 28;
    }
}
