using Palimpsest.Userland.Signals;

namespace Palimpsest.Userland;

/// <summary>Who runs next, and time while nobody can.</summary>
public sealed partial class GuestSystem
{
    private long _idle;

    internal void Enqueue(GuestThread thread) => _queue.AddLast(thread);

    /// <summary>The next thread that can run, round robin; time is skipped to the next deadline where none can.</summary>
    private GuestThread? Next()
    {
        for (int tried = _queue.Count; tried > 0; tried--)
        {
            GuestThread thread = _queue.First!.Value;
            _queue.RemoveFirst();
            if (thread.HasEnded)
            {
                continue;
            }

            _queue.AddLast(thread);
            if (IsRunnable(thread))
            {
                return thread;
            }
        }

        SkipToDeadline();
        return null;
    }

    private bool IsRunnable(GuestThread thread)
    {
        if (thread.IsStopped)
        {
            // Nothing but SIGKILL reaches it there.
            if (thread.Pending.Concat(thread.Process.Pending).Any(info => info.Number == SignalNumber.Kill))
            {
                EndProcess(thread.Process, SignalNumber.Kill);
            }

            return false;
        }

        if (thread.WaitsFor is not { } condition)
        {
            return true;
        }

        // What a call waited for is its result, though a signal came with it.
        if (condition() || thread.WaitsUntil <= Now)
        {
            thread.WaitsFor = null;
            return true;
        }

        if (SignalDelivery.HasDeliverable(thread))
        {
            thread.Process.Memory.Task = thread.Task;
            _delivery.Deliver(thread);
            return !thread.HasEnded && !thread.IsStopped && thread.WaitsFor is null;
        }

        return false;
    }

    /// <summary>At each stop, since a slice could touch far more than is allowed before it is over.</summary>
    private void CheckMemory()
    {
        if (_options.MostResidentPages is { } most && PagesOfAll() > most)
        {
            _limit = GuestLimit.Memory;
        }
    }

    /// <summary>Of all processes that live, in memory or swapped out; a vfork's child has its parent's.</summary>
    private long PagesOfAll()
    {
        long pages = 0;
        for (int index = 0; index < Processes.Count; index++)
        {
            GuestProcess process = Processes[index];
            pages += process.Status is null && !process.HoldsParent ? process.Model.ResidentPages + process.Model.SwappedPages : 0;
        }

        return pages;
    }

    private void SkipToDeadline()
    {
        long? next = _queue.Where(thread => thread is { HasEnded: false, IsStopped: false }).Min(thread => thread.WaitsUntil);
        long? timer = NextTimer();
        long? until = next is null || timer < next ? timer : next;
        if (until is { } deadline)
        {
            _idle += Math.Max(0, deadline - Now);
            FireTimers();
            return;
        }

        // Nobody will ever wake anybody: on Linux it would hang for ever.
        foreach (GuestThread thread in _queue.ToArray())
        {
            EndProcess(thread.Process, SignalNumber.Kill);
        }
    }
}
