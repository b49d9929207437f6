using CsCheck;
using Palimpsest.Machine.Cores;

namespace Palimpsest.A64.Tests.Memory;

/// <summary>FEAT_LSE and the exclusives: what is read, what is written, and when nothing is.</summary>
public sealed class AtomicLaws
{
    private const ulong Place = BareMachine.Data + 64;

    private static readonly Gen<ulong> Values = Gen.OneOf(
        Gen.ULong, Gen.Const(0UL), Gen.Const(ulong.MaxValue), Gen.Const(1UL << 63), Gen.Const(0x80UL), Gen.Const(0x7F7F7F7F7F7F7F7FUL));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void EachReadsChangesAndWrites(int size) =>
        Gen.Select(Values, Values, Gen.Int[0, 8], Gen.Int[0, 3]).Sample((old, operand, operation, order) =>
    {
        // A and R, in bits 23 and 22, change nothing here.
        BareMachine machine = new(Encodings.Atomic(size, operation, 1, 2, 0) | (uint)order << 22);
        (machine.Cpu.X(0), machine.Cpu.X(1)) = (Place, operand);
        machine.Poke64(Place, old);
        Assert.Equal(StopReason.Slice, machine.Run(1).Reason);

        int bits = 8 << size;
        ulong mask = ulong.MaxValue >> (64 - bits);
        Int128 signedOld = Signed(old, bits);
        Int128 signedOperand = Signed(operand, bits);
        ulong changed = operation switch
        {
            0 => old + operand,
            1 => old & ~operand,
            2 => old ^ operand,
            3 => old | operand,
            4 => (ulong)Int128.Max(signedOld, signedOperand),
            5 => (ulong)Int128.Min(signedOld, signedOperand),
            6 => ulong.Max(old & mask, operand & mask),
            7 => ulong.Min(old & mask, operand & mask),
            _ => operand,
        };
        Assert.Equal(old & mask, machine.Cpu.X(2));
        Assert.Equal((old & ~mask) | (changed & mask), machine.Peek(Place));
    }, iter: 300);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void CompareAndSwapLooksAtItsSizeOnly(int size) => Gen.Select(Values, Values, Gen.Bool).Sample((old, other, isEqual) =>
    {
        int bits = 8 << size;
        ulong mask = ulong.MaxValue >> (64 - bits);
        ulong compared = isEqual ? (old & mask) | (other & ~mask) : other;
        BareMachine machine = new(Encodings.CompareAndSwap(size, 1, 2, 0));
        (machine.Cpu.X(0), machine.Cpu.X(1), machine.Cpu.X(2)) = (Place, compared, ~other);
        machine.Poke64(Place, old);
        machine.Run(1);

        bool swaps = ((old ^ compared) & mask) == 0;
        Assert.Equal((old & mask, ~other), (machine.Cpu.X(1), machine.Cpu.X(2)));
        Assert.Equal(swaps ? (old & ~mask) | (~other & mask) : old, machine.Peek(Place));
    }, iter: 200);

    [Theory]
    [InlineData(true, 5UL, 6UL, true)]
    [InlineData(true, 5UL, 7UL, false)]
    [InlineData(true, 4UL, 6UL, false)]
    [InlineData(false, 0xFFFFFFFF00000005UL, 0xFFFFFFFF00000006UL, true)]
    [InlineData(false, 5UL, 7UL, false)]
    public void PairsAreSwappedWhenBothAreEqual(bool isWide, ulong first, ulong second, bool swaps)
    {
        BareMachine machine = new(Encodings.CompareAndSwapPair(isWide, 4, 6, 0));
        machine.Cpu.X(0) = Place;
        (machine.Cpu.X(4), machine.Cpu.X(5), machine.Cpu.X(6), machine.Cpu.X(7)) = (first, second, 11, 12);
        machine.Poke64(Place, isWide ? 5UL : 5 | 6UL << 32);
        machine.Poke64(Place + 8, isWide ? 6UL : 99);
        machine.Run(1);

        Assert.Equal((5UL, 6UL), (machine.Cpu.X(4), machine.Cpu.X(5)));
        ulong low = isWide ? (swaps ? 11UL : 5) : swaps ? 11 | 12UL << 32 : 5 | 6UL << 32;
        Assert.Equal((low, isWide ? (swaps ? 12UL : 6) : 99), (machine.Peek(Place), machine.Peek(Place + 8)));
    }

    [Theory]
    [InlineData(0x48217C42u)] // casp with an odd register
    [InlineData(0x48207C43u)]
    [InlineData(0x48207442u)] // bits 14:10 are ones
    [InlineData(0xC8A07442u)]
    public void OtherSwapsAreRefused(uint word) => Assert.Equal(StopReason.Undefined, new BareMachine(word).Run(1).Reason);

    [Theory]
    [InlineData(9)]
    [InlineData(13)]
    [InlineData(15)]
    public void OtherAtomicsAreRefused(int operation) =>
        Assert.Equal(StopReason.Undefined, new BareMachine(Encodings.Atomic(3, operation, 1, 2, 0)).Run(1).Reason);

    [Fact]
    public void AnAtomicThatMayNotWriteFaultsAsAWriteAndLeavesItsResult()
    {
        foreach (uint word in (uint[])[Encodings.Atomic(3, 0, 1, 2, 0), Encodings.CompareAndSwap(3, 2, 1, 0),
            Encodings.CompareAndSwapPair(true, 2, 4, 0)])
        {
            BareMachine machine = new(word);
            (machine.Cpu.X(0), machine.Cpu.X(2)) = (BareMachine.ReadOnly, 5);
            Stop stop = machine.Run();

            Assert.Equal((FaultKind.Permission, true, BareMachine.ReadOnly), (stop.Fault.Kind, stop.Fault.IsWrite, stop.Fault.Address));
            Assert.Equal((5UL, 0L), (machine.Cpu.X(2), machine.Cpu.Retired));
        }
    }

