using CsCheck;
using Palimpsest.Machine.Mte;

namespace Palimpsest.A64.Tests.Tags;

/// <summary>IRG, GMI, ADDG, SUBG, SUBP and SUBPS by their encodings, against lists of the tags that may be chosen.</summary>
public sealed class TagRegisterLaws
{
    private static readonly Gen<ulong> Addresses = Gen.Select(Gen.ULong, Gen.Int[0, 15]).Select(LogicalTag.With);

    [Fact]
    public void AddedTagsGoRoundAmongThoseThatAreNotExcluded() =>
        Gen.Select(Addresses, Gen.Int[0, 63], Gen.Int[0, 15], Gen.UShort,
            Gen.Bool).Sample((address, granules, steps, exclude, isSubtracted) =>
        {
            BareMachine machine = new(Encodings.AddTag(isSubtracted, 2, 1, granules, steps));
            machine.Core.Registers.Exclude = exclude;
            (machine.Cpu.X(1), machine.Cpu.Nzcv) = (address, 0x50000000);
            machine.Run(1);

            ulong moved = isSubtracted ? address - (16UL * (ulong)granules) : address + (16UL * (ulong)granules);
            Assert.Equal(LogicalTag.With(moved, After(LogicalTag.Of(address), steps, exclude)), machine.Cpu.X(2));
            Assert.Equal(0x50000000u, machine.Cpu.Nzcv);
        }, iter: 300);

    [Fact]
    public void ARandomTagIsOneThatNobodyExcludes() =>
        Gen.Select(Addresses, Gen.UShort, Gen.UShort, Gen.UShort, Gen.Int[0, 15]).Sample((address, exclude, operand, seed, start) =>
        {
            // irg x2, x1, x3
            BareMachine machine = new(Encodings.TwoSources(true, 4, 2, 1, 3));
            machine.Core.Registers.Exclude = exclude;
            (machine.Core.Registers.Seed, machine.Core.Registers.StartTag) = (seed, start);
            (machine.Cpu.X(1), machine.Cpu.X(3)) = (address, operand | 0xABCD0000UL);
            machine.Run(1);

            // Four bits of the shift register of the Arm ARM are the number of steps from the tag before.
            uint state = seed;
            int steps = 0;
            for (int bit = 0; bit < 4; bit++)
            {
                uint top = (state >> 5 ^ state >> 3 ^ state >> 2 ^ state) & 1;
                state = state >> 1 | top << 15;
                steps |= (int)top << bit;
            }

            int tag = After(start, steps, (ushort)(exclude | operand));
            Assert.Equal(LogicalTag.With(address, tag), machine.Cpu.X(2));
            Assert.Equal(((ulong)state << 8) | (uint)tag, machine.Core.Registers.Rgsr);
        }, iter: 300);

    [Fact]
    public void WithoutTagAccessEveryTagIsZero()
    {
        BareMachine machine = new(Encodings.TwoSources(true, 4, 2, 1, 31), Encodings.AddTag(false, 3, 1, 1, 5),
            Encodings.AddTag(true, 4, 1, 1, 5));
        machine.Core.Registers.Ata0 = false;
        machine.Cpu.X(1) = 0xF500000000001000;
        machine.Run(3);

        Assert.Equal((0xF000000000001000UL, 0xF000000000001010UL, 0xF000000000000FF0UL),
            (machine.Cpu.X(2), machine.Cpu.X(3), machine.Cpu.X(4)));
    }

    [Fact]
    public void EverySeedVisitsEveryTagThatIsAllowed()
    {
        // irg x1, x0; add x2, x2, x1; b -8
        BareMachine machine = new(Encodings.TwoSources(true, 4, 1, 0, 31), Encodings.Jump(-1));
        machine.Core.Registers.Exclude = 0b1010_0000_0110_0001;
        machine.Core.Registers.Seed = 0x1234;
        HashSet<int> seen = [];
        for (int turn = 0; turn < 300; turn++)
        {
            machine.Run(2);
            seen.Add(LogicalTag.Of(machine.Cpu.X(1)));
        }

        Assert.Equal(Enumerable.Range(0, 16).Where(tag => (0b1010_0000_0110_0001 >> tag & 1) == 0), seen.Order());
    }

