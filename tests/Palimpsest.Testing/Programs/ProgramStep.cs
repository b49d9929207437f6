using CsCheck;
using Palimpsest.Vocabulary;

namespace Palimpsest.Testing.Programs;

/// <summary>What a step of a random program does. Numbers pick among what is there, so any part of a program is a program.</summary>
public enum ProgramAct
{
    Load,
    Store,
    LoadTag,
    StoreTag,

    /// <summary>A load through a pointer with the right tag, and one with a wrong one.</summary>
    CheckedLoad,
    WriteBytes,
    Map,
    MapShared,
    MapFile,
    Unmap,
    MakeTagged,
    Discard,
    Move,
    AdviseHuge,
    Fork,
    Exit,
    Pin,
    Unpin,
    Migrate,
    Reclaim,
    Collapse,

    /// <summary>A cache line is written back, at last.</summary>
    WriteBackLine,
}

/// <summary>One step of a random program.</summary>
public readonly record struct ProgramStep(ProgramAct Act, uint Who, uint Where, uint What)
{
    private static readonly (int Weight, ProgramAct Act)[] Weights =
    [
        (22, ProgramAct.Load), (22, ProgramAct.Store), (10, ProgramAct.LoadTag), (12, ProgramAct.StoreTag),
        (5, ProgramAct.CheckedLoad), (2, ProgramAct.WriteBytes), (3, ProgramAct.Map), (1, ProgramAct.MapShared),
        (1, ProgramAct.MapFile), (3, ProgramAct.Unmap), (3, ProgramAct.MakeTagged), (2, ProgramAct.Discard),
        (1, ProgramAct.Move), (1, ProgramAct.AdviseHuge), (1, ProgramAct.Fork), (1, ProgramAct.Exit), (1, ProgramAct.Pin),
        (2, ProgramAct.Unpin), (3, ProgramAct.Migrate), (2, ProgramAct.Reclaim), (5, ProgramAct.WriteBackLine), (1, ProgramAct.Collapse),
    ];

    private static readonly ProgramAct[] Drawn = [.. Weights.SelectMany(entry => Enumerable.Repeat(entry.Act, entry.Weight))];

    public static readonly Gen<ProgramStep> Any = Gen.Select(
        Gen.Int[0, Drawn.Length - 1], Gen.UInt, Gen.UInt, Gen.UInt, (act, who, where, what) =>
            new ProgramStep(Drawn[act], who, where, what));

    /// <summary>Step n of the program with a seed; cheaper than a generator, for programs of millions of steps.</summary>
    public static ProgramStep Number(ulong seed, ulong n)
    {
        ulong first = SplitMix.Mix((seed << 32) ^ (2 * n));
        ulong second = SplitMix.Mix((seed << 32) ^ ((2 * n) + 1));
        return new ProgramStep(Drawn[(uint)first % Drawn.Length], (uint)(first >> 32), (uint)second, (uint)(second >> 32));
    }
}
