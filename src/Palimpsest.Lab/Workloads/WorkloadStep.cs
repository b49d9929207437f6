using System.Runtime.InteropServices;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Workloads;

/// <summary>What a step asks of the memory system.</summary>
public enum WorkloadStepKind : byte
{
    /// <summary>A folio is taken, as its flags say.</summary>
    Allocate,

    /// <summary>A folio is given back.</summary>
    Free,

    /// <summary>A page in use turns tagged.</summary>
    Tag,

    /// <summary>A driver takes <see cref="WorkloadStep.Count"/> frames of a CMA pool, at their recorded place.</summary>
    TakeRange,

    /// <summary>
    /// The page is named <see cref="WorkloadStep.NewName"/> from now on: the recorded kernel moved it out of a range. Where
    /// it lies, and whether it must move, is decided when the range is taken.
    /// </summary>
    Rename,

    /// <summary>Compaction moved the page, which is named <see cref="WorkloadStep.NewName"/> from now on.</summary>
    Compact,
}

/// <summary>How an allocation differs from the ordinary.</summary>
[Flags]
public enum WorkloadStepFlags : byte
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>The page has to have tag storage.</summary>
    Tagged = 1,

    /// <summary>The page cannot be migrated.</summary>
    Pinned = 2,
}

/// <summary>
/// One thing that the recorded machine asked for, in 20 bytes. A page is named by the frame index it had there; where a
/// design puts it is the design's affair.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly struct WorkloadStep
{
    /// <summary>Recorded time, from the first event.</summary>
    public readonly long TimeNs;

    /// <summary>Recorded frame index of the first page.</summary>
    public readonly int Name;

    /// <summary>Flags of an Allocate; number of frames of a TakeRange; new name of a Rename or Compact.</summary>
    public readonly uint Argument;
    private readonly byte _kindAndFlags;

    /// <summary>Buddy order of the folio.</summary>
    public readonly byte Order;

    /// <summary>CPU that did it.</summary>
    public readonly ushort Cpu;

    /// <summary>Packs a step; what it says is not checked here.</summary>
    public WorkloadStep(WorkloadStepKind kind, WorkloadStepFlags flags, long timeNs, int name, uint argument, int order, CpuId cpu)
    {
        TimeNs = timeNs;
        Name = name;
        Argument = argument;
        _kindAndFlags = (byte)((int)kind | ((int)flags << 4));
        Order = (byte)order;
        Cpu = (ushort)cpu.Index;
    }

    /// <summary>What is done.</summary>
    public WorkloadStepKind Kind => (WorkloadStepKind)(_kindAndFlags & 15);

    /// <summary>Facts that the recording does not say by the kind.</summary>
    public WorkloadStepFlags Flags => (WorkloadStepFlags)(_kindAndFlags >> 4);

    /// <summary>Flags of an Allocate.</summary>
    public GfpFlags Gfp => (GfpFlags)Argument;

    /// <summary>Frames of a TakeRange.</summary>
    public int Count => (int)Argument;

    /// <summary>New name of a Rename or Compact.</summary>
    public int NewName => (int)Argument;
}
