using Palimpsest.Userland.Signals;

namespace Palimpsest.Userland;

/// <summary>A timer that sends a signal when it is due.</summary>
/// <param name="thread">Who gets it; null for the process.</param>
/// <param name="info">Null for no signal.</param>
internal sealed class GuestTimer(int id, GuestProcess process, GuestThread? thread, SignalInfo? info)
{
    public int Id { get; } = id;

    public GuestProcess Process { get; } = process;

    public GuestThread? Thread { get; } = thread;

    public SignalInfo? Info { get; } = info;

    /// <summary>Guest time; null while it is not armed.</summary>
    public long? Due { get; set; }

    /// <summary>Nanoseconds from one time to the next; 0 for once.</summary>
    public long Interval { get; set; }
}

/// <summary>Timers, of POSIX and of setitimer.</summary>
public sealed partial class GuestSystem
{
    /// <summary>The timer of setitimer: one a process.</summary>
    private const int IntervalTimer = -1;

    internal List<GuestTimer> Timers { get; } = [];

    internal void SetTimer(GuestProcess process, long value, long interval)
    {
        Timers.RemoveAll(timer => timer.Process == process && timer.Id == IntervalTimer);
        if (value > 0)
        {
            SignalInfo info = new(SignalNumber.Alarm, SignalInfo.Kernel);
            Timers.Add(new GuestTimer(IntervalTimer, process, thread: null, info) { Due = Now + value, Interval = interval });
        }
    }

    private long? NextTimer() => Timers.Count == 0 ? null : Timers.Min(timer => timer.Due);

    private void FireTimers()
    {
        if (Timers.Count == 0)
        {
            return;
        }

        foreach (GuestTimer timer in Timers.Where(timer => timer.Due <= Now).ToArray())
        {
            if (timer.Process.Status is not null)
            {
                Timers.Remove(timer);
                continue;
            }

            timer.Due = timer.Interval > 0 ? timer.Due + timer.Interval : null;
            if (timer.Info is { } info && timer.Thread is { HasEnded: false } thread)
            {
                Send(thread, info);
            }
            else if (timer.Info is { } signal)
            {
                Send(timer.Process, signal);
            }
        }
    }
}
