using Palimpsest.Userland.Tracing;

namespace Palimpsest.Userland.Signals;

/// <summary>
/// Processes that are stopped and go on (prepare_signal and do_signal_stop, kernel/signal.c, 6.12). Every process is of a group that
/// nobody controls, where SIGTSTP, SIGTTIN and SIGTTOU stop none but who is traced.
/// </summary>
internal static class JobControl
{
    private const int CodeStopped = 5;
    private const int CodeContinued = 6;

    public static bool IsStop(int signal) => signal is SignalNumber.Stop or 20 or 21 or 22;

    /// <summary>A signal is sent: one that stops takes SIGCONT back, and SIGCONT lets the process go on at once.</summary>
    public static void Prepare(GuestProcess process, int signal)
    {
        if (IsStop(signal))
        {
            Forget(process, pending => pending == SignalNumber.Continue);
        }
        else if (signal == SignalNumber.Continue)
        {
            Forget(process, IsStop);
            if (process.StoppedBy is not null)
            {
                (process.StoppedBy, process.StateNews) = (null, StateNews.Continued);
                Tell(process, CodeContinued, SignalNumber.Continue);
            }

            foreach (GuestThread thread in process.Threads)
            {
                thread.Tracee?.HearContinue();
            }
        }
    }

    /// <summary>All threads stop, those that are traced for their tracers.</summary>
    public static void Stop(GuestThread thread, int signal)
    {
        GuestProcess process = thread.Process;
        bool isNew = process.StoppedBy is null;
        process.StoppedBy = signal;
        thread.Tracee?.StopWithGroup(signal);
        foreach (GuestThread other in process.Threads.Where(other => other != thread && !other.HasEnded))
        {
            other.Tracee?.JoinStop();
        }

        if (isNew && process.Threads[0].Tracee?.Tracer != process.Parent)
        {
            process.StateNews = StateNews.Stopped;
            Tell(process, CodeStopped, signal);
        }
    }

    private static void Forget(GuestProcess process, Predicate<int> isForgotten)
    {
        process.Pending.RemoveAll(info => isForgotten(info.Number));
        foreach (GuestThread thread in process.Threads)
        {
            thread.Pending.RemoveAll(info => isForgotten(info.Number));
        }
    }

    private static void Tell(GuestProcess process, int code, int signal)
    {
        if (process.Parent is { } parent && (parent.Actions[SignalNumber.Child].Flags & SignalAction.NoStops) == 0)
        {
            GuestSystem.Send(parent, new SignalInfo(SignalNumber.Child, code, Sender: process.Id, Value: (ulong)signal));
        }
    }
}

/// <summary>What has become of a process that its parent has not been told of yet.</summary>
internal enum StateNews
{
    None,
    Stopped,
    Continued,
}
