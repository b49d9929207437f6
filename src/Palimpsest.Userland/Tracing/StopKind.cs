namespace Palimpsest.Userland.Tracing;

/// <summary>What a traced thread has stopped for: it decides what comes of a signal that its tracer gives (ptrace(2)).</summary>
internal enum StopKind
{
    /// <summary>PTRACE_EVENT_, a stop of the group, or the first instruction of a handler: a signal is dropped.</summary>
    Event,

    /// <summary>A signal is to be delivered: the one that is given takes its place.</summary>
    Signal,

    /// <summary>A call is about to be made: the signal is sent.</summary>
    Entry,

    /// <summary>A call has its result: the signal is sent.</summary>
    Exit,
}

/// <summary>How far a thread goes that its tracer lets go on.</summary>
internal enum Going
{
    /// <summary>PTRACE_CONT.</summary>
    Freely,

    /// <summary>PTRACE_SYSCALL: to the next entry to a call, or return from one.</summary>
    ToCall,

    /// <summary>PTRACE_SINGLESTEP: one instruction.</summary>
    OneStep,
}

/// <summary>What is left of a call in which a thread has stopped or waits.</summary>
internal enum CallRest
{
    Nothing,

    /// <summary>It has been looked at, and has still to be made.</summary>
    ToMake,

    /// <summary>It was made, and its end has not been looked at.</summary>
    ToLeave,

    /// <summary>vfork: the child has this process's memory.</summary>
    ToShare,

    /// <summary>A signal broke it off: its end has been looked at, and it may be made again.</summary>
    ToRestart,
}
