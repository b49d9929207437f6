using Palimpsest.A64;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Cores;
using Palimpsest.Userland.Signals;

namespace Palimpsest.Userland;

/// <summary>
/// Threads step by step, for whoever says whose turn it is: what the kernel does for a fault can then be interleaved with what it does
/// for others.
/// </summary>
public sealed partial class GuestSystem
{
    /// <summary>Threads that have not ended, by their numbers, which rise.</summary>
    internal IEnumerable<GuestThread> Threads => _queue.Where(thread => !thread.HasEnded).OrderBy(thread => thread.Id);

    /// <summary>How many threads and processes there have been.</summary>
    internal int StartedThreads => _lastId;

    /// <summary>It can execute something, or tell that it has ended; changes nothing.</summary>
    internal bool CanGoOn(GuestThread thread) => thread.HasEnded || (!thread.IsStopped
        && (thread.WaitsFor is not { } condition || thread.WaitsUntil <= Now || SignalDelivery.HasDeliverable(thread) || condition()));

    /// <summary>It is this thread's turn; signals that it has got are delivered, which writes to its memory.</summary>
    /// <returns>Whether it can execute something.</returns>
    internal bool Begin(GuestThread thread)
    {
        if (!GoesOn || thread.HasEnded || !IsRunnable(thread))
        {
            return false;
        }

        TakeTurn(thread);
        return IsReady(thread);
    }

    /// <summary>Executes so many instructions at most.</summary>
    internal Stop Advance(GuestThread thread, int instructions)
    {
        Stop stop = Execute(thread, instructions);
        CheckInstructions();
        return stop;
    }

    /// <summary>What the kernel does for a fault, to be awaited; what is left of it is a signal.</summary>
    internal async ValueTask Resolve(GuestThread thread, AccessFault fault)
    {
        Enter(thread);
        _pageFaults++;
        SignalCode? raised = await thread.Task.TryResolve(fault);
        TakeTurn(thread);
        Conclude(thread, fault, raised);
    }

    /// <summary>What becomes of any other stop, at once: nobody else may be in the kernel.</summary>
    internal void Conclude(GuestThread thread, Stop stop)
    {
        TakeTurn(thread);
        Handle(thread, stop);
        CheckMemory();
    }
}