    [Fact]
    public void MasksGatherTags() => Gen.Select(Addresses, Gen.ULong).Sample((address, mask) =>
    {
        // gmi x2, x1, x3
        BareMachine machine = new(Encodings.TwoSources(true, 5, 2, 1, 3));
        (machine.Cpu.X(1), machine.Cpu.X(3)) = (address, mask);
        machine.Run(1);

        Assert.Equal(mask | (ulong)Math.Pow(2, LogicalTag.Of(address)), machine.Cpu.X(2));
    }, iter: 200);

    [Fact]
    public void DifferencesOfAddressesForgetTheTopByte() => Gen.Select(Gen.ULong, Gen.ULong).Sample((left, right) =>
    {
        // subp x2, x0, x1; subps x3, x0, x1
        BareMachine machine = new(Encodings.TwoSources(true, 0, 2, 0, 1), Encodings.TwoSources(true, 0, 3, 0, 1) | 1u << 29);
        (machine.Cpu.X(0), machine.Cpu.X(1), machine.Cpu.Nzcv) = (left, right, 0x10000000);
        machine.Run(1);
        Assert.Equal(0x10000000u, machine.Cpu.Nzcv);
        machine.Run(1);

        Int128 a = SignedOf(left);
        Int128 b = SignedOf(right);
        Assert.Equal(((ulong)(a - b), (ulong)(a - b)), (machine.Cpu.X(2), machine.Cpu.X(3)));
        // 56-bit numbers never overflow 64 bits; carry is of the unsigned comparison of what they are extended to.
        uint flags = (a < b ? 8u : 0) | (a == b ? 4u : 0) | ((ulong)(a & ulong.MaxValue) >= (ulong)(b & ulong.MaxValue) ? 2u : 0);
        Assert.Equal(flags, machine.Cpu.Nzcv >> 28);
    }, iter: 200);

    [Fact]
    public void TheStackPointerIsAnOperandOfAllButTheMasks()
    {
        // irg sp, sp; addg sp, sp, #16, #0; subp x2, sp, sp; gmi x3, sp, xzr
        BareMachine machine = new(
            Encodings.AddTag(false, 31, 31, 1, 0), Encodings.TwoSources(true, 0, 2, 31, 31), Encodings.TwoSources(true, 5, 3, 31, 31),
            Encodings.TwoSources(true, 4, 31, 31, 31));
        machine.Cpu.Sp = 0x0700000000002000;
        machine.Cpu.X(2) = 99;
        machine.Run(3);
        Assert.Equal((0x0700000000002010UL, 0UL, 1UL << 7), (machine.Cpu.Sp, machine.Cpu.X(2), machine.Cpu.X(3)));
        machine.Core.Registers.Exclude = 0xFFFE;
        machine.Run(1);
        Assert.Equal(0x2010UL, machine.Cpu.Sp);
    }

    /// <summary>The tag so many allowed tags on; the first allowed one at or behind the start where there are no steps.</summary>
    private static int After(int start, int steps, ushort exclude)
    {
        List<int> round = [.. Enumerable.Range(start, 17).Select(tag => tag % 16)];
        List<int> allowed = [.. round.Skip(steps == 0 ? 0 : 1).Where(tag => (exclude >> tag & 1) == 0)];
        return allowed.Count == 0 ? 0 : steps == 0 ? allowed[0] : allowed[(steps - 1) % allowed.Distinct().Count()];
    }

    private static Int128 SignedOf(ulong address)
    {
        ulong low = address & ((1UL << 56) - 1);
        return low >= 1UL << 55 ? (Int128)low - ((Int128)1 << 56) : low;
    }
}
