namespace Palimpsest.A64.Tests;

/// <summary>
/// A loop of random instructions that are allocated: X4 to X15 and the vectors are for results, X20 to X24 and SP are bases of
/// accesses, X28 counts. Branches go forward, so that it ends.
/// </summary>
internal sealed class RandomCode(int seed)
{
    private const int BackToStart = 0x54000001;
    private const uint Count = 0xF100079C;
    private const uint SystemCall = 0xD4000001;

    private static readonly uint[] Bases = [20, 21, 22, 23, 24, 31];

    private readonly Random _random = new(seed);
    private readonly BareMachine _probe = new();

    /// <summary>Instructions, SUBS of the counter, B.NE to the start, SVC.</summary>
    public uint[] Loop(int length)
    {
        List<uint> words = [];
        while (words.Count < length)
        {
            uint word = Word(length - words.Count);
            if (IsAllocated(word))
            {
                words.Add(word);
            }
        }

        words.Add(Count);
        words.Add((uint)(BackToStart | (-words.Count & 0x7FFFF) << 5));
        words.Add(SystemCall);
        return [.. words];
    }

    public ulong Value() => _random.Next(4) switch
    {
        0 => (ulong)_random.Next(-3, 4),
        1 => 1UL << _random.Next(64),
        2 => (ulong)_random.NextInt64(long.MinValue, long.MaxValue),
        _ => (uint)_random.Next(),
    };

    private bool IsAllocated(uint word)
    {
        _probe.Poke(BareMachine.Code, word);
        _probe.Cpu.Pc = BareMachine.Code;
        return _probe.Run(1).Reason != StopReason.Undefined;
    }

    private uint Word(int left)
    {
        uint any = (uint)_random.NextInt64(1L << 32);
        return _random.Next(16) switch
        {
            < 3 => Into((any & 0xE3FFFFFF) | 0x10000000),
            < 7 => Into((any & 0xF1FFFFFF) | 0x0A000000),
            < 9 => (any & 0xF1FFFFFF) | 0x0E000000 | _random.Next(2) switch { 0 => 0u, _ => 0x10000000u },
            < 13 => Access(any),
            13 => Tag(any),
            14 => System(),
            _ => Branch(any, left),
        };
    }

    /// <summary>Rd is one of those for results, and no base is changed.</summary>
    private uint Into(uint word) => (word & ~31u) | Result();

    private uint Result() => (uint)_random.Next(4, 16);

    private uint Access(uint any)
    {
        uint registers = Base() << 5 | Result();
        uint small = any & 0x3F;
        uint size = any >> 30 << 30;
        uint vector = (any & 0x100) << 18;
        uint kind = any & 0x00C00000;
        return (any >> 9 & 7) switch
        {
            0 => size | 0x39000000 | vector | kind | small << 10 | registers,
            1 => size | 0x38000000 | vector | kind | (any & 0x1FF000) >> 3 << 3 | (any & 0xC00) | registers,
            2 => size | 0x38200800 | vector | kind | Result() << 16 | (any & 0xF000) | registers,
            3 => size | 0x28000000 | vector | (any & 0x01C00000) | (small & 0x1F) << 15 | Result() << 10 | registers,
            4 => size | 0x29000000 | vector | (any & 0x00400000) | (any & 7) << 15 | Result() << 10 | registers,
            5 => 0x38200000 | size | Result() << 16 | (any & 0x00C0F000) | registers,
            6 => 0x0C000000 | (any & 0x40DFFC00) | registers,
            _ => size | 0x08000000 | (any & 0x00C08000) | Result() << 16 | 0x7C00 | registers,
        };
    }

    /// <summary>LDG, STG and kin, ADDG, IRG, GMI, SUBP.</summary>
    private uint Tag(uint any) => _random.Next(4) switch
    {
        0 => 0xD9200000 | (any & 0x00C00000) | (any & 0xF) << 12 | (any & 0xC00) | Base() << 5 | Base(),
        1 => 0x91800000 | (any & 0x003F3C00) | Base() << 5 | Result(),
        2 => 0x9AC01000 | Result() << 16 | (any & 0x400) | Base() << 5 | Result(),
        _ => 0x9AC00000 | (any & 0x20000000) | Base() << 16 | Base() << 5 | Result(),
    };

    /// <summary>Moves from and to NZCV, TCO on and off, hints and barriers, TPIDR_EL0.</summary>
    private uint System() => _random.Next(8) switch
    {
        0 => 0xD53B4200 | Result(),
        1 => 0xD51B4200 | Result(),
        2 => 0xD503419F,
        3 => 0xD503409F,
        4 => 0xD503201F,
        5 => 0xD53BD040 | Result(),
        6 => 0xD51BD040 | Result(),
        _ => 0xD5033FDF,
    };

    private uint Branch(uint any, int left)
    {
        uint distance = (uint)_random.Next(1, Math.Min(left, 6) + 1);
        return _random.Next(5) switch
        {
            0 or 1 => 0x54000000 | distance << 5 | (any & 15),
            2 => 0x34000000 | (any & 0x81000000) | distance << 5 | Result(),
            3 => 0x36000000 | (any & 0x81F80000) | distance << 5 | Result(),
            _ => 0x94000000 | distance,
        };
    }

    private uint Base() => Bases[_random.Next(Bases.Length)];
}
