namespace Palimpsest.Cli;

/// <summary>What the shell is told; from 64 on as sysexits.h has it.</summary>
internal static class ExitCode
{
    public const int Holds = 0;

    /// <summary>A law was broken, or two results differ.</summary>
    public const int LawViolated = 1;

    public const int BadUsage = 64;
    public const int BadInput = 65;
    public const int InputMissing = 66;

    /// <summary>A mistake of this program.</summary>
    public const int Internal = 70;

    /// <summary>The machine has no memory left for what is asked.</summary>
    public const int NoMemory = 71;

    public const int OutputNotMade = 73;

    /// <summary>Reading or writing broke off: a full disk, a device that fails.</summary>
    public const int BrokenOff = 74;

    public const int Interrupted = 130;

    /// <summary>Each with what it says.</summary>
    public static IReadOnlyList<(int Code, string Words)> All { get; } =
    [
        (Holds, "what was asked holds"),
        (LawViolated, "a law was broken, or results differ"),
        (BadUsage, "bad usage"),
        (BadInput, "an input that cannot be used"),
        (InputMissing, "an input that is not there"),
        (Internal, "a mistake of the program"),
        (NoMemory, "more memory than the machine has"),
        (OutputNotMade, "an output that cannot be made"),
        (BrokenOff, "reading or writing that broke off"),
        (Interrupted, "interrupted"),
    ];
}
