using CsCheck;
using Palimpsest.A64.Decoding;
using Palimpsest.A64.Integer;

namespace Palimpsest.A64.Tests;

/// <summary>Integer instructions by their encodings, against arithmetic of the host.</summary>
public sealed class IntegerTests
{
    private const uint SystemCall = 0xD4000001;

    [Fact]
    public void AdditionsSetAllFourFlags() => Gen.Select(Gen.ULong, Gen.ULong).Sample((a, b) =>
    {
        // adds x2, x0, x1
        BareMachine machine = new(0xAB010002, SystemCall);
        (machine.Cpu.X(0), machine.Cpu.X(1)) = (a, b);

        Assert.Equal(StopReason.SystemCall, machine.Run().Reason);

        UInt128 wide = (UInt128)a + b;
        Int128 signed = (Int128)(long)a + (long)b;
        uint flags = ((long)(ulong)wide < 0 ? 8u : 0) | ((ulong)wide == 0 ? 4u : 0) | (wide > ulong.MaxValue ? 2u : 0)
            | (signed != (long)(ulong)wide ? 1u : 0);
        Assert.Equal(((ulong)wide, flags), (machine.Cpu.X(2), machine.Cpu.Nzcv >> 28));
    }, iter: 300);

    [Fact]
    public void NarrowSubtractionsSetAllFourFlags() => Gen.Select(Gen.ULong, Gen.ULong).Sample((a, b) =>
    {
        // subs w2, w0, w1
        BareMachine machine = new(0x6B010002, SystemCall);
        (machine.Cpu.X(0), machine.Cpu.X(1)) = (a, b);
        machine.Run();

        uint result = (uint)a - (uint)b;
        long signed = (long)(int)a - (int)b;
        uint flags = ((int)result < 0 ? 8u : 0) | (result == 0 ? 4u : 0) | ((uint)a >= (uint)b ? 2u : 0) | (signed != (int)result ? 1u : 0);
        Assert.Equal((result, flags), (machine.Cpu.X(2), machine.Cpu.Nzcv >> 28));
    }, iter: 300);

    [Theory]
    [InlineData(0b1_000000_000000, 0x0000000000000001)]
    [InlineData(0b0_000000_111100, 0x5555555555555555)]
    [InlineData(0b0_000001_111100, 0xAAAAAAAAAAAAAAAA)]
    [InlineData(0b0_001000_000111, 0xFF000000FF000000)]
    public void LogicalConstantsAreRunsOfOnes(int bits, ulong value)
    {
        Assert.True(LogicalImmediates.IsAllocated(bits, isWide: true));
        Assert.Equal(value, LogicalImmediates.Value(bits));
    }

    [Fact]
    public void Crc32FollowsItsPolynomial() => Gen.Select(Gen.UInt, Gen.ULong).Sample((accumulator, data) =>
    {
        // crc32x w1, w2, x0
        BareMachine machine = new(0x9AC04C41, SystemCall);
        (machine.Cpu.X(2), machine.Cpu.X(0)) = (accumulator, data);
        machine.Run();

        uint crc = accumulator;
        for (int at = 0; at < 64; at++)
        {
            uint bit = (uint)(data >> at & 1);
            crc = ((crc ^ bit) & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
        }

        Assert.Equal(crc, machine.Cpu.X(1));
    }, iter: 100);

    [Theory]
    [InlineData(0x00000000u)] // udf #0
    [InlineData(0xD4400000u)] // hlt
    [InlineData(0xD5384100u)] // mrs x0, sp_el0
    [InlineData(0xD5380000u)] // mrs x0, midr_el1
    [InlineData(0x9240FC00u)] // and x0, x0 with a run of 64 ones
    [InlineData(0xD9E00000u)] // ldgm is not for EL0
    [InlineData(0x1EE02800u)] // fadd of halves is not told of
    public void WhatIsNotAllocatedIsRefused(uint word)
    {
        BareMachine machine = new(word, SystemCall);
        Stop stop = machine.Run();

        Assert.Equal((StopReason.Undefined, BareMachine.Code, 0L), (stop.Reason, machine.Cpu.Pc, machine.Cpu.Retired));
    }

    [Fact]
    public void ASliceEndsAtTheInstruction()
    {
        // add x0, x0, #1; b -4
        BareMachine machine = new(0x91000400, 0x17FFFFFF);

        Assert.Equal(StopReason.Slice, machine.Run(1001).Reason);
        Assert.Equal((501UL, 1001L, BareMachine.Code + 4), (machine.Cpu.X(0), machine.Cpu.Retired, machine.Cpu.Pc));
    }

    [Fact]
    public void CodeThatIsWrittenOverIsDecodedAnew()
    {
        // mov w0, #1; svc; and then mov w0, #2 over the first
        BareMachine machine = new(0x52800020, SystemCall);
        machine.Run();
        machine.Poke(BareMachine.Code, 0x52800040);
        machine.Cpu.Pc = BareMachine.Code;
        machine.Run();

        Assert.Equal(2UL, machine.Cpu.X(0));
    }

    [Fact]
    public void AFetchWithoutRightsIsAFault()
    {
        BareMachine machine = new();
        machine.Cpu.Pc = BareMachine.Data;
        Stop stop = machine.Run();

        Assert.Equal((StopReason.Fault, true, BareMachine.Data), (stop.Reason, stop.Fault.IsFetch, stop.Fault.Address));
    }

    [Fact]
    public void DecodingNeverThrows() => Gen.UInt.Sample(word => { Decoder.Decode(word, (int)(word % 1024)); }, iter: 200_000);
}
