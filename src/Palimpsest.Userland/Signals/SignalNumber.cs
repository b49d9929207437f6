namespace Palimpsest.Userland.Signals;

/// <summary>Signals that the kernel itself sends or treats apart (asm-generic/signal.h).</summary>
internal static class SignalNumber
{
    public const int Ill = 4;
    public const int Trap = 5;
    public const int Abort = 6;
    public const int Bus = 7;
    public const int Kill = 9;
    public const int Segv = 11;
    public const int Pipe = 13;
    public const int Alarm = 14;
    public const int Child = 17;
    public const int Continue = 18;
    public const int Stop = 19;
    public const int Most = 64;

    public static ulong Bit(int number) => 1UL << (number - 1);

    /// <summary>Without a handler nothing happens: SIGCHLD, SIGCONT, SIGURG, SIGWINCH, and stops of a terminal that nobody has.</summary>
    public static bool IsIgnored(int number) => number is Child or Continue or 20 or 21 or 22 or 23 or 28;
}

/// <summary>What a signal tells (siginfo_t).</summary>
/// <param name="Address">si_addr of a fault, with its tag.</param>
/// <param name="Sender">si_pid.</param>
/// <param name="Value">si_value, or si_status of a child.</param>
internal readonly record struct SignalInfo(int Number, int Code, ulong Address = 0, int Sender = 0, ulong Value = 0)
{
    public const int MapError = 1;
    public const int AccessError = 2;
    public const int TagAsynchronous = 8;
    public const int TagSynchronous = 9;
    public const int User = 0;
    public const int Kernel = 0x80;
    public const int Queue = -1;
    public const int Thread = -6;

    /// <summary>Of the hardware: cannot be blocked or ignored (force_sig).</summary>
    public bool IsForced { get; init; }

    /// <summary>A tracer has seen it and lets it through.</summary>
    public bool IsInjected { get; init; }

    /// <summary>ESR_EL1 of the fault; 0 where there was none.</summary>
    public uint Syndrome { get; init; }
}

/// <summary>What a process does about a signal (struct sigaction of the kernel).</summary>
internal record struct SignalAction(ulong Handler, ulong Flags, ulong Restorer, ulong Mask)
{
    public const ulong Default = 0;
    public const ulong NoStops = 1;
    public const ulong Ignore = 1;
    public const ulong WithInfo = 4;
    public const ulong ExposesTagBits = 0x800;
    public const ulong OnAlternateStack = 0x08000000;
    public const ulong Restarts = 0x10000000;
    public const ulong KeepsUnblocked = 0x40000000;
    public const ulong ResetsHandler = 0x80000000;
    public const ulong HasRestorer = 0x04000000;
}

/// <summary>sigaltstack.</summary>
internal record struct AlternateStack(ulong Base, int Flags, ulong Bytes)
{
    public const int IsOn = 1;
    public const int Disabled = 2;
    public const int DisarmsItself = 1 << 31;

    public readonly bool Contains(ulong stackPointer) => Bytes > 0 && stackPointer > Base && stackPointer <= Base + Bytes;
}
