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
        if (thread.Tracee?.StopsAtEntry() != true)
        {
            FinishCall(thread);
        }
    }

    /// <summary>A call that a tracer has looked at is made.</summary>
    private void MakeCallAfterStop(GuestThread thread)
    {
        bool isLeft = thread.MustMakeCall;
        thread.MustMakeCall = false;
        if (isLeft || thread.Tracee?.TakeCall() == true)
        {
            FinishCall(thread);
        }
    }

    private void FinishCall(GuestThread thread)
    {
        _calls.Make(thread);
        if (thread is { WaitsFor: null, HasEnded: false })
        {
            thread.Tracee?.LeaveCall();
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
            traced.Tracee.Resume(signal: 0, untilCall: false);
            traced.EndTracing();
            if (isKilled)
            {
                EndProcess(traced.Process, SignalNumber.Kill);
            }
        }
    }

    /// <summary>A tracer waits for threads too, and for children of others.</summary>
    private static void TellTracer(GuestThread thread, int status)
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
