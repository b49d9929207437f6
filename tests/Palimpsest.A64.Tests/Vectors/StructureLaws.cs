using System.Runtime.Intrinsics;
using CsCheck;
using Palimpsest.Machine.Cores;

namespace Palimpsest.A64.Tests.Vectors;

/// <summary>LD1 to LD4, ST1 to ST4, single lanes and replication, byte by byte as the Arm ARM words them.</summary>
public sealed class StructureLaws
{
    private const ulong Place = BareMachine.Data + 1024;
    private const int First = 30;

    /// <summary>opcode of the encoding, registers, and elements of a structure.</summary>
    private static readonly (int Opcode, int Registers, int Elements)[] Forms =
        [(0b0111, 1, 1), (0b1010, 2, 1), (0b0110, 3, 1), (0b0010, 4, 1), (0b1000, 2, 2), (0b0100, 3, 3), (0b0000, 4, 4)];

    [Fact]
    public void WholeRegisters() =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 3], Gen.Bool, Gen.Bool, Gen.Int[0, 2]).Sample((form, size, isFull, isLoad, mode) =>
    {
        (int opcode, int registers, int elements) = Forms[form];
        uint word = (isFull ? 1u << 30 : 0) | 0x0C000000 | (isLoad ? 1u << 22 : 0) | (uint)opcode << 12 | (uint)size << 10 | 1 << 5 | First;
        word |= mode == 0 ? 0 : 1u << 23 | (mode == 1 ? 31u : 2) << 16;
        if (size == 3 && !isFull && elements > 1)
        {
            Assert.Equal(StopReason.Undefined, new BareMachine(word).Run(1).Reason);
            return;
        }

        BareMachine machine = Filled(word);
        byte[][] before = [.. Enumerable.Range(0, 32).Select(register => BytesOf(machine, register))];
        Assert.Equal(StopReason.Slice, machine.Run(1).Reason);

        int bytes = isFull ? 16 : 8;
        int lane = 1 << size;
        byte[][] expected = [.. before.Select(register => register.ToArray())];
        for (int register = 0; isLoad && register < registers; register++)
        {
            expected[(First + register) % 32] = new byte[16];
        }

        // Groups of structures one after the other; with one element each register is a group of its own.
        int at = 0;
        for (int group = 0; group < registers / elements; group++)
        {
            for (int place = 0; place < bytes; place += lane)
            {
                for (int element = 0; element < elements; element++)
                {
                    int register = (First + (group * elements) + element) % 32;
                    for (int one = 0; one < lane; one++, at++)
                    {
                        byte memory = (byte)machine.PeekUnaligned(Place + (ulong)at);
                        if (isLoad)
                        {
                            expected[register][place + one] = memory;
                        }
                        else
                        {
                            Assert.Equal(before[register][place + one], memory);
                        }
                    }
                }
            }
        }

        Assert.Equal(expected.Select(Convert.ToHexString),
            Enumerable.Range(0, 32).Select(register => Convert.ToHexString(BytesOf(machine, register))));
        Assert.Equal(mode == 0 ? Place : Place + (mode == 1 ? (ulong)(registers * bytes) : 24), machine.Cpu.X(1));
    }, iter: 200);

    [Fact]
    public void SingleLanes() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 3], Gen.Int[0, 15], Gen.Bool, Gen.Bool).Sample((registers, size, any, isLoad, moves) =>
    {
        int index = any % (16 >> size);
        int place = index << size;
        // Q, S and size tell the lane; R and the low bit of the opcode the number of registers.
        uint word = (uint)(place >> 3) << 30 | 0x0D000000 | (moves ? 1u << 23 | 31 << 16 : 0) | (isLoad ? 1u << 22 : 0)
            | (uint)((registers - 1) & 1) << 21 | (uint)(size == 3 ? 2 : size) << 14 | (uint)((registers - 1) >> 1) << 13
            | (uint)(place >> 2 & 1) << 12 | (uint)(place & 3) << 10 | (size == 3 ? 1u << 10 : 0) | 1 << 5 | First;
        BareMachine machine = Filled(word);
        byte[][] before = [.. Enumerable.Range(0, 32).Select(register => BytesOf(machine, register))];
        Assert.Equal(StopReason.Slice, machine.Run(1).Reason);

        for (int register = 0; register < registers; register++)
        {
            byte[] now = BytesOf(machine, (First + register) % 32);
            byte[] was = before[(First + register) % 32];
            for (int one = 0; one < 1 << size; one++)
            {
                byte memory = (byte)machine.PeekUnaligned(Place + (ulong)((register << size) + one));
                Assert.Equal(memory, isLoad ? now[place + one] : was[place + one]);
                now[place + one] = was[place + one];
            }

            Assert.Equal(was, now);
        }

        Assert.Equal(Place + (moves ? (ulong)(registers << size) : 0), machine.Cpu.X(1));
    }, iter: 200);

    [Fact]
    public void ReplicatedElements() => Gen.Select(Gen.Int[1, 4], Gen.Int[0, 3], Gen.Bool).Sample((registers, size, isFull) =>
    {
        uint word = (isFull ? 1u << 30 : 0) | 0x0D40C000 | (uint)((registers - 1) & 1) << 21 | (uint)((registers - 1) >> 1) << 13
            | (uint)size << 10 | 1 << 5 | First;
        BareMachine machine = Filled(word);
        Assert.Equal(StopReason.Slice, machine.Run(1).Reason);

        for (int register = 0; register < registers; register++)
        {
            byte[] now = BytesOf(machine, (First + register) % 32);
            for (int one = 0; one < 16; one++)
            {
                ulong from = Place + (ulong)((register << size) + (one & ((1 << size) - 1)));
                Assert.Equal(one < (isFull ? 16 : 8) ? (byte)machine.PeekUnaligned(from) : 0, now[one]);
            }
        }
    }, iter: 60);

    [Fact]
    public void AFaultAtTheEndOfThePageLeavesAllAsItWas()
    {
        foreach (uint word in (uint[])[0x4CDF2020, 0x4C9F2020, 0x4D60E020])
        {
            // ld1 and st1 of four registers with write-back, ld4r of bytes
            BareMachine machine = Filled(word);
            machine.Cpu.X(1) = BareMachine.Data + 4096 - 3;
            byte[] before = BytesOf(machine, 0);
            ulong last = machine.Peek(BareMachine.Data + 4088);
            Stop stop = machine.Run();

            Assert.Equal((FaultKind.Translation, BareMachine.Data + 4096), (stop.Fault.Kind, stop.Fault.Address));
            Assert.Equal((BareMachine.Data + 4096 - 3, last), (machine.Cpu.X(1), machine.Peek(BareMachine.Data + 4088)));
            Assert.Equal(before, BytesOf(machine, 0));
        }
    }

    [Theory]
    [InlineData(0x4C401020u)] // opcode 0001
    [InlineData(0x4C409020u)]
    [InlineData(0x4C40F020u)]
    [InlineData(0x4C412020u)] // bits 20:16 without write-back
    [InlineData(0x4C602020u)] // bit 21
    [InlineData(0xCC402020u)]
    [InlineData(0x4D408820u)] // a doubleword with size 10
    [InlineData(0x4D409420u)] // a doubleword with S
    [InlineData(0x4D404420u)] // a half in the lower bit of its size
    [InlineData(0x4D00C020u)] // a replicating store
    [InlineData(0x4D40D020u)] // a replicating load with S
    public void OtherEncodingsAreRefused(uint word) => Assert.Equal(StopReason.Undefined, new BareMachine(word).Run(1).Reason);

    private static BareMachine Filled(uint word)
    {
        BareMachine machine = new(word);
        for (ulong offset = 0; offset < 64; offset += 8)
        {
            machine.Poke64(Place + offset, (offset + 3) * 0x9E3779B97F4A7C15);
        }

        for (int register = 0; register < 32; register++)
        {
            machine.Cpu.V(register) = Vector128.Create((ulong)(register + 1) * 0xC2B2AE3D27D4EB4F,
                (ulong)(register + 7) * 0xD6E8FEB86659FD93);
        }

        (machine.Cpu.X(1), machine.Cpu.X(2)) = (Place, 24);
        return machine;
    }

    private static byte[] BytesOf(BareMachine machine, int register)
    {
        byte[] bytes = new byte[16];
        machine.Cpu.V(register).AsByte().CopyTo(bytes);
        return bytes;
    }
}