    [Fact]
    public void WhatIsNotAlignedIsAFaultOfAllOfThem()
    {
        uint[] words =
        [
            Encodings.Atomic(1, 0, 1, 2, 0), Encodings.CompareAndSwap(2, 1, 2, 0), Encodings.CompareAndSwapPair(true, 2, 4, 0),
            Encodings.LoadExclusive(3, 1, 0), Encodings.StoreExclusive(2, 1, 2, 0), Encodings.LoadExclusivePair(true, 1, 2, 0),
            Encodings.StoreExclusivePair(false, 1, 2, 3, 0), 0xC8DFFC01, 0xC89FFC01, 0xF8BFC001,
        ];
        foreach (uint word in words)
        {
            BareMachine machine = new(word);
            machine.Cpu.X(0) = Place + 1;
            Stop stop = machine.Run();

            Assert.Equal((FaultKind.Alignment, Place + 1, 0L), (stop.Fault.Kind, stop.Fault.Address, machine.Cpu.Retired));
        }

        // Bytes are always aligned.
        BareMachine bytes = new(Encodings.Atomic(0, 0, 1, 2, 0), Encodings.LoadExclusive(0, 1, 0), Encodings.CompareAndSwap(0, 1, 2, 0));
        bytes.Cpu.X(0) = Place + 1;
        Assert.Equal(StopReason.Slice, bytes.Run(3).Reason);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnExclusivePairOfLoadAndStoreSucceeds(int size)
    {
        BareMachine machine = new(Encodings.LoadExclusive(size, 1, 0), Encodings.StoreExclusive(size, 2, 3, 0));
        (machine.Cpu.X(0), machine.Cpu.X(2), machine.Cpu.X(3)) = (Place, 9, 0x1122334455667788);
        machine.Poke64(Place, ulong.MaxValue);
        machine.Run(2);

        ulong mask = ulong.MaxValue >> (64 - (8 << size));
        Assert.Equal((mask, 0UL), (machine.Cpu.X(1), machine.Cpu.X(2)));
        Assert.Equal(~mask | (0x1122334455667788 & mask), machine.Peek(Place));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ExclusivePairsAreOneAccess(bool isWide)
    {
        BareMachine machine = new(Encodings.LoadExclusivePair(isWide, 1, 2, 0), Encodings.StoreExclusivePair(isWide, 5, 3, 4, 0));
        (machine.Cpu.X(0), machine.Cpu.X(3), machine.Cpu.X(4)) = (Place, 0x111111112, 0x333333334);
        machine.Poke64(Place, 0xAAAAAAAABBBBBBBB);
        machine.Poke64(Place + 8, 0xCCCCCCCCDDDDDDDD);
        machine.Run(2);

        Assert.Equal(
            isWide ? (0xAAAAAAAABBBBBBBBUL, 0xCCCCCCCCDDDDDDDDUL, 0UL) : (0xBBBBBBBBUL, 0xAAAAAAAAUL, 0UL),
            (machine.Cpu.X(1), machine.Cpu.X(2), machine.Cpu.X(5)));
        Assert.Equal(
            isWide ? (0x111111112UL, 0x333333334UL) : (0x33333334_11111112UL, 0xCCCCCCCCDDDDDDDDUL),
            (machine.Peek(Place), machine.Peek(Place + 8)));
    }

    [Fact]
    public void TheMonitorIsLostWhereTheArchitectureSaysSo()
    {
        uint load = Encodings.LoadExclusive(3, 1, 0);
        uint store = Encodings.StoreExclusive(3, 2, 3, 0);
        Assert.Equal(0UL, StatusOf([load, store]));
        Assert.Equal(0UL, StatusOf([load, Encodings.Sum(true, 0, 4, 4, 4), store]));
        Assert.Equal(1UL, StatusOf([store]));
        Assert.Equal(1UL, StatusOf([load, 0xD5033F5F, store])); // clrex
        Assert.Equal(1UL, StatusOf([load, Encodings.LoadExclusive(3, 1, 5), store])); // another place
        Assert.Equal(1UL, StatusOf([load, Encodings.StoreExclusive(2, 4, 3, 0), store])); // another size, and then none
        Assert.Equal(1UL, StatusOf([load, store, store]));
        Assert.Equal(1UL, StatusOf([Encodings.LoadExclusive(2, 1, 0), store]));
    }

    [Fact]
    public void AStopLosesTheMonitor()
    {
        BareMachine machine = new(Encodings.LoadExclusive(3, 1, 0), Encodings.StoreExclusive(3, 2, 3, 0));
        (machine.Cpu.X(0), machine.Cpu.X(3)) = (Place, 3);
        machine.Run(1);
        machine.Run(1);

        Assert.Equal((1UL, 0UL), (machine.Cpu.X(2), machine.Peek(Place)));
    }

    private static ulong StatusOf(uint[] words)
    {
        BareMachine machine = new(words);
        (machine.Cpu.X(0), machine.Cpu.X(2), machine.Cpu.X(3), machine.Cpu.X(5)) = (Place, 7, 3, Place + 512);
        Assert.Equal(StopReason.Slice, machine.Run(words.Length).Reason);
        return machine.Cpu.X(2);
    }

    private static Int128 Signed(ulong value, int bits) => (long)(value << (64 - bits)) >> (64 - bits);
}
