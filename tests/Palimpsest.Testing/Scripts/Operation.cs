using System.Globalization;
using CsCheck;
using Palimpsest.Vocabulary;

namespace Palimpsest.Testing.Scripts;

/// <summary>What a step of a script does. Numbers pick among what is there when the step runs, so any sub-script is valid.</summary>
public enum OperationKind
{
    Allocate,
    Free,
    SplitAndFreeParts,
    Pin,
    Tag,
    FreeMany,
    Fill,
    TakeRange,
    GiveRangeBack,
    Drain,

    /// <summary>A page that was there before; makes sense at the start, must be harmless at any time.</summary>
    Occupy,
}

/// <summary>One step of a random script.</summary>
public readonly record struct Operation(OperationKind Kind, int Pick, int Size, GfpFlags Gfp, CpuId Cpu, bool IsTagged)
{
    private static readonly GfpFlags[] Requests =
    [
        GfpFlags.HighUserMovable, GfpFlags.HighUserMovable, GfpFlags.HighUserMovable, GfpFlags.User | GfpFlags.Movable,
        GfpFlags.KernelDefault, GfpFlags.KernelDefault, GfpFlags.KernelDefault | GfpFlags.Reclaimable, GfpFlags.AtomicDefault,
        GfpFlags.AtomicDefault | GfpFlags.Movable, GfpFlags.TransHugeLight, GfpFlags.KernelDefault | GfpFlags.Dma,
        GfpFlags.KernelDefault | GfpFlags.Movable | GfpFlags.Reclaimable, GfpFlags.None,
    ];

    public static readonly Gen<Operation> Any = Gen.Select(
        Gen.Frequency(
            (34, Gen.Const(OperationKind.Allocate)),
            (22, Gen.Const(OperationKind.Free)),
            (7, Gen.Const(OperationKind.SplitAndFreeParts)),
            (3, Gen.Const(OperationKind.Pin)),
            (12, Gen.Const(OperationKind.Tag)),
            (3, Gen.Const(OperationKind.FreeMany)),
            (4, Gen.Const(OperationKind.Fill)),
            (7, Gen.Const(OperationKind.TakeRange)),
            (6, Gen.Const(OperationKind.GiveRangeBack)),
            (2, Gen.Const(OperationKind.Drain)),
            (4, Gen.Const(OperationKind.Occupy))),
        Gen.Int[0, 1 << 20],
        Gen.Frequency(
            (10, Gen.Const(0)),
            (5, Gen.Int[1, 3]),
            (3, Gen.Int[4, 8]),
            (3, Gen.Const(9)),
            (2, Gen.Const(10))),
        Gen.Int[0, Requests.Length - 1].Select(index => Requests[index]),
        Gen.Int[0, 1],
        Gen.Bool,
        (kind, pick, size, gfp, cpu, isTagged) => new Operation(kind, pick, size, gfp, new CpuId(cpu), isTagged));

    public static Gen<Operation[]> Script(int length) => Any.Array[length];

    /// <summary>As C#, to be pasted into a regression test.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"new(OperationKind.{Kind}, {Pick}, {Size}, (GfpFlags)0x{(uint)Gfp:x}, {Cpu}, {(IsTagged ? "true" : "false")})");
}
