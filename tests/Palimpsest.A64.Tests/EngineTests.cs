using System.Runtime.Intrinsics;
using Palimpsest.Machine.Mte;

namespace Palimpsest.A64.Tests;

/// <summary>The compiler against the interpreter: whatever is executed, and wherever it stops, both leave the same.</summary>
public sealed class EngineTests
{
    private const uint SystemCall = 0xD4000001;

    [Theory]
    [InlineData(TagFaultMode.None)]
    [InlineData(TagFaultMode.Synchronous)]
    [InlineData(TagFaultMode.Asynchronous)]
    [InlineData(TagFaultMode.Asymmetric)]
    public void RandomLoopsLeaveTheSame(TagFaultMode mode)
    {
        int compiled = 0;
        for (int seed = 0; seed < 150; seed++)
        {
            RandomCode code = new((seed * 4) + (int)mode);
            uint[] words = code.Loop(4 + (seed % 40));
            BareMachine interpreter = Prepared(Engine.Interpreter, words, mode, seed);
            BareMachine compiler = Prepared(Engine.Compiler, words, mode, seed);
            Compare(interpreter, compiler, words, seed);
            compiled += compiler.Compiled.Regions;
        }

        Assert.True(compiled > 100, $"only {compiled} regions were compiled");
    }

    [Fact]
    public void ASliceEndsAtItsInstruction()
    {
        // add x0, x0, #1; add x1, x1, x0; tbz w0, #0, +8; eor x1, x1, x0; b -16
        uint[] words = [0x91000400, 0x8B000021, 0x36000040, 0xCA000021, 0x17FFFFFC];
        BareMachine interpreter = new(Engine.Interpreter, 2, words);
        BareMachine compiler = new(Engine.Compiler, 2, words);
        for (int slice = 1; slice < 60; slice++)
        {
            Assert.Equal(StopReason.Slice, interpreter.Run(slice).Reason);
            Assert.Equal(StopReason.Slice, compiler.Run(slice).Reason);
            Assert.Equal(StateOf(interpreter), StateOf(compiler));
            Assert.Equal(compiler.Cpu.Retired, slice * (slice + 1) / 2);
        }

        Assert.True(compiler.Compiled.Regions > 0);
    }

    /// <summary>More returns than a region has entries: each leads to where the program goes on, with the registers that it left.</summary>
    [Fact]
    public void EveryOfManyCallsReturnsToItsPlace()
    {
        // mov x0, x21; cbz x0, to the sum; bl, 24 times; add x22, x22, x0; b to the start; mov x0, #7; ret
        uint[] words = [0xAA1503E0, 0xB4000320, .. Enumerable.Range(2, 24).Select(place => 0x94000000 | (uint)(28 - place)),
            0x8B0002D6, 0x17FFFFE5, 0xD28000E0, 0xD65F03C0];
        BareMachine interpreter = new(Engine.Interpreter, 2, words);
        BareMachine compiler = new(Engine.Compiler, 2, words);
        foreach (BareMachine machine in new[] { interpreter, compiler })
        {
            machine.Cpu.X(21) = 5;
        }

        for (int slice = 1; slice < 400; slice += 7)
        {
            interpreter.Run(slice);
            compiler.Run(slice);
            Assert.Equal(StateOf(interpreter), StateOf(compiler));
        }

        Assert.True(compiler.Compiled.Regions > 0);
    }

    /// <summary>An address of no instruction is nobody's return, whatever stands for none.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void AReturnToNoInstructionIsMisalignedOrAFault(ulong address)
    {
        // subs x2, x2, #1; b.ne -4; ret
        BareMachine machine = new(Engine.Compiler, 2, [0xF1000442, 0x54FFFFE1, 0xD65F03C0]);
        (machine.Cpu.X(2), machine.Cpu.X(30)) = (100, address);

        Assert.Equal(address == 0 ? StopReason.Fault : StopReason.Misaligned, machine.Run(10_000).Reason);
        Assert.Equal(address, machine.Cpu.Pc);
        Assert.True(machine.Compiled.Regions > 0);
    }

    [Fact]
    public void AFaultInTheMiddleLeavesWhatCameBeforeIt()
    {
        // add x1, x1, #1; str x1, [x0], #8; add x2, x2, #1; b -12: it runs out of the page.
        uint[] words = [0x91000421, 0xF8008401, 0x91000442, 0x17FFFFFD];
        BareMachine machine = new(Engine.Compiler, 2, words);
        machine.Cpu.X(0) = BareMachine.Data;
        Stop stop = machine.Run(100_000);

        Assert.True(machine.Compiled.Regions > 0);
        Assert.Equal((StopReason.Fault, BareMachine.Data + 4096), (stop.Reason, stop.Fault.Address));
        Assert.Equal((513UL, 512UL, BareMachine.Data + 4096), (machine.Cpu.X(1), machine.Cpu.X(2), machine.Cpu.X(0)));
        Assert.Equal((BareMachine.Code + 4, (512L * 4) + 1), (machine.Cpu.Pc, machine.Cpu.Retired));
    }

    [Fact]
    public void CodeThatIsWrittenOverIsCompiledAnew()
    {
        // add x0, x0, #1; subs x2, x2, #1; b.ne -8; svc
        BareMachine machine = new(Engine.Compiler, 2, [0x91000400, 0xF1000442, 0x54FFFFC1, SystemCall]);
        machine.Cpu.X(2) = 100;
        Assert.Equal(StopReason.SystemCall, machine.Run().Reason);
        int regions = machine.Compiled.Regions;
        machine.Poke(BareMachine.Code, 0x91000C00);
        (machine.Cpu.Pc, machine.Cpu.X(2)) = (BareMachine.Code, 100);
        Assert.Equal(StopReason.SystemCall, machine.Run().Reason);

        Assert.Equal(100UL + 300, machine.Cpu.X(0));
        Assert.True(machine.Compiled.Regions > regions && regions > 0);
    }

