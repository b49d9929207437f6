using CsCheck;

namespace Palimpsest.A64.Tests.Integer;

/// <summary>Fields of bits, extraction, shifts and what turns bits round, against loops over single bits.</summary>
public sealed class BitFieldLaws
{
    private static readonly ulong[] Values =
        [0x0123456789ABCDEF, 0xFEDCBA9876543210, ulong.MaxValue, 0x8000000000000001, 0x00000000FFFFFFFF, 0xA5A5A5A55A5A5A5A];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FieldsOfAllPlacesAndLengths(bool isWide)
    {
        int width = isWide ? 64 : 32;
        for (int operation = 0; operation < 3; operation++)
        {
            uint[] words =
            [
                .. from immr in Enumerable.Range(0, width)
                   from imms in Enumerable.Range(0, 8).Select(step => ((step * 9) + immr) % width)
                   select Encodings.BitField(isWide, operation, 0, 1, immr, imms),
            ];
            BareMachine machine = new(words);
            for (int index = 0; index < words.Length; index++)
            {
                ulong before = Values[index % Values.Length];
                ulong source = Values[index / 8 % Values.Length];
                (machine.Cpu.X(0), machine.Cpu.X(1)) = (before, source);
                Assert.Equal(StopReason.Slice, machine.Run(1).Reason);

                int immr = (int)(words[index] >> 16 & 63);
                int imms = (int)(words[index] >> 10 & 63);
                ulong expected = Moved(source, operation == 1 ? before : 0, width, immr, imms, isSigned: operation == 0);
                Assert.True(expected == machine.Cpu.X(0), $"{words[index]:x8}: {expected:x} but {machine.Cpu.X(0):x}");
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ExtractionAtEachBit(bool isWide)
    {
        int width = isWide ? 64 : 32;
        uint[] words = [.. Enumerable.Range(0, width).Select(first => Encodings.Extract(isWide, 0, 1, 2, first))];
        BareMachine machine = new(words);
        for (int first = 0; first < width; first++)
        {
            ulong high = Values[first % Values.Length];
            ulong low = Values[(first + 1) % Values.Length];
            (machine.Cpu.X(1), machine.Cpu.X(2)) = (high, low);
            machine.Run(1);

            string both = Bits(high, width) + Bits(low, width);
            Assert.Equal(Convert.ToUInt64(both.Substring(width - first, width), 2), machine.Cpu.X(0));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatIsOutsideOfARegisterIsRefused(bool isWide)
    {
        // For 64 bits N has to be set, for 32 it may not be; then no place is above 31.
        uint field = Encodings.BitField(isWide, 2, 0, 1, 3, 5) ^ (1u << 22);
        uint extract = Encodings.Extract(isWide, 0, 1, 2, 5) ^ (1u << 22);
        Assert.Equal(StopReason.Undefined, new BareMachine(field).Run(1).Reason);
        Assert.Equal(StopReason.Undefined, new BareMachine(extract).Run(1).Reason);
        foreach (uint word in (uint[])[Encodings.BitField(false, 2, 0, 1, 32, 5), Encodings.BitField(false, 0, 0, 1, 3, 32),
            Encodings.Extract(false, 0, 1, 2, 32)])
        {
            Assert.Equal(StopReason.Undefined, new BareMachine(word).Run(1).Reason);
        }
    }

    [Fact]
    public void ShiftsByARegisterTakeItModuloTheWidth() => Gen.Select(Gen.ULong, Gen.ULong, Gen.Bool).Sample((value, amount, isWide) =>
    {
        uint[] words = [.. Enumerable.Range(8, 4).Select(operation => Encodings.TwoSources(isWide, operation, operation, 0, 1))];
        BareMachine machine = new(words);
        (machine.Cpu.X(0), machine.Cpu.X(1)) = (value, amount);
        machine.Run(4);

        int width = isWide ? 64 : 32;
        int by = (int)(amount % (ulong)width);
        string bits = Bits(value, width);
        Assert.Equal(Convert.ToUInt64(bits[by..] + new string('0', by), 2), machine.Cpu.X(8));
        Assert.Equal(Convert.ToUInt64(new string('0', by) + bits[..(width - by)], 2), machine.Cpu.X(9));
        Assert.Equal(Convert.ToUInt64(new string(bits[0], by) + bits[..(width - by)], 2), machine.Cpu.X(10));
        Assert.Equal(Convert.ToUInt64(bits[(width - by)..] + bits[..(width - by)], 2), machine.Cpu.X(11));
    }, iter: 200);

    [Fact]
    public void WhatTurnsBitsRound() => Gen.Select(Gen.ULong, Gen.Int[0, 63]).Sample((any, shift) =>
    {
        foreach (bool isWide in (bool[])[false, true])
        {
            int width = isWide ? 64 : 32;
            ulong value = any >> shift;
            uint[] words = [.. Enumerable.Range(0, isWide ? 6 : 3)
                .Select(operation => Encodings.OneSource(isWide, operation, operation + 4, 0))];
            words = isWide ? words : [.. words, Encodings.OneSource(false, 4, 8, 0), Encodings.OneSource(false, 5, 9, 0)];
            BareMachine machine = new(words);
            machine.Cpu.X(0) = value;
            Assert.Equal(StopReason.Slice, machine.Run(words.Length).Reason);

            string bits = Bits(value, width);
            Assert.Equal(string.Concat(bits.Reverse()), Bits(machine.Cpu.X(4), width));
            Assert.Equal(Turned(bits, 16), Bits(machine.Cpu.X(5), width));
            Assert.Equal(Turned(bits, 32), Bits(machine.Cpu.X(6), width));
            Assert.Equal(isWide ? Turned(bits, 64) : Bits(0, 32), Bits(machine.Cpu.X(7), width));
            Assert.Equal((ulong)(bits.Contains('1') ? bits.IndexOf('1') : width), machine.Cpu.X(8));
            Assert.Equal((ulong)(bits.TakeWhile(bit => bit == bits[0]).Count() - 1), machine.Cpu.X(9));
            Assert.All(Enumerable.Range(4, 6), register => Assert.True(isWide || machine.Cpu.X(register) <= uint.MaxValue));
        }
    }, iter: 200);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MovesOfSixteenBits(bool isWide)
    {
        for (int place = 0; place < (isWide ? 4 : 2); place++)
        {
            const int immediate = 0x9A5C;
            BareMachine machine = new(
                Encodings.MoveWide(isWide, 0, 0, immediate, place), Encodings.MoveWide(isWide, 2, 1, immediate, place),
                Encodings.MoveWide(isWide, 3, 2, immediate, place));
            (machine.Cpu.X(0), machine.Cpu.X(1), machine.Cpu.X(2)) = (1, 2, 0x1111222233334444);
            machine.Run(3);

            int width = isWide ? 64 : 32;
            string field = Bits(immediate, 16);
            string zero = new string('0', width - (16 * (place + 1))) + field + new string('0', 16 * place);
            string keep = Bits(0x1111222233334444, width);
            keep = keep[..(width - (16 * (place + 1)))] + field + keep[(width - (16 * place))..];
            Assert.Equal(zero, Bits(machine.Cpu.X(1), width));
            Assert.Equal(string.Concat(zero.Select(bit => bit == '0' ? '1' : '0')), Bits(machine.Cpu.X(0), width));
            Assert.Equal(Convert.ToUInt64(keep, 2), machine.Cpu.X(2));
        }
    }

    /// <summary>SBFM, BFM and UBFM: where imms is at least immr a field comes down, else it goes up.</summary>
    private static ulong Moved(ulong source, ulong before, int width, int immr, int imms, bool isSigned)
    {
        bool comesDown = imms >= immr;
        int length = comesDown ? imms - immr + 1 : imms + 1;
        int from = comesDown ? immr : 0;
        int to = comesDown ? 0 : width - immr;
        ulong result = before & (ulong.MaxValue >> (64 - width));
        for (int bit = 0; bit < length; bit++)
        {
            result = With(result, to + bit, source >> (from + bit) & 1);
        }

        for (int bit = to + length; isSigned && bit < width; bit++)
        {
            result = With(result, bit, source >> (from + length - 1) & 1);
        }

        return result;
    }

    private static ulong With(ulong value, int bit, ulong to) => (value & ~(1UL << bit)) | to << bit;

    private static string Bits(ulong value, int width)
    {
        string all = Convert.ToString((long)value, 2).PadLeft(64, '0');
        return all[(64 - width)..];
    }

    /// <summary>Bytes turned round within units.</summary>
    private static string Turned(string bits, int unit) => string.Concat(
        bits.Chunk(unit).Select(part => string.Concat(part.Chunk(8).Reverse().Select(octet => new string(octet)))));
}
