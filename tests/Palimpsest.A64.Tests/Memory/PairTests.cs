using System.Runtime.Intrinsics;

namespace Palimpsest.A64.Tests.Memory;

/// <summary>LDP, STP, LDPSW and the pairs of vectors.</summary>
public sealed class PairTests
{
    private const ulong Middle = BareMachine.Data + 2048;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(0, 3)]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    public void WhatIsStoredIsLoadedAgain(int opc, int mode)
    {
        int bytes = opc == 0 ? 4 : 8;
        foreach (int units in (int[])[-64, -1, 0, 1, 63])
        {
            BareMachine machine = new(Encodings.Pair(opc, false, 4, 5, 1, units, mode), Encodings.Pair(opc, true, 6, 7, 2, units, mode));
            (machine.Cpu.X(1), machine.Cpu.X(2)) = (Middle, Middle);
            (machine.Cpu.X(4), machine.Cpu.X(5)) = (0xA1A2A3A4B1B2B3B4, 0xC1C2C3C4D1D2D3D4);
            machine.Run(2);

            ulong moved = Middle + (ulong)(units * bytes);
            ulong address = mode == 1 ? Middle : moved;
            Assert.Equal(mode is 1 or 3 ? (moved, moved) : (Middle, Middle), (machine.Cpu.X(1), machine.Cpu.X(2)));
            Assert.Equal(
                opc == 0 ? (0xB1B2B3B4UL, 0xD1D2D3D4UL) : (0xA1A2A3A4B1B2B3B4, 0xC1C2C3C4D1D2D3D4), (machine.Cpu.X(6), machine.Cpu.X(7)));
            Assert.Equal(opc == 0 ? 0xB1B2B3B4U : 0xB1B2B3B4, (uint)machine.PeekUnaligned(address));
            Assert.Equal(0xD1D2D3D4U, (uint)machine.PeekUnaligned(address + (ulong)bytes));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void SignedWordsAreExtended(int mode)
    {
        BareMachine machine = new(Encodings.Pair(1, true, 4, 5, 1, 2, mode));
        machine.Cpu.X(1) = Middle;
        machine.Poke64(Middle, 0x7FFFFFFF_80000000);
        machine.Poke64(Middle + 8, 0x00000001_FFFFFFFF);
        machine.Run(1);

        Assert.Equal(
            mode == 1 ? (0xFFFFFFFF80000000UL, 0x7FFFFFFFUL) : (ulong.MaxValue, 1UL), (machine.Cpu.X(4), machine.Cpu.X(5)));
    }

    [Theory]
    [InlineData(0x2C, 4)] // stp s, ldp s
    [InlineData(0x6C, 8)]
    [InlineData(0xAC, 16)]
    public void VectorsLeaveZerosAbove(int top, int bytes)
    {
        foreach ((uint mode, int units) in (ReadOnlySpan<(uint, int)>)[(0, 3), (1, -4), (2, 5), (3, -6)])
        {
            uint store = (uint)top << 24 | mode << 23 | (uint)(units & 0x7F) << 15 | 5 << 10 | 1 << 5 | 4;
            uint load = (store & ~0x7FFFu) | 1 << 22 | 7 << 10 | 2 << 5 | 6;
            BareMachine machine = new(store, load);
            (machine.Cpu.X(1), machine.Cpu.X(2)) = (Middle, Middle);
            for (int register = 4; register < 8; register++)
            {
                machine.Cpu.V(register) = Vector128.Create(0x1111111111111111UL * (ulong)register, ulong.MaxValue);
            }

            machine.Run(2);

            for (int register = 6; register < 8; register++)
            {
                ulong low = 0x1111111111111111UL * (ulong)(register - 2);
                Assert.Equal(bytes == 4 ? (uint)low : low, machine.Cpu.V(register).ToScalar());
                Assert.Equal(bytes == 16 ? ulong.MaxValue : 0, machine.Cpu.V(register).GetElement(1));
            }

            ulong moved = Middle + (ulong)(units * bytes);
            Assert.Equal(mode is 1 or 3 ? moved : Middle, machine.Cpu.X(1));
        }
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(3, false)]
    public void TheFourthSizeIsRefused(int opc, bool isLoad) =>
        Assert.Equal(StopReason.Undefined, new BareMachine(Encodings.Pair(opc, isLoad, 4, 5, 1, 0, 2)).Run(1).Reason);

    [Fact]
    public void APairThatDoesNotAllocateHasNoSignedWords() =>
        Assert.Equal(StopReason.Undefined, new BareMachine(Encodings.Pair(1, true, 4, 5, 1, 0, 0)).Run(1).Reason);

    [Fact]
    public void AFaultInTheSecondHalfLeavesAllAsItWas()
    {
        // stp x4, x5, [x1], #16 and ldp x6, x7, [x2, #-8]! over the end of the page
        BareMachine machine = new(Encodings.Pair(2, false, 4, 5, 1, 2, 1), Encodings.Pair(2, true, 6, 7, 2, -1, 3));
        ulong end = BareMachine.Data + 4096;
        (machine.Cpu.X(1), machine.Cpu.X(2), machine.Cpu.X(4), machine.Cpu.X(6)) = (end - 8, end, 9, 6);
        Stop stop = machine.Run();
        Assert.Equal((StopReason.Fault, true, end), (stop.Reason, stop.Fault.IsWrite, stop.Fault.Address));
        Assert.Equal((end - 8, 0UL), (machine.Cpu.X(1), machine.Peek(end - 8)));

        machine.Cpu.Pc += 4;
        stop = machine.Run();
        Assert.Equal((StopReason.Fault, false, end), (stop.Reason, stop.Fault.IsWrite, stop.Fault.Address));
        Assert.Equal((end, 6UL), (machine.Cpu.X(2), machine.Cpu.X(6)));
    }
}
