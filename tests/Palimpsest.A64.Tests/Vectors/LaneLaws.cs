using System.Numerics;
using System.Runtime.Intrinsics;
using CsCheck;

namespace Palimpsest.A64.Tests.Vectors;

/// <summary>Integer lanes, any values in any size, against integers without a width, one lane after the other.</summary>
public sealed class LaneLaws
{
    private const uint Saturated = 1 << 27;

    private static readonly Gen<UInt128> Vectors = Gen.OneOf(
        Gen.Select(Gen.ULong, Gen.ULong).Select((high, low) => new UInt128(high, low)),
        Gen.Int[0, 7].Array[16]
            .Select(corners => corners.Aggregate(UInt128.Zero, (all, corner) =>
            all << 8 | (uint)((int[])[0, 1, 0x7F, 0x80, 0x81, 0xFE, 0xFF, 0x40])[corner])));

    /// <summary>U, opcode, sizes from and to, and what a lane becomes.</summary>
    private static readonly (string Name, int U, int Opcode, int MostSize, Func<Lanes, BigInteger> Make)[] Same =
    [
        ("shadd", 0, 0, 2, l => (l.A + l.B) >> 1),
        ("uhadd", 1, 0, 2, l => (l.A + l.B) >> 1),
        ("sqadd", 0, 1, 3, l => l.Saturate(l.A + l.B)),
        ("uqadd", 1, 1, 3, l => l.Saturate(l.A + l.B)),
        ("srhadd", 0, 2, 2, l => (l.A + l.B + 1) >> 1),
        ("urhadd", 1, 2, 2, l => (l.A + l.B + 1) >> 1),
        ("shsub", 0, 4, 2, l => (l.A - l.B) >> 1),
        ("uhsub", 1, 4, 2, l => (l.A - l.B) >> 1),
        ("sqsub", 0, 5, 3, l => l.Saturate(l.A - l.B)),
        ("uqsub", 1, 5, 3, l => l.Saturate(l.A - l.B)),
        ("cmgt", 0, 6, 3, l => l.A > l.B ? -1 : 0),
        ("cmhi", 1, 6, 3, l => l.A > l.B ? -1 : 0),
        ("cmge", 0, 7, 3, l => l.A >= l.B ? -1 : 0),
        ("cmhs", 1, 7, 3, l => l.A >= l.B ? -1 : 0),
        ("smax", 0, 12, 2, l => BigInteger.Max(l.A, l.B)),
        ("umax", 1, 12, 2, l => BigInteger.Max(l.A, l.B)),
        ("smin", 0, 13, 2, l => BigInteger.Min(l.A, l.B)),
        ("umin", 1, 13, 2, l => BigInteger.Min(l.A, l.B)),
        ("sabd", 0, 14, 2, l => BigInteger.Abs(l.A - l.B)),
        ("uabd", 1, 14, 2, l => BigInteger.Abs(l.A - l.B)),
        ("saba", 0, 15, 2, l => l.D + BigInteger.Abs(l.A - l.B)),
        ("uaba", 1, 15, 2, l => l.D + BigInteger.Abs(l.A - l.B)),
        ("add", 0, 16, 3, l => l.A + l.B),
        ("sub", 1, 16, 3, l => l.A - l.B),
        ("cmtst", 0, 17, 3, l => (l.A & l.B).IsZero ? 0 : -1),
        ("cmeq", 1, 17, 3, l => l.A == l.B ? -1 : 0),
        ("mla", 0, 18, 2, l => l.D + (l.A * l.B)),
        ("mls", 1, 18, 2, l => l.D - (l.A * l.B)),
        ("mul", 0, 19, 2, l => l.A * l.B),
        ("sshl", 0, 8, 3, l => l.Shift(rounds: false)),
        ("ushl", 1, 8, 3, l => l.Shift(rounds: false)),
        ("sqshl", 0, 9, 3, l => l.Saturate(l.Shift(rounds: false))),
        ("uqshl", 1, 9, 3, l => l.Saturate(l.Shift(rounds: false))),
        ("srshl", 0, 10, 3, l => l.Shift(rounds: true)),
        ("urshl", 1, 10, 3, l => l.Shift(rounds: true)),
        ("sqrshl", 0, 11, 3, l => l.Saturate(l.Shift(rounds: true))),
        ("uqrshl", 1, 11, 3, l => l.Saturate(l.Shift(rounds: true))),
        ("sqdmulh", 0, 22, -2, l => l.Saturate((2 * l.A * l.B) >> l.Bits)),
        ("sqrdmulh", 1, 22, -2, l => l.Saturate(((2 * l.A * l.B) + (BigInteger.One << (l.Bits - 1))) >> l.Bits)),
    ];