    [Fact]
    public void CallsAndReturnsGoFromRegionToRegion()
    {
        // bl +16; subs x2, x2, #1; b.ne -8; svc; add x0, x0, #1; ret
        uint[] words = [0x94000004, 0xF1000442, 0x54FFFFC1, SystemCall, 0x91000400, 0xD65F03C0];
        BareMachine machine = new(Engine.Compiler, 2, words);
        machine.Cpu.X(2) = 1000;
        Assert.Equal(StopReason.SystemCall, machine.Run(100_000).Reason);

        Assert.Equal((1000UL, 5001L), (machine.Cpu.X(0), machine.Cpu.Retired));
        Assert.True(machine.Compiled.Regions > 0);
    }

    private static BareMachine Prepared(Engine engine, uint[] words, TagFaultMode mode, int seed)
    {
        RandomCode values = new(seed);
        BareMachine machine = new(engine, 2, words);
        machine.Core.Registers.Tcf0 = mode;
        for (int register = 0; register < 31; register++)
        {
            machine.Cpu.X(register) = values.Value();
            machine.Cpu.V(register) = Vector128.Create(values.Value(), values.Value());
        }

        for (ulong offset = 0; offset < 4096; offset += 8)
        {
            machine.Poke64(BareMachine.Data + offset, values.Value());
            machine.Poke64(BareMachine.Tagged + offset, values.Value());
        }

        machine.Cpu.X(20) = BareMachine.Data + 1024;
        machine.Cpu.X(21) = BareMachine.Tagged + 1024;
        machine.Cpu.X(22) = LogicalTag.With(BareMachine.Tagged + 2040, seed % 3);
        machine.Cpu.X(23) = BareMachine.ReadOnly + (ulong)(seed % 4096);
        machine.Cpu.X(24) = BareMachine.Data + 4096 - (ulong)(seed % 80);
        machine.Cpu.X(28) = 40;
        machine.Cpu.Sp = BareMachine.Data + 2048;
        return machine;
    }

    /// <summary>In slices of all lengths, past each fault as a signal handler that skips the instruction would.</summary>
    private static void Compare(BareMachine interpreter, BareMachine compiler, uint[] words, int seed)
    {
        Random slices = new(seed);
        for (int turn = 0; turn < 400; turn++)
        {
            int slice = slices.Next(3) == 0 ? slices.Next(1, 20) : slices.Next(1, 400);
            Stop expected = interpreter.Run(slice);
            Stop stop = compiler.Run(slice);
            if (expected != stop || !IsSame(interpreter, compiler))
            {
                Assert.Fail($"seed {seed}, turn {turn}, code {string.Join(' ', words.Select(word => word.ToString("x8")))}: "
                    + $"{expected} {StateOf(interpreter)}\nbut {stop} {StateOf(compiler)}");
            }

            if (stop.Reason == StopReason.SystemCall)
            {
                break;
            }

            if (stop.Reason != StopReason.Slice)
            {
                interpreter.Cpu.Pc += 4;
                compiler.Cpu.Pc += 4;
            }
        }

        Assert.Equal(MemoryOf(interpreter), MemoryOf(compiler));
    }

    /// <summary>What <see cref="StateOf"/> tells, without telling it.</summary>
    private static bool IsSame(BareMachine one, BareMachine other)
    {
        (Cpu a, Cpu b) = (one.Cpu, other.Cpu);
        (MteRegisters tags, MteRegisters otherTags) = (one.Core.Registers, other.Core.Registers);
        bool isSame = (a.Pc, a.Retired, a.Nzcv, a.FloatStatus, a.ThreadPointer) == (b.Pc, b.Retired, b.Nzcv, b.FloatStatus, b.ThreadPointer)
            && (tags.Tco, tags.Tfsre0, tags.Rgsr) == (otherTags.Tco, otherTags.Tfsre0, otherTags.Rgsr);
        for (int register = 0; register < 32 && isSame; register++)
        {
            isSame = a.X(register) == b.X(register) && a.V(register) == b.V(register);
        }

        return isSame;
    }

    private static string StateOf(BareMachine machine)
    {
        Cpu cpu = machine.Cpu;
        MteRegisters tags = machine.Core.Registers;
        return $"pc {cpu.Pc:x} retired {cpu.Retired} nzcv {cpu.Nzcv:x} fpsr {cpu.FloatStatus:x} tp {cpu.ThreadPointer:x} "
            + $"tco {tags.Tco} sticky {tags.Tfsre0} rgsr {tags.Rgsr:x}\n"
            + string.Join(' ', Enumerable.Range(0, 32).Select(register => $"x{register}={cpu.X(register):x}")) + "\n"
            + string.Join(' ', Enumerable.Range(0, 32).Select(register => $"v{register}={cpu.V(register)}"));
    }

    private static string MemoryOf(BareMachine machine)
    {
        IEnumerable<ulong> offsets = Enumerable.Range(0, 512).Select(index => (ulong)index * 8);
        return string.Join(' ', offsets.Select(offset => $"{machine.Peek(BareMachine.Data + offset):x}"))
            + string.Join(' ', offsets.Select(offset => $"{machine.Peek(BareMachine.Tagged + offset):x}"))
            + string.Join(' ', offsets.Where(offset => offset % 16 == 0).Select(offset => machine.TagAt(BareMachine.Tagged + offset)));
    }
}
