using Palimpsest.Kernel.Reclaim;

namespace Palimpsest.Kernel.Faults;

/// <summary>How a page fault ended (vm_fault_t).</summary>
internal enum FaultOutcome
{
    /// <summary>The access can be tried again, and is likely to succeed.</summary>
    Done,

    /// <summary>VM_FAULT_RETRY: something was busy; try again after a while.</summary>
    Retry,

    /// <summary>Whoever watches has been told, and resolves it (handle_userfault).</summary>
    Told,

    /// <summary>No area there: SIGSEGV, SEGV_MAPERR.</summary>
    NoMapping,

    /// <summary>The area does not allow it: SIGSEGV, SEGV_ACCERR.</summary>
    NoRights,

    /// <summary>Behind the end of a file: SIGBUS.</summary>
    NoBacking,

    /// <summary>No memory, and nobody left to kill for it.</summary>
    OutOfMemory,
}
