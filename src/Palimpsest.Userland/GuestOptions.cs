namespace Palimpsest.Userland;

/// <summary>A program to run, and what it may see of the host.</summary>
/// <param name="Arguments">The program first: a path in the working folder, or an absolute one in the root.</param>
public sealed record GuestOptions(IReadOnlyList<string> Arguments)
{
    /// <summary>Bytes of a page of the machines that programs run on.</summary>
    public const int PageBytes = GuestMemory.PageBytes;

    /// <summary>NAME=VALUE each.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Folder of the host that is the root of its files; null for none.</summary>
    public string? Root { get; init; }

    /// <summary>Absolute path of a folder of the host that it sees at the same path, and starts in.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>Its standard input; empty without it.</summary>
    public Stream Input { get; init; } = Stream.Null;

    /// <summary>Its standard output; thrown away without it.</summary>
    public Stream Output { get; init; } = Stream.Null;

    /// <summary>Its standard error; thrown away without it.</summary>
    public Stream Error { get; init; } = Stream.Null;

    /// <summary>Another seed, other slices and other random numbers.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Instructions after which it is ended; null for no limit.</summary>
    public long? MostInstructions { get; init; }

    /// <summary>
    /// Pages that its processes may have together, resident or swapped out, each counted as often as it is mapped; null for no limit.
    /// </summary>
    public long? MostResidentPages { get; init; }

    /// <summary>Instructions that a thread executes at a stretch, at most; the seed varies it down to a half.</summary>
    public int SliceInstructions { get; init; } = 50_000;

    /// <summary>Nothing is compiled; the outcome is the same.</summary>
    public bool IsInterpreted { get; init; }

    /// <summary>Told of each stop, to hold one engine against the other.</summary>
    public EngineWitness? Witness { get; init; }

    /// <summary>Branches to an instruction before it is compiled.</summary>
    public int HotBranches { get; init; } = 3000;
}

/// <summary>A tag check fault that a program met.</summary>
/// <param name="Code">SEGV_MTESERR, or SEGV_MTEAERR of one that was told later.</param>
/// <param name="Address">Address with its tag; 0 where it is lost.</param>
/// <param name="Pc">Instruction, or where the asynchronous fault was told.</param>
public sealed record GuestTagFault(string Code, ulong Address, ulong Pc);

/// <summary>What a program had too much of.</summary>
public enum GuestLimit
{
    /// <summary>It executed as many as it was given.</summary>
    Instructions,

    /// <summary>Its processes had more resident pages than they were given.</summary>
    Memory,
}

/// <summary>How a program ended.</summary>
/// <param name="ExitStatus">What it gave to exit; null where a signal ended it.</param>
/// <param name="Signal">Number of that signal.</param>
/// <param name="PageFaults">Faults that the kernel resolved.</param>
/// <param name="UnknownCalls">Numbers of system calls that there are none of here.</param>
/// <param name="Limit">It was ended for that; null where it ended by itself.</param>
public sealed record GuestOutcome(
    int? ExitStatus, int? Signal, long Instructions, long PageFaults, IReadOnlyList<GuestTagFault> TagFaults,
    IReadOnlyList<int> UnknownCalls, GuestLimit? Limit)
{
    /// <summary>It did not end by itself.</summary>
    public bool WasLimited => Limit is not null;
}
