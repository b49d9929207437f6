using Palimpsest.Userland.Signals;

namespace Palimpsest.Userland.Tracing;

/// <summary>What ptrace keeps of a thread that is traced (kernel/ptrace.c): who traces it, and what it has stopped for.</summary>
internal sealed class Tracee(GuestThread thread, GuestProcess tracer, bool isSeized)
{
    public const ulong MarksCalls = 1;
    public const ulong TellsExec = 1 << 4;
    public const ulong KillsAtExit = 1 << 20;

    private const int ExecEvent = 4;
    private const int StopEvent = 128;
    private const int CallMark = 0x80;
    private const int Trapped = 4;

    private bool _isInCall;

    public GuestProcess Tracer { get; } = tracer;

    public bool IsSeized { get; } = isSeized;

    /// <summary>PTRACE_O_.</summary>
    public ulong Options { get; set; }

    /// <summary>As wait tells it; null while it runs.</summary>
    public int? Status { get; private set; }

    /// <summary>No wait has returned this stop yet.</summary>
    public bool IsNews { get; set; }

    /// <summary>What PTRACE_GETSIGINFO gives; null of a group stop.</summary>
    public SignalInfo? Info { get; private set; }

    /// <summary>The signal that the tracer lets through.</summary>
    public SignalInfo? Injected { get; private set; }

    /// <summary>PTRACE_INTERRUPT: it stops when it is about to return to the program.</summary>
    public bool IsInterrupted { get; set; }

    /// <summary>PTRACE_SYSCALL: it stops at the next entry to a call, or return from one.</summary>
    public bool StopsAtCalls { get; private set; }

    /// <summary>It stopped at a call that has still to be made.</summary>
    public bool HasCallToMake { get; private set; }

    /// <summary>A signal is told before anything comes of it.</summary>
    public void StopFor(SignalInfo signal) => Stop(signal.Number, signal);

    /// <summary>SIGSTOP and its kin, let through: there is no siginfo of that.</summary>
    public void StopWithGroup(int signal) => Stop(IsSeized ? signal | StopEvent << 8 : signal, info: null);

    /// <summary>What PTRACE_INTERRUPT asked for.</summary>
    public void StopForInterrupt()
    {
        IsInterrupted = false;
        StopForEvent(StopEvent);
    }

    /// <summary>After execve: an event where it was asked for, else SIGTRAP as of old.</summary>
    public void AfterExec()
    {
        if ((Options & TellsExec) != 0)
        {
            StopForEvent(ExecEvent);
        }
        else if (!IsSeized)
        {
            GuestSystem.Send(thread, new SignalInfo(SignalNumber.Trap, SignalInfo.User, Sender: thread.Process.Id));
        }
    }

    /// <returns>Whether it stops at the entry to a call, which is then made when it goes on.</returns>
    public bool StopsAtEntry()
    {
        // A call that waited is entered once, however often it is made again.
        bool stops = StopsAtCalls && !_isInCall;
        _isInCall |= stops;
        HasCallToMake = stops;
        if (stops)
        {
            StopAtCall();
        }

        return stops;
    }

    /// <summary>A call has its result.</summary>
    public void LeaveCall()
    {
        bool stops = _isInCall && StopsAtCalls;
        _isInCall = false;
        if (stops)
        {
            StopAtCall();
        }
    }

    /// <summary>It goes on.</summary>
    /// <param name="signal">What it gets instead of that for which it stopped; 0 for nothing.</param>
    public void Resume(int signal, bool untilCall)
    {
        bool isSame = Info is { } info && info.Number == signal;
        Injected = signal == 0 ? null : isSame ? Info : new SignalInfo(signal, SignalInfo.User, Sender: Tracer.Id);
        StopsAtCalls = untilCall;
        _isInCall &= untilCall || HasCallToMake;
        (Status, Info, IsNews) = (null, null, false);
    }

    public SignalInfo? TakeInjected()
    {
        SignalInfo? injected = Injected;
        Injected = null;
        return injected;
    }

    public bool TakeCall()
    {
        bool has = HasCallToMake;
        HasCallToMake = false;
        return has;
    }

    private void StopAtCall()
    {
        int code = (Options & MarksCalls) != 0 ? SignalNumber.Trap | CallMark : SignalNumber.Trap;
        Stop(code, new SignalInfo(SignalNumber.Trap, code, Sender: thread.Process.Id));
    }

    private void StopForEvent(int what)
    {
        int code = SignalNumber.Trap | what << 8;
        Stop(code, new SignalInfo(SignalNumber.Trap, code, Sender: thread.Process.Id));
    }

    private void Stop(int code, SignalInfo? info)
    {
        (Status, Info, IsNews) = (code << 8 | 0x7F, info, true);
        GuestSystem.Send(Tracer, new SignalInfo(SignalNumber.Child, Trapped, Sender: thread.Id, Value: (ulong)(code & 0x7F)));
    }
}
