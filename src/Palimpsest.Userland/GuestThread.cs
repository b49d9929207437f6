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

    /// <summary>It waits for its tracer, or with all of its process for SIGCONT.</summary>
    public bool IsStopped => Tracee is { } tracee ? tracee.Status is not null : Process.StoppedBy is not null;

    /// <summary>Its place among those that wait for a futex, while a call waits.</summary>
    public FutexWaiter? Futex { get; set; }

    /// <summary>What is left of a call that a tracer looks at; it is done whether he stays or goes.</summary>
    public CallRest Rest { get; set; }

    /// <summary>A call has waited, and is going to be made again.</summary>
    public bool IsInCall { get; set; }

    /// <summary>What a signal broke off, until it is known whether it has a handler.</summary>
    public BrokenCall? BrokenCall { get; set; }

    /// <summary>Number of the call that restart_syscall makes again.</summary>
    public int RestartedCall { get; set; }

    /// <summary>What it ends with, as wait tells it, when its tracer has seen that (PTRACE_EVENT_EXIT).</summary>
    public int? EndsWith { get; set; }

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
            if (tracee.TakeInjected() is { } signal)
            {
                Pending.Insert(0, signal);
            }
        }
    }

    public override string ToString() => $"thread {Id}";
}
