using Palimpsest.Userland.Signals;

namespace Palimpsest.Userland.Tracing;

/// <summary>What ptrace keeps of a thread that is traced (kernel/ptrace.c, 6.12): who traces it, and what it has stopped for.</summary>
internal sealed class Tracee(GuestThread thread, GuestProcess tracer, bool isSeized)
{
    public const ulong MarksCalls = 1;
    public const ulong KillsAtExit = 1 << 20;

    /// <summary>PTRACE_O_MASK without PTRACE_O_SUSPEND_SECCOMP.</summary>
    public const ulong KnownOptions = 0xFF | KillsAtExit;

    private const int CallMark = 0x80;
    private const int Trapped = 4;
    private const int StepCode = 2;

    // While it has stopped at a call, X7 says at which end; what it was comes back (report_syscall_enter and _exit, arm64).
    private const int MarkedRegister = 7;

    private GuestThread _thread = thread;
    private ulong _markedValue;
    private bool _hasContinued;

    public GuestProcess Tracer { get; } = tracer;

    public bool IsSeized { get; } = isSeized;

    /// <summary>PTRACE_O_.</summary>
    public ulong Options { get; set; }

    /// <summary>As wait tells it; null while it runs.</summary>
    public int? Status { get; private set; }

    public StopKind Kind { get; private set; }

    /// <summary>No wait has returned this stop yet.</summary>
    public bool IsNews { get; set; }

    /// <summary>What PTRACE_GETSIGINFO gives; null of a group stop.</summary>
    public SignalInfo? Info { get; set; }

    /// <summary>What PTRACE_GETEVENTMSG gives: a new thread's number, a former one, or how a thread ends.</summary>
    public int Message { get; private set; }

    /// <summary>The signal that the tracer lets through.</summary>
    public SignalInfo? Injected { get; private set; }

    /// <summary>PTRACE_INTERRUPT: it stops when it is about to return to the program.</summary>
    public bool IsInterrupted { get; set; }

    /// <summary>PTRACE_LISTEN: it stays where it is until SIGCONT, but nothing can be asked of it.</summary>
    public bool IsListening { get; private set; }

    public Going Going { get; private set; }

    private bool IsInGroupStop => IsSeized && Status >> 16 == TraceEvent.Stop;

    /// <summary>Whether its tracer asked for an event.</summary>
    public bool Tells(int what) => (Options & 1UL << what) != 0;

    /// <summary>execve: another thread goes on in its place.</summary>
    public void MoveTo(GuestThread other) => _thread = other;

    /// <summary>A child is traced as its parent is, and stops before its first instruction (ptrace_init_task).</summary>
    public void Attend(GuestThread child)
    {
        child.Tracee = new Tracee(child, Tracer, IsSeized) { Options = Options, IsInterrupted = IsSeized };
        if (!IsSeized)
        {
            GuestSystem.Send(child, new SignalInfo(SignalNumber.Stop, SignalInfo.User));
        }
    }

    /// <summary>A signal is told before anything comes of it.</summary>
    public void StopFor(SignalInfo signal) => Stop(StopKind.Signal, signal.Number, signal);

    /// <summary>SIGSTOP and its kin, let through: who was not seized has no siginfo of that.</summary>
    public void StopWithGroup(int signal)
    {
        IsInterrupted = false;
        if (IsSeized)
        {
            StopWith(signal | TraceEvent.Stop << 8);
        }
        else
        {
            Stop(StopKind.Event, signal, info: null);
        }
    }

    /// <summary>Another thread of its process stops them all.</summary>
    public void JoinStop() => IsInterrupted |= Status is null;

    /// <summary>What PTRACE_INTERRUPT asked for, or a stop of the group (do_jobctl_trap).</summary>
    public void StopForInterrupt()
    {
        (IsInterrupted, IsListening, _hasContinued) = (false, false, false);
        if (_thread.Process.StoppedBy is { } signal)
        {
            StopWithGroup(signal);
        }
        else
        {
            StopWith(SignalNumber.Trap | TraceEvent.Stop << 8);
        }
    }

    /// <param name="message">What PTRACE_GETEVENTMSG gives.</param>
    public void StopForEvent(int what, int message)
    {
        Message = message;
        StopWith(SignalNumber.Trap | what << 8);
    }

    /// <summary>SIGCONT: the stop of the group is over. Who listens is told, anybody else as soon as it listens or goes on.</summary>
    public void HearContinue()
    {
        _hasContinued = IsInGroupStop;
        if (IsListening)
        {
            StopForInterrupt();
        }
    }

