using System.Globalization;
using System.Runtime.Intrinsics;

namespace Palimpsest.A64.Tests.Outcomes;

/// <summary>Registers before an instruction; what is not given is 0.</summary>
internal sealed record Before
{
    /// <summary>X0, X1 and on.</summary>
    public ulong[] X { get; init; } = [];

    /// <summary>V0, V1 and on.</summary>
    public UInt128[] V { get; init; } = [];

    /// <summary>N, Z, C and V in bits 3:0.</summary>
    public uint Nzcv { get; init; }

    public uint Fpcr { get; init; }
}

/// <summary>What of the registers behind an instruction a table tells.</summary>
internal enum Result
{
    /// <summary>X0, and NZCV behind a slash.</summary>
    General,

    /// <summary>X0, and FPSR behind a slash where it is not 0.</summary>
    GeneralAndStatus,

    /// <summary>V0, and FPSR behind a slash where it is not 0.</summary>
    Vector,
}

/// <summary>
/// Instructions and what they leave, a line each: the encoding, how an assembler writes it, and for each state before it the outcome,
/// in hexadecimal digits. The outcomes were recorded with qemu-aarch64 7.2, user mode, -cpu max: another's reading of the Arm ARM.
/// </summary>
internal static class OutcomeTable
{
    private const uint SystemCall = 0xD4000001;

    public static void Check(string table, Result result, Engine engine, Before[] states)
    {
        string[] lines = table.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        uint[] words = [.. lines.SelectMany(line => (uint[])[WordOf(line), SystemCall])];
        BareMachine machine = new(engine, threshold: 1, words);
        List<string> differences = [];
        for (int index = 0; index < lines.Length; index++)
        {
            string[] outcomes = lines[index].Split(" = ")[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(states.Length, outcomes.Length);
            for (int state = 0; state < states.Length; state++)
            {
                string outcome = Outcome(machine, states[state], (ulong)(8 * index), result);
                if (outcome != outcomes[state])
                {
                    differences.Add($"{lines[index].Split('=')[0]} before {state}: {outcomes[state]} but {outcome}");
                }
            }
        }

        Assert.Empty(differences);
        Assert.Equal(engine == Engine.Compiler, machine.Compiled.Regions > 0);
    }

    private static uint WordOf(string line) => uint.Parse(line.AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string Outcome(BareMachine machine, Before before, ulong offset, Result result)
    {
        Cpu cpu = machine.Cpu;
        for (int register = 0; register < 8; register++)
        {
            UInt128 vector = register < before.V.Length ? before.V[register] : 0;
            cpu.X(register) = register < before.X.Length ? before.X[register] : 0;
            cpu.V(register) = Vector128.Create((ulong)vector, (ulong)(vector >> 64));
        }

        (cpu.Nzcv, cpu.FloatControl, cpu.FloatStatus, cpu.Pc) = (before.Nzcv << 28, before.Fpcr, 0, BareMachine.Code + offset);
        Stop stop = machine.Run();
        if (stop.Reason != StopReason.SystemCall)
        {
            return $"{stop.Reason}";
        }

        string status = cpu.FloatStatus == 0 ? "" : $"/{cpu.FloatStatus:x}";
        return result switch
        {
            Result.General => $"{cpu.X(0):x}/{cpu.Nzcv >> 28:x}",
            Result.GeneralAndStatus => $"{cpu.X(0):x}{status}",
            _ => $"{new UInt128(cpu.V(0).GetElement(1), cpu.V(0).GetElement(0)):x}{status}",
        };
    }
}
