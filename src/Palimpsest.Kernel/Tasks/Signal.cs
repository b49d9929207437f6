using Palimpsest.Kernel.Reclaim;

namespace Palimpsest.Kernel.Tasks;

/// <summary>What a signal tells a process (si_signo with si_code).</summary>
public enum SignalCode
{
    /// <summary>SIGSEGV, SEGV_MAPERR: nothing is mapped there.</summary>
    MapError,

    /// <summary>SIGSEGV, SEGV_ACCERR: the mapping does not allow it.</summary>
    AccessError,

    /// <summary>SIGSEGV, SEGV_MTESERR: synchronous tag check fault.</summary>
    TagSynchronous,

    /// <summary>SIGSEGV, SEGV_MTEAERR: a tag check failed some time ago.</summary>
    TagAsynchronous,

    /// <summary>SIGBUS, BUS_ADRALN.</summary>
    Alignment,

    /// <summary>SIGBUS, BUS_ADRERR: behind the end of a file, or tags of tag storage on a machine where that faults.</summary>
    BusError,

    /// <summary>SIGKILL of the OOM killer.</summary>
    OutOfMemory,

    /// <summary>Not a signal: a fault that is repeated for ever, as on a page whose storage stays pinned (R15). The model gives
    /// up.</summary>
    EndlessFault,
}

/// <summary>A signal that a process would get.</summary>
/// <param name="Address">si_addr: without tag bits, unless SA_EXPOSE_TAGBITS; 0 for asynchronous faults.</param>
public sealed record Signal(SignalCode Code, ulong Address)
{
    /// <summary>CODE at ADDRESS, the address hexadecimal.</summary>
    public override string ToString() => $"{Code} at 0x{Address:x}";
}

/// <summary>An access of a process ended with a signal.</summary>
public sealed class SignalException(Signal signal) : Exception(signal.ToString())
{
    /// <summary>What was raised, and where.</summary>
    public Signal Signal { get; } = signal;
}