    /// <summary>After execve: an event where it was asked for, else SIGTRAP as of old.</summary>
    /// <param name="former">Number that the thread had before.</param>
    public void AfterExec(int former)
    {
        if (Tells(TraceEvent.Exec))
        {
            StopForEvent(TraceEvent.Exec, former);
        }
        else if (!IsSeized)
        {
            GuestSystem.Send(_thread, new SignalInfo(SignalNumber.Trap, SignalInfo.User, Sender: _thread.Process.Id));
        }
    }

    /// <returns>Whether it stops before a call, which is then made when it goes on.</returns>
    public bool StopsAtEntry()
    {
        bool stops = Going == Going.ToCall && !_thread.IsInCall;
        if (stops)
        {
            StopAtCall(StopKind.Entry);
        }

        return stops;
    }

    /// <summary>A call has its result; a step over it ends there too.</summary>
    public void LeaveCall()
    {
        if (Going == Going.ToCall)
        {
            StopAtCall(StopKind.Exit);
        }
        else if (Going == Going.OneStep)
        {
            // user_single_step_report: as if somebody had sent it.
            GuestSystem.Send(_thread, new SignalInfo(SignalNumber.Trap, SignalInfo.User) { IsForced = true });
        }
    }

    /// <summary>One instruction has been executed.</summary>
    public void EndStep()
    {
        if (Going == Going.OneStep)
        {
            GuestSystem.Send(_thread, new SignalInfo(SignalNumber.Trap, StepCode, _thread.Cpu.Pc) { IsForced = true });
        }
    }

    /// <summary>A handler is about to be executed: a step ends before its first instruction (signal_setup_done).</summary>
    public void EnterHandler()
    {
        if (Going == Going.OneStep)
        {
            StopWith(SignalNumber.Trap);
        }
    }

    /// <summary>It goes on.</summary>
    /// <param name="signal">What it gets, by what it has stopped for; 0 for nothing.</param>
    public void Resume(int signal, Going going)
    {
        if (Kind is StopKind.Entry or StopKind.Exit)
        {
            _thread.Cpu.X(MarkedRegister) = _markedValue;
            if (signal != 0)
            {
                GuestSystem.Send(_thread, new SignalInfo(signal, SignalInfo.Kernel));
            }
        }

        bool isSame = Info is { } info && info.Number == signal;
        Injected = signal == 0 || Kind != StopKind.Signal ? null
            : isSame ? Info : new SignalInfo(signal, SignalInfo.User, Sender: Tracer.Id);
        (Status, Info, IsNews, IsListening, Going) = (null, null, false, false, going);
        IsInterrupted |= _hasContinued;
    }

    /// <summary>The tracer is gone: a signal that no wait has told it of takes its course (a wait takes exit_code away).</summary>
    public void LoseTracer()
    {
        if (Status is not null)
        {
            Resume(Kind == StopKind.Signal && IsNews ? Info!.Value.Number : 0, Going.Freely);
        }
    }

    /// <returns>False: only who was seized, and is in the stop of its group, can listen.</returns>
    public bool TryListen()
    {
        bool canListen = IsInGroupStop;
        if (canListen && _hasContinued)
        {
            StopForInterrupt();
        }
        else if (canListen)
        {
            (IsListening, IsNews) = (true, false);
        }

        return canListen;
    }

    public SignalInfo? TakeInjected()
    {
        SignalInfo? injected = Injected;
        Injected = null;
        return injected;
    }

    private void StopAtCall(StopKind kind)
    {
        _markedValue = _thread.Cpu.X(MarkedRegister);
        _thread.Cpu.X(MarkedRegister) = kind == StopKind.Exit ? 1UL : 0;
        int code = (Options & MarksCalls) != 0 ? SignalNumber.Trap | CallMark : SignalNumber.Trap;
        Stop(kind, code, new SignalInfo(SignalNumber.Trap, code, Sender: _thread.Id));
    }

    private void StopWith(int code) => Stop(StopKind.Event, code, new SignalInfo(code & 0x7F, code, Sender: _thread.Id));

    private void Stop(StopKind kind, int code, SignalInfo? info)
    {
        (Kind, Status, Info, IsNews) = (kind, code << 8 | 0x7F, info, true);
        GuestSystem.Send(Tracer, new SignalInfo(SignalNumber.Child, Trapped, Sender: _thread.Id, Value: (ulong)(code & 0x7F)));
    }
}
