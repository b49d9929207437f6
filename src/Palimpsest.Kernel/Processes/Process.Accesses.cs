using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;
using Palimpsest.Steps;

namespace Palimpsest.Kernel.Processes;

/// <content>Loads, stores and tag instructions.</content>
public sealed partial class Process
{
    /// <summary>Faults on one access before it counts as endless.</summary>
    private const int MostFaults = 100;

    // RGSR_EL1 of this process: start tag 0, and a seed, which must not be zero.
    private ulong _rgsr = 1 << 8;
    private Core? _prepared;

    /// <summary>LDR of eight bytes.</summary>
    /// <exception cref="SignalException">It faults, and nothing can be done about it.</exception>
    public ulong Load(ulong address)
    {
        for (int attempt = 0; ; attempt++)
        {
            AccessFault fault = Core().Load64(address, out ulong value);
            if (fault.IsNone)
            {
                return value;
            }

            Retry(fault, attempt).Now();
        }
    }

    /// <summary>STR of eight bytes.</summary>
    /// <inheritdoc cref="Load"/>
    public void Store(ulong address, ulong value)
    {
        for (int attempt = 0; ; attempt++)
        {
            AccessFault fault = Core().Store64(address, value);
            if (fault.IsNone)
            {
                return;
            }

            Retry(fault, attempt).Now();
        }
    }

    /// <summary>Loads of many bytes, lowest address first.</summary>
    /// <inheritdoc cref="Load"/>
    public void Read(ulong address, Span<byte> into)
    {
        for (int attempt = 0; !into.IsEmpty; attempt++)
        {
            AccessFault fault = Core().Read(address, into);
            if (fault.IsNone)
            {
                return;
            }

            Retry(fault, attempt).Now();
            int done = (int)(fault.Address - address);
            into = into[done..];
            address += (ulong)done;
            attempt = done > 0 ? -1 : attempt;
        }
    }

    /// <summary>Stores of many bytes, lowest address first.</summary>
    /// <inheritdoc cref="Load"/>
    public void Write(ulong address, ReadOnlySpan<byte> from)
    {
        for (int attempt = 0; !from.IsEmpty; attempt++)
        {
            AccessFault fault = Core().Write(address, from);
            if (fault.IsNone)
            {
                return;
            }

            Retry(fault, attempt).Now();
            int done = (int)(fault.Address - address);
            from = from[done..];
            address += (ulong)done;
            attempt = done > 0 ? -1 : attempt;
        }
    }

    /// <summary>LDG: the allocation tag of a granule.</summary>
    /// <inheritdoc cref="Load"/>
    public int LoadTag(ulong address)
    {
        for (int attempt = 0; ; attempt++)
        {
            ulong value = 0;
            AccessFault fault = Core().Ldg(address & ~15UL, ref value);
            if (fault.IsNone)
            {
                return LogicalTag.Of(value);
            }

            Retry(fault, attempt).Now();
        }
    }

    /// <summary>STG: sets the allocation tag of a granule to the logical tag of the address.</summary>
    /// <inheritdoc cref="Load"/>
    public void StoreTag(ulong address)
    {
        for (int attempt = 0; ; attempt++)
        {
            AccessFault fault = Core().Stg(address & ~15UL, address);
            if (fault.IsNone)
            {
                return;
            }

            Retry(fault, attempt).Now();
        }
    }

    /// <summary>IRG: the address with a random tag out of those included.</summary>
    public ulong RandomTag(ulong address)
    {
        MteRegisters registers = Core().Registers;
        registers.Rgsr = _rgsr;
        ulong tagged = TagArithmetic.Irg(registers, address);
        _rgsr = registers.Rgsr;
        return tagged;
    }

    /// <summary>The address with a tag in bits 59:56.</summary>
    public static ulong Tagged(ulong address, int tag) => LogicalTag.With(address, tag);

    /// <summary>The kernel is entered: an asynchronous tag check fault becomes a signal.</summary>
    public void EnterKernel()
    {
        if (Core().TakeAsyncFault())
        {
            Deliver(SignalCode.TagAsynchronous, 0);
        }
    }

    /// <summary>The core, with this process on it.</summary>
    private Core Core()
    {
        Core core = _kernel.Cores[Cpu];
        if (!_kernel.IsRunning(Space, Cpu) || !ReferenceEquals(core, _prepared))
        {
            Prepare(core);
        }

        return core;
    }

    private void Prepare(Core core)
    {
        if (HasEnded)
        {
            throw new SignalException(_signals.Count > 0 ? _signals[^1] : new Signal(SignalCode.OutOfMemory, 0));
        }

        _kernel.Run(Space, Cpu);
        core.Registers.Tcf0 = TagChecks;
        core.Registers.Ata0 = true;
        core.Registers.Include = TagsIncluded;
        _prepared = core;
    }

    private ValueTask Retry(AccessFault fault, int attempt)
    {
        if (attempt >= MostFaults)
        {
            Deliver(SignalCode.EndlessFault, fault.Address);
        }

        return Resolve(fault);
    }

    /// <summary>What do_mem_abort does: resolves a fault, or delivers a signal.</summary>
    private ValueTask Resolve(AccessFault fault)
    {
        ulong address = LogicalTag.With(fault.Address, 0);
        if (fault.Kind is FaultKind.TagCheck or FaultKind.Alignment or FaultKind.TagStorage || Space.IsDying)
        {
            Deliver(SignalOf(fault.Kind), address);
        }

        ValueTask<FaultOutcome> handled = _kernel.Faults.Handle(Space, address >> _pageShift, fault.IsWrite, Cpu);
        if (!handled.IsCompletedSuccessfully)
        {
            return Waiting(handled, address);
        }

        Conclude(handled.Result, address);
        return default;
    }

    private async ValueTask Waiting(ValueTask<FaultOutcome> handled, ulong address) => Conclude(await handled, address);

    private void Conclude(FaultOutcome outcome, ulong address)
    {
        SignalCode? code = outcome switch
        {
            FaultOutcome.NoMapping => SignalCode.MapError,
            FaultOutcome.NoRights => SignalCode.AccessError,
            FaultOutcome.NoBacking => SignalCode.BusError,
            FaultOutcome.OutOfMemory => SignalCode.OutOfMemory,
            _ => Space.IsDying ? SignalCode.OutOfMemory : null,
        };
        if (code is { } sent)
        {
            Deliver(sent, address);
        }
    }

    /// <summary>What a fault that the kernel cannot resolve tells; any other meets a process that is being killed.</summary>
    private static SignalCode SignalOf(FaultKind kind) => kind switch
    {
        FaultKind.TagCheck => SignalCode.TagSynchronous,
        FaultKind.Alignment => SignalCode.Alignment,
        FaultKind.TagStorage => SignalCode.BusError,
        _ => SignalCode.OutOfMemory,
    };

    private void Deliver(SignalCode code, ulong address)
    {
        Signal signal = new(code, address);
        _signals.Add(signal);
        Space.IsDying |= code == SignalCode.OutOfMemory;
        _prepared = null;
        throw new SignalException(signal);
    }
}
