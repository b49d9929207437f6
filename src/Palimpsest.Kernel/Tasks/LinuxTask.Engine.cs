using Palimpsest.Kernel.Faults;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;

namespace Palimpsest.Kernel.Tasks;

/// <summary>
/// The task as the host of an engine that executes code: it lends the CPU, and says what becomes of what the engine stopped for.
/// Nothing is thrown, since a program has handlers of its own.
/// </summary>
public sealed partial class LinuxTask
{
    /// <summary>The CPU, with this task's registers; it may be another task's after anything else has run.</summary>
    internal Core Core => _processors.RunOn(this);

    /// <summary>Reads TFSRE0_EL1, as each entry to the kernel does: true when a mismatch is to be told (SEGV_MTEAERR).</summary>
    internal bool TakeAsyncFault()
    {
        bool isFault = _processors.RunOn(this).TakeAsyncFault() | Registers.HasAsyncFault;
        Registers.HasAsyncFault = false;
        return isFault;
    }

    /// <summary>A fault of an access or of a fetch; null when the instruction can be executed again.</summary>
    internal async ValueTask<SignalCode?> TryResolve(AccessFault fault)
    {
        if (fault.Kind is FaultKind.TagCheck or FaultKind.Alignment or FaultKind.TagStorage || Space.IsDying)
        {
            return SignalOf(fault.Kind);
        }

        // An address of the upper half, or one that tables do not reach, is mapped nowhere.
        ulong address = LogicalTag.Canonical(fault.Address);
        FaultOutcome outcome = await _faults.Handle(Space, address >> _pageShift, fault.IsWrite, Cpu, fault.IsFetch);
        if (outcome == FaultOutcome.Retry)
        {
            await WaitToRetry(fault);
        }

        return SignalOf(outcome);
    }

    /// <summary>A tag check fault is told to whoever watches; of an asynchronous one the address is lost.</summary>
    internal void Tell(SignalCode code, ulong address) => TellTagFault(code, address);
}
