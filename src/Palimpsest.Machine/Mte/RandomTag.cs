namespace Palimpsest.Machine.Mte;

/// <summary>How IRG finds a tag (Arm ARM, AArch64.RandomTag and AArch64.ChooseNonExcludedTag).</summary>
public static class RandomTag
{
    /// <summary>The LFSR has stopped at 0; an implementation's own source does not (a choice of ours).</summary>
    private const ushort Reseed = 1;

    /// <summary>
    /// The tag that lies <paramref name="offset"/> tags after <paramref name="start"/> when excluded ones do not count; 0 when all are
    /// excluded.
    /// </summary>
    public static int ChooseNonExcluded(int start, int offset, ushort exclude)
    {
        if (exclude == ushort.MaxValue)
        {
            return 0;
        }

        int tag = SkipExcluded(start & 15, exclude);
        if (offset == 0)
        {
            return tag;
        }

        tag = start & 15;
        for (int step = 0; step < offset; step++)
        {
            tag = SkipExcluded((tag + 1) & 15, exclude);
        }

        return tag;
    }

    /// <summary>Four bits of the LFSR of RGSR_EL1, the first in bit 0.</summary>
    public static int DrawOffset(MteRegisters registers)
    {
        int offset = 0;
        for (int bit = 0; bit < 4; bit++)
        {
            offset |= NextBit(registers) << bit;
        }

        return offset;
    }

    /// <summary>The next tag of IRG; moves RGSR_EL1.</summary>
    public static int Next(MteRegisters registers, ushort exclude)
    {
        if (registers.Rrnd && registers.Seed == 0)
        {
            registers.Seed = Reseed;
        }

        int offset = DrawOffset(registers);
        registers.StartTag = ChooseNonExcluded(registers.StartTag, offset, exclude);
        return registers.StartTag;
    }

    private static int NextBit(MteRegisters registers)
    {
        int seed = registers.Seed;
        int top = (seed >> 5 ^ seed >> 3 ^ seed >> 2 ^ seed) & 1;
        registers.Seed = (ushort)(seed >> 1 | top << 15);
        return top;
    }

    private static int SkipExcluded(int tag, ushort exclude)
    {
        while ((exclude >> tag & 1) != 0)
        {
            tag = (tag + 1) & 15;
        }

        return tag;
    }
}
