using CsCheck;

namespace Palimpsest.A64.Tests.Memory;

/// <summary>Loads and stores of all sizes in all modes, against an array of bytes.</summary>
public sealed class AddressingLaws
{
    private const ulong Middle = BareMachine.Data + 2048;
    private const int Base = 1;
    private const int Index = 2;
    private const int Value = 3;

    public static TheoryData<int, int> Sizes() => new(
        from size in Enumerable.Range(0, 4)
        from operation in Enumerable.Range(0, 4)
        where operation < 2 || size < (operation == 2 ? 3 : 2)
        select (size, operation));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void UnsignedOffsetsAreInUnitsOfTheSize(int size, int operation) =>
        Gen.Select(Gen.Int[0, 4095], Gen.ULong).Sample((any, value) =>
        {
            int units = any % (4096 >> size);
            BareMachine machine = Run(Encodings.Access(size, operation, Value, Base, units), BareMachine.Data, 0, value);

            CheckAccess(machine, BareMachine.Data + (ulong)(units << size), size, operation, value);
            Assert.Equal(BareMachine.Data, machine.Cpu.X(Base));
        }, iter: 25);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void SignedOffsetsAreInBytesAndMayMoveTheBase(int size, int operation) =>
        Gen.Select(Gen.Int[-256, 255], Gen.Int[0, 3], Gen.ULong).Sample((offset, mode, value) =>
        {
            BareMachine machine = Run(Encodings.SignedAccess(size, operation, Value, Base, offset, mode), Middle, 0, value);

            ulong moved = Middle + (ulong)(long)offset;
            CheckAccess(machine, mode == 1 ? Middle : moved, size, operation, value);
            Assert.Equal(mode is 1 or 3 ? moved : Middle, machine.Cpu.X(Base));
        }, iter: 25);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void IndexesAreExtendedAndScaled(int size, int operation) =>
        Gen.Select(Gen.Int[-128, 127], Gen.Int[0, 3], Gen.Bool, Gen.ULong).Sample((index, kind, isScaled, value) =>
        {
            int option = (int[])[2, 3, 6, 7] is var options ? options[kind] : 0;
            // UXTW takes no sign: a base that is 4 GiB below makes up for it. The upper half of a narrow index is not looked at.
            ulong register = option is 2 or 6 ? (uint)index | 0xABCDUL << 32 : (ulong)(long)index;
            ulong extended = option == 2 ? (uint)index : (ulong)(long)index;
            ulong offset = extended << (isScaled ? size : 0);
            ulong start = Middle - offset + (ulong)(index & ~7);
            BareMachine machine = Run(Encodings.IndexedAccess(size, operation, Value, Base, Index, option, isScaled), start, register,
                value);

            CheckAccess(machine, start + offset, size, operation, value);
            Assert.Equal((start, register), (machine.Cpu.X(Base), machine.Cpu.X(Index)));
        }, iter: 25);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    public void OtherExtensionsOfAnIndexAreRefused(int option)
    {
        BareMachine machine = new(Encodings.IndexedAccess(3, 1, Value, Base, Index, option, false));

        Assert.Equal(StopReason.Undefined, machine.Run(1).Reason);
    }

    [Theory]
    [InlineData(3, 2, 1)] // prfm with write-back
    [InlineData(3, 3, 0)]
    [InlineData(2, 3, 0)]
    public void OtherSizesAreRefused(int size, int operation, int mode)
    {
        BareMachine machine = new(Encodings.SignedAccess(size, operation, Value, Base, 0, mode));

        Assert.Equal(StopReason.Undefined, machine.Run(1).Reason);
    }

    [Theory]
    [InlineData(0xF9800020u)] // prfm pldl1keep, [x1]
    [InlineData(0xF8800020u)] // prfum pldl1keep, [x1]
    [InlineData(0xF8A26820u)] // prfm pldl1keep, [x1, x2]
    [InlineData(0xD8000020u)] // prfm pldl1keep, .+4
    public void PrefetchesDoNothing(uint word)
    {
        BareMachine machine = Run(word, 0xDEAD0000, 3, 4);

        Assert.Equal((0UL, 1L), (machine.Cpu.X(0), machine.Cpu.Retired));
    }

    [Theory]
    [InlineData(0, 0x18000040u, 0x00000000D503201FUL)] // ldr w0, .+8
    [InlineData(1, 0x58000040u, 0x87654321D503201FUL)] // ldr x0, .+8
    [InlineData(2, 0x98000040u, 0xFFFFFFFFD503201FUL)] // ldrsw x0, .+8
    public void LiteralsAreRelativeToTheInstruction(int kind, uint word, ulong expected)
    {
        BareMachine machine = new(word, Encodings.SystemCall, 0xD503201F, 0x87654321);
        machine.Run();

        Assert.Equal((expected, kind), (machine.Cpu.X(0), kind));
    }

    [Fact]
    public void TheZeroRegisterStoresZerosAndForgetsLoads()
    {
        // str xzr, [x1]; ldr xzr, [x1, #8]
        BareMachine machine = new(
            Encodings.Access(3, 0, Encodings.Zero, Base, 0), Encodings.Access(3, 1, Encodings.Zero, Base, 1),
                Encodings.Sum(true, 0, 4, 31, 31));
        machine.Poke64(BareMachine.Data, ulong.MaxValue);
        machine.Poke64(BareMachine.Data + 8, ulong.MaxValue);
        (machine.Cpu.X(Base), machine.Cpu.Sp) = (BareMachine.Data, 0x5550);
        machine.Run(3);

        Assert.Equal((0UL, 0UL, 0x5550UL), (machine.Peek(BareMachine.Data), machine.Cpu.X(4), machine.Cpu.Sp));
    }

    private static BareMachine Run(uint word, ulong start, ulong index, ulong value)
    {
        BareMachine machine = new(word);
        (machine.Cpu.X(Base), machine.Cpu.X(Index), machine.Cpu.X(Value)) = (start, index, value);
        for (ulong offset = 0; offset < 4096; offset += 8)
        {
            machine.Poke64(BareMachine.Data + offset, Fill(offset));
        }

        Assert.Equal(StopReason.Slice, machine.Run(1).Reason);
        return machine;
    }

    /// <summary>Bytes of which each has both bits 7 and not, and no two words are the same.</summary>
    private static ulong Fill(ulong offset) => (offset + 1) * 0x9E3779B97F4A7C15;

    private static void CheckAccess(BareMachine machine, ulong address, int size, int operation, ulong value)
    {
        int bits = 8 << size;
        ulong offset = Aligned(address) - BareMachine.Data;
        UInt128 old = (UInt128)Fill(offset) | (UInt128)Fill(offset + 8) << 64;
        int shift = (int)(address % 8) * 8;
        if (operation == 0)
        {
            UInt128 mask = (bits == 64 ? ulong.MaxValue : (1UL << bits) - 1) * UInt128.One << shift;
            UInt128 expected = (old & ~mask) | ((UInt128)value << shift & mask);
            Assert.Equal((ulong)expected, machine.Peek(Aligned(address)));
            Assert.True(shift == 0 || (ulong)(expected >> 64) == machine.Peek(Aligned(address) + 8));
            return;
        }

        ulong loaded = (ulong)(old >> shift) << (64 - bits);
        ulong result = operation == 1 ? loaded >> (64 - bits) : (ulong)((long)loaded >> (64 - bits));
        Assert.Equal(operation == 3 ? (uint)result : result, machine.Cpu.X(Value));
    }

    private static ulong Aligned(ulong address) => address & ~7UL;
}
