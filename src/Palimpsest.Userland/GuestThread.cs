using Palimpsest.A64;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Userland.Signals;
using Palimpsest.Userland.Threads;
using Palimpsest.Userland.Tracing;

namespace Palimpsest.Userland;

/// <summary>A thread: registers, what it waits for, and its signals.</summary>
internal sealed class GuestThread(int id, GuestProcess process, LinuxTask task)
{
    public int Id { get; } = id;

    public GuestProcess Process { get; } = process;

    public LinuxTask Task { get; } = task;

    public Cpu Cpu { get; } = new();

    public ulong BlockedSignals { get; set; }

    /// <summary>PR_TAGGED_ADDR_ENABLE: system calls take tagged addresses.</summary>
    public bool TakesTaggedAddresses { get; set; }

    /// <summary>Bits of prctl that ask for modes: synchronous, asynchronous.</summary>
    public ulong TagModes { get; set; }

    /// <summary>The mask to go back to when a handler that rt_sigsuspend waited for returns.</summary>
    public ulong? MaskAfterSuspend { get; set; }

    public List<SignalInfo> Pending { get; } = [];

    public AlternateStack AlternateStack { get; set; } = new(0, AlternateStack.Disabled, 0);

    /// <summary>set_tid_address, CLONE_CHILD_CLEARTID: zeroed and woken when it ends.</summary>
    public ulong ClearedAtEnd { get; set; }

    /// <summary>What a system call waits for; it is made again when that holds. Null while the thread can run.</summary>
    public Func<bool>? WaitsFor { get; set; }

    /// <summary>Guest time at which the wait ends whatever happens.</summary>
    public long? WaitsUntil { get; set; }

    /// <summary>The interrupted call is made again after a handler with SA_RESTART.</summary>
    public bool IsRestartable { get; set; }

    public bool HasEnded { get; set; }

    /// <summary>While somebody traces it.</summary>
    public Tracee? Tracee { get; set; }

    /// <summary>It waits for its tracer.</summary>
    public bool IsStopped => Tracee is { Status: not null };

    /// <summary>Its place among those that wait for a futex, while a call waits.</summary>
    public FutexWaiter? Futex { get; set; }

    /// <summary>Its tracer has left it before a call that it had stopped at.</summary>
    public bool MustMakeCall { get; set; }

    /// <summary>Bytes that a write has moved before it had to wait.</summary>
    public int Moved { get; set; }

    /// <summary>Address of the last fault, without its tag (thread.fault_address).</summary>
    public ulong FaultAddress { get; set; }

    /// <summary>What prctl set, as a new thread or process has it too.</summary>
    public void CopyTagControl(GuestThread other)
    {
        (TakesTaggedAddresses, TagModes) = (other.TakesTaggedAddresses, other.TagModes);
        (Task.TagChecks, Task.TagsIncluded) = (other.Task.TagChecks, other.Task.TagsIncluded);
    }

    /// <summary>PTRACE_DETACH, or the tracer's end: what it was to get of signals it gets.</summary>
    public void EndTracing()
    {
        if (Tracee is { } tracee)
        {
            Tracee = null;
            MustMakeCall |= tracee.TakeCall();
            if (tracee.TakeInjected() is { } signal && !SignalNumber.IsIgnored(signal.Number))
            {
                Pending.Insert(0, signal);
            }
        }
    }

    public override string ToString() => $"thread {Id}";
}