    public static TheoryData<string> Names() => [.. Same.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void OfThreeRegisters(string name) => Gen.Select(Vectors, Vectors, Vectors, Gen.Bool).Sample((a, b, d, isFull) =>
    {
        (_, int u, int opcode, int most, Func<Lanes, BigInteger> make) = Same.Single(row => row.Name == name);
        for (int size = most < 0 ? 1 : 0; size <= Math.Abs(most); size++)
        {
            if (size == 3 && !isFull)
            {
                continue;
            }

            uint word = (isFull ? 1u << 30 : 0) | (uint)u << 29 | 0x0E200400 | (uint)size << 22 | 2 << 16 | (uint)opcode << 11 | 1 << 5;
            Check(word, name, a, b, d, size, u != 0 && name != "sqrdmulh", isFull ? 16 : 8, make);
        }
    }, iter: 25);

    [Fact]
    public void ShiftsByAConstant() => Gen.Select(Vectors, Vectors, Gen.Int[0, 127], Gen.Bool).Sample((a, d, any, isUnsigned) =>
    {
        for (int size = 0; size < 4; size++)
        {
            int bits = 8 << size;
            int right = 1 + (any % bits);
            int left = any % bits;
            uint sign = isUnsigned ? 1u << 29 : 0;
            uint down = 0x4F000400 | (uint)((2 * bits) - right) << 16 | 1 << 5;
            uint up = 0x4F000400 | (uint)(bits + left) << 16 | 1 << 5;
            BigInteger half = BigInteger.One << (right - 1);
            BigInteger upMask = (BigInteger.One << left) - 1;
            Check(down | sign, "shr", a, 0, d, size, isUnsigned, 16, l => l.A >> right);
            Check(down | sign | 2 << 11, "sra", a, 0, d, size, isUnsigned, 16, l => l.D + (l.A >> right));
            Check(down | sign | 4 << 11, "rshr", a, 0, d, size, isUnsigned, 16, l => (l.A + half) >> right);
            Check(down | sign | 6 << 11, "rsra", a, 0, d, size, isUnsigned, 16, l => l.D + ((l.A + half) >> right));
            Check(up | 10 << 11, "shl", a, 0, d, size, isUnsigned: true, 16, l => l.A << left);
            Check(up | 1u << 29 | 10 << 11, "sli", a, 0, d, size, isUnsigned: true, 16, l => (l.A << left) | (l.D & upMask));
            Check(up | sign | 14 << 11, "qshl", a, 0, d, size, isUnsigned, 16, l => l.Saturate(l.A << left));
        }
    }, iter: 100);

    [Fact]
    public void TablesGiveZeroOrLeaveWhatIsOutside() =>
        Gen.Select(Vectors, Gen.Int[1, 4], Gen.Bool, Gen.Byte.Array[16]).Sample((fill, registers, extends, indexes) =>
    {
        uint word = 0x4E000000 | 8 << 16 | (uint)(registers - 1) << 13 | (extends ? 1u << 12 : 0) | 30 << 5 | 9;
        BareMachine machine = new(word);
        for (int register = 0; register < 32; register++)
        {
            Set(machine, register, fill * (UInt128)(uint)((2 * register) + 1));
        }

        UInt128 index = indexes.Aggregate(UInt128.Zero, (all, one) => all << 8 | (byte)(one % 80));
        Set(machine, 8, index);
        // V30, V31, and then V0 and V1.
        byte[] table = [.. Enumerable.Range(30, registers).SelectMany(register => Bytes(Get(machine, register % 32)))];
        byte[] before = Bytes(Get(machine, 9));
        machine.Run(1);

        byte[] made = Bytes(Get(machine, 9));
        byte[] wanted = Bytes(index);
        Assert.All(Enumerable.Range(0, 16), at => Assert.Equal(
            wanted[at] < table.Length ? table[wanted[at]] : extends ? before[at] : 0, made[at]));
    }, iter: 200);

    private static void Check(uint word, string name, UInt128 a, UInt128 b, UInt128 d, int size, bool isUnsigned, int bytes, Func<Lanes,
        BigInteger> make)
    {
        BareMachine machine = new(word);
        Set(machine, 0, d);
        Set(machine, 1, a);
        Set(machine, 2, b);
        machine.Run(1);

        int bits = 8 << size;
        bool isSaturated = false;
        UInt128 expected = 0;
        for (int at = 0; at < bytes * 8; at += bits)
        {
            Lanes lanes = new(Lane(a, at, bits, isUnsigned), Lane(b, at, bits, isUnsigned), (sbyte)(b >> at), Lane(d, at, bits, isUnsigned),
                bits, isUnsigned);
            BigInteger lane = make(lanes) & ((BigInteger.One << bits) - 1);
            expected |= (UInt128)lane << at;
            isSaturated |= lanes.HasSaturated;
        }

        Assert.True(expected == Get(machine, 0), $"{name} {word:x8}: {expected:x} but {Get(machine, 0):x}");
        Assert.Equal(isSaturated ? Saturated : 0, machine.Cpu.FloatStatus);
    }

    private static BigInteger Lane(UInt128 vector, int at, int bits, bool isUnsigned)
    {
        BigInteger value = (BigInteger)(vector >> at) & ((BigInteger.One << bits) - 1);
        return isUnsigned || value < BigInteger.One << (bits - 1) ? value : value - (BigInteger.One << bits);
    }

    private static void Set(BareMachine machine, int register, UInt128 value) =>
        machine.Cpu.V(register) = Vector128.Create((ulong)value, (ulong)(value >> 64));

    private static UInt128 Get(BareMachine machine, int register) =>
        new(machine.Cpu.V(register).GetElement(1), machine.Cpu.V(register).GetElement(0));

    private static byte[] Bytes(UInt128 value) => [.. Enumerable.Range(0, 16).Select(at => (byte)(value >> (8 * at)))];

    /// <summary>The operands in a lane; B once more as the signed byte that shifts take, and the destination before.</summary>
    private sealed record Lanes(BigInteger A, BigInteger B, int By, BigInteger D, int Bits, bool IsUnsigned)
    {
        public bool HasSaturated { get; private set; }

        public BigInteger Saturate(BigInteger value)
        {
            BigInteger least = IsUnsigned ? 0 : -(BigInteger.One << (Bits - 1));
            BigInteger most = (IsUnsigned ? BigInteger.One << Bits : BigInteger.One << (Bits - 1)) - 1;
            BigInteger clamped = BigInteger.Max(least, BigInteger.Min(most, value));
            HasSaturated |= clamped != value;
            return clamped;
        }

        public BigInteger Shift(bool rounds) => By >= 0 ? A << By : (A + (rounds ? BigInteger.One << (-By - 1) : 0)) >> -By;
    }
}
