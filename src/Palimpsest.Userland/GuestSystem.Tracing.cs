using Palimpsest.Userland.Signals;
using Palimpsest.Userland.Tracing;

namespace Palimpsest.Userland;

/// <summary>Stops of traced threads at system calls, and ends of tracers and tracees.</summary>
public sealed partial class GuestSystem
{
    /// <summary>Threads that a process traces.</summary>
    internal IEnumerable<GuestThread> TraceesOf(GuestProcess tracer) =>
        Processes.SelectMany(process => process.Threads).Where(thread => thread.Tracee?.Tracer == tracer);

    /// <summary>A call, unless its tracer is to look first.</summary>
    private void MakeCall(GuestThread thread)
    {
        if (thread.Tracee?.StopsAtEntry() == true)
        {
            thread.Rest = CallRest.ToMake;
        }
        else
        {
            FinishCall(thread);
        }
    }

    /// <summary>A thread goes on in a call that has waited, or where it had stopped for its tracer: within a call, or at its end.</summary>
    private void GoOn(GuestThread thread)
    {
        CallRest rest = thread.Rest;
        thread.Rest = CallRest.Nothing;
        if (thread.EndsWith is { } status)
        {
            EndThread(thread, status);
        }
        else if (rest == CallRest.ToMake)
        {
            FinishCall(thread);
        }
        else if (rest == CallRest.ToRestart)
        {
            BrokenCalls.GoBack(thread);
        }
        else if (rest != CallRest.Nothing)
        {
            LeaveCall(thread, rest);
        }
        else if (thread is { IsInCall: true, WaitsFor: null })
        {
            thread.Cpu.Pc += 4;
            FinishCall(thread);
        }
    }

    /// <summary>The end of a call that a tracer looked into, or of a vfork; the end of the latter's wait is told by itself.</summary>
    private static void LeaveCall(GuestThread thread, CallRest rest)
    {
        thread.IsInCall = false;
        if (rest == CallRest.ToShare && thread.Tracee?.Tells(TraceEvent.VforkDone) == true)
        {
            thread.Tracee.StopForEvent(TraceEvent.VforkDone, thread.Tracee.Message);
            thread.Rest = CallRest.ToLeave;
        }
        else
        {
            thread.Tracee?.LeaveCall();
        }
    }

    private void FinishCall(GuestThread thread)
    {
        _calls.Make(thread);
        thread.IsInCall = thread.WaitsFor is not null;
        if (thread is { WaitsFor: null, HasEnded: false, EndsWith: null })
        {
            if (thread.IsStopped)
            {
                thread.Rest = CallRest.ToLeave;
            }
            else
            {
                thread.Tracee?.LeaveCall();
            }
        }
    }

    /// <summary>A thread ends, or all of its process do; tracers that asked for it look at them before (PTRACE_EVENT_EXIT).</summary>
    /// <param name="status">As wait tells it.</param>
    internal void End(GuestThread thread, int status, bool isGroup)
    {
        GuestThread[] leaving = isGroup ? [.. thread.Process.Threads.Where(other => !other.HasEnded)] : [thread];
        GuestThread[] told = [.. leaving.Where(other => other.Tracee?.Tells(TraceEvent.Exit) == true)];
        foreach (GuestThread other in told.Where(other => other.EndsWith is null))
        {
            Leave(other);
            (other.EndsWith, other.WaitsFor, other.WaitsUntil) = (status, null, null);
            other.Tracee!.StopForEvent(TraceEvent.Exit, status);
        }

        if (isGroup && told.Length == 0)
        {
            EndProcess(thread.Process, status);
            return;
        }

        foreach (GuestThread other in leaving.Except(told))
        {
            EndThread(other, status);
        }
    }

    /// <summary>A process is gone: whom it traced goes on by itself, and who traces it is told.</summary>
    private void EndTracing(GuestProcess process)
    {
        foreach (GuestThread thread in process.Threads)
        {
            TellTracer(thread, process.Status!.Value);
        }

        foreach (GuestThread traced in TraceesOf(process).ToArray())
        {
            bool isKilled = (traced.Tracee!.Options & Tracee.KillsAtExit) != 0;
            traced.Tracee.LoseTracer();
            traced.EndTracing();
            if (isKilled)
            {
                EndProcess(traced.Process, SignalNumber.Kill);
            }
        }
    }

    /// <summary>A tracer waits for threads too, and for children of others.</summary>
    internal static void TellTracer(GuestThread thread, int status)
    {
        bool isToldAsParent = thread.Id == thread.Process.Id && thread.Tracee?.Tracer == thread.Process.Parent;
        if (thread.Tracee is { Tracer: { Status: null } tracer } && !isToldAsParent)
        {
            tracer.EndedTracees.Add((thread.Id, status));
            Send(tracer, new SignalInfo(SignalNumber.Child, (status & 127) == 0 ? 1 : 2, Sender: thread.Id));
        }

        thread.Tracee = null;
    }
}
