using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.Faults;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tables;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tasks;

/// <summary>
/// What Linux schedules: a thread of a process, with registers of its own. Host scripts, closed loops and the actors of races
/// run as tasks, so all of them are switched, enter the kernel and get signals in one way. Each operation can be awaited: where
/// somebody controls the machine's <see cref="Interleaving"/> it stops at its points, else it has run to its end when it returns.
/// </summary>
public sealed partial class LinuxTask
{
    /// <summary>Faults on one access before it counts as endless, where nobody else could run meanwhile.</summary>
    private const int MostFaults = 100;

    private readonly Processors _processors;
    private readonly PageFaults _faults;
    private readonly KernelRuntime _runtime;
    private readonly Tracepoints _trace;
    private readonly int _pageShift;

    /// <summary>Its registers, while another task has its CPU.</summary>
    internal TaskRegisters Registers = new();

    internal LinuxTask(Process process, KernelEntry kernel, CpuId cpu)
    {
        _processors = kernel.Processors;
        _faults = kernel.Faults;
        _runtime = kernel.Memory.Runtime;
        _trace = kernel.Memory.System.Trace;
        _pageShift = kernel.Memory.System.Layout.Geometry.PageShift;
        Process = process;
        Cpu = cpu;
        Calls = new SystemCalls(this, kernel);
    }

    /// <summary>Whose address space it works in.</summary>
    public Process Process { get; }

    /// <summary>What it asks of the kernel.</summary>
    public SystemCalls Calls { get; }

    /// <summary>CPU that it runs on.</summary>
    public CpuId Cpu
    {
        get;
        set
        {
            _processors.Leave(this);
            field = value;
        }
    }

    /// <summary>prctl(PR_SET_TAGGED_ADDR_CTRL): what a tag check fault does. No checks until it is set, as on Linux.</summary>
    public TagFaultMode TagChecks
    {
        get => Registers.Checks;
        set
        {
            _processors.Leave(this);
            Registers.Checks = value;
        }
    }

    /// <summary>Tags that IRG may choose, one bit a tag; none at first, so that it gives tag 0.</summary>
    public ushort TagsIncluded
    {
        get => Registers.Included;
        set
        {
            _processors.Leave(this);
            Registers.Included = value;
        }
    }

    internal AddressSpace Space => Process.Space;

    /// <summary>LDR of eight bytes.</summary>
    /// <exception cref="SignalException">It faults, and nothing can be done about it.</exception>
    public ValueTask<ulong> Load(ulong address)
    {
        ValueTask<LoadWord> loading = Perform(new LoadWord(address));
        return loading.IsCompletedSuccessfully ? new(loading.Result.Value) : Loaded(loading);

        static async ValueTask<ulong> Loaded(ValueTask<LoadWord> loading) => (await loading).Value;
    }

    /// <summary>STR of eight bytes.</summary>
    /// <inheritdoc cref="Load"/>
    public ValueTask Store(ulong address, ulong value) => Done(Perform(new StoreWord(address, value)));

    /// <summary>LDG: the allocation tag of a granule.</summary>
    /// <inheritdoc cref="Load"/>
    public async ValueTask<int> LoadTag(ulong address) => LogicalTag.Of((await Perform(new LoadTag(address))).Value);

    /// <summary>STG: sets the allocation tag of a granule to the logical tag of the address.</summary>
    /// <inheritdoc cref="Load"/>
    public ValueTask StoreTag(ulong address) => Done(Perform(new StoreTag(address)));

    /// <summary>IRG: the address with a random tag out of those included.</summary>
    public async ValueTask<ulong> RandomTag(ulong address) => (await Perform(new ChooseTag(address))).Value;

    /// <summary>Loads of many bytes, lowest address first.</summary>
    /// <inheritdoc cref="Load"/>
    public ValueTask Read(ulong address, Memory<byte> into) => Done(Perform(new LoadBytes(address, into)));

    /// <summary>Stores of many bytes, lowest address first.</summary>
    /// <inheritdoc cref="Load"/>
    public ValueTask Write(ulong address, ReadOnlyMemory<byte> from) => Done(Perform(new StoreBytes(address, from)));

    /// <summary>
    /// The kernel is entered, by whatever call or fault: TFSRE0_EL1 is read, and a mismatch that it tells of becomes a signal,
    /// which a script meets instead of the call (entry-common.c and mte.c of arch/arm64/kernel, 6.1).
    /// </summary>
    /// <exception cref="SignalException">An access of this task failed its tag check some time ago.</exception>
    public void EnterKernel()
    {
        Core cpu = _processors.RunOn(this);
        Registers.HasAsyncFault |= cpu.TakeAsyncFault();
        if (Registers.HasAsyncFault)
        {
            Registers.HasAsyncFault = false;
            Deliver(SignalCode.TagAsynchronous, 0);
        }
    }

    internal void RequireLife()
    {
        if (Process.HasEnded)
        {
            throw new SignalException(Process.Signals.Count > 0 ? Process.Signals[^1] : new Signal(SignalCode.OutOfMemory, 0));
        }
    }

    /// <summary>A fault on the way to a page is resolved, or becomes a signal (do_mem_abort).</summary>
    /// <param name="faults">Faults on the same access before.</param>
    internal async ValueTask Resolve(AccessFault fault, int faults)
    {
        if (Concludes(await Handle(fault, faults), fault))
        {
            await WaitToRetry(fault);
        }
    }

    internal void Deliver(SignalCode code, ulong address)
    {
        if (code is SignalCode.TagSynchronous or SignalCode.TagAsynchronous)
        {
            TellTagFault(code, address);
        }

        Signal signal = new(code, address);
        Process.Receive(signal);
        _processors.Leave(this);
        throw new SignalException(signal);
    }

    /// <summary>The way into the kernel.</summary>
    private ValueTask<FaultOutcome> Handle(AccessFault fault, int faults)
    {
        ulong address = LogicalTag.With(fault.Address, 0);
        if (faults >= MostFaults && !_runtime.Interleaving.IsControlled)
        {
            Deliver(SignalCode.EndlessFault, fault.Address);
        }

        EnterKernel();
        if (fault.Kind is FaultKind.TagCheck or FaultKind.Alignment or FaultKind.TagStorage || Space.IsDying)
        {
            Deliver(SignalOf(fault.Kind), address);
        }

        return _faults.Handle(Space, address >> _pageShift, fault.IsWrite, Cpu);
    }

    /// <summary>The way back. True: what was busy is waited for.</summary>
    private bool Concludes(FaultOutcome outcome, AccessFault fault)
    {
        if (SignalOf(outcome) is { } sent)
        {
            Deliver(sent, LogicalTag.With(fault.Address, 0));
        }

        return outcome == FaultOutcome.Retry;
    }

    private Turn WaitToRetry(AccessFault fault) =>
        _runtime.Point(StepKind.Wait, (int)(LogicalTag.With(fault.Address, 0) >> _pageShift));

    /// <summary>An asynchronous fault has lost its address, so it has no frame.</summary>
    private void TellTagFault(SignalCode code, ulong address)
    {
        ulong page = address >> _pageShift;
        Pte entry = code == SignalCode.TagAsynchronous ? Pte.None : Space.Tables.Get(page);
        int offset = (int)(address & ((1UL << _pageShift) - 1));
        Frame frame = entry.IsPresent ? Space.Tables.FrameIn(entry, page) : Frame.None;
        _trace.Tell(new KernelEvent(KernelEventKind.TagFault, Cpu, frame, Value: offset));
    }

    /// <summary>Executes until there is no fault: an instruction that faults is executed again.</summary>
    private ValueTask<T> Perform<T>(T program)
        where T : struct, ITaskProgram
    {
        if (_runtime.Interleaving.IsControlled)
        {
            return Run(program);
        }

        // The usual way, without a state machine: nobody controls, and no fault waits.
        FaultRow row = new(program.Address);
        AccessFault fault = program.Step(_processors.RunOn(this));
        while (!fault.IsNone)
        {
            ValueTask<FaultOutcome> handled = Handle(fault, row.Next(program.Address));
            if (!handled.IsCompletedSuccessfully)
            {
                return Run(program, row, fault, handled);
            }

            Concludes(handled.Result, fault);
            fault = program.Step(_processors.RunOn(this));
        }

        return new(program);
    }

    private async ValueTask<T> Run<T>(T program)
        where T : struct, ITaskProgram
    {
        await AtAccess(program.Address);
        AccessFault fault = program.Step(_processors.RunOn(this));
        FaultRow row = new(program.Address);
        return fault.IsNone ? program : await Run(program, row, fault, Handle(fault, row.Next(program.Address)));
    }

    private async ValueTask<T> Run<T>(T program, FaultRow row, AccessFault fault, ValueTask<FaultOutcome> handled)
        where T : struct, ITaskProgram
    {
        while (true)
        {
            if (Concludes(await handled, fault))
            {
                await WaitToRetry(fault);
            }

            await AtAccess(program.Address);
            fault = program.Step(_processors.RunOn(this));
            if (fault.IsNone)
            {
                return program;
            }

            handled = Handle(fault, row.Next(program.Address));
        }
    }

    private Turn AtAccess(ulong address) => _runtime.Point(StepKind.UserAccess, (int)(LogicalTag.With(address, 0) >> _pageShift));

    private static ValueTask Done<T>(ValueTask<T> performed)
    {
        return performed.IsCompletedSuccessfully ? default : Awaited(performed);

        static async ValueTask Awaited(ValueTask<T> performed) => await performed;
    }

    /// <summary>What a fault that the kernel cannot resolve tells; any other meets a process that is being killed.</summary>
    private static SignalCode SignalOf(FaultKind kind) => kind switch
    {
        FaultKind.TagCheck => SignalCode.TagSynchronous,
        FaultKind.Alignment => SignalCode.Alignment,
        FaultKind.TagStorage => SignalCode.BusError,
        _ => SignalCode.OutOfMemory,
    };

    private SignalCode? SignalOf(FaultOutcome outcome) => outcome switch
    {
        FaultOutcome.NoMapping => SignalCode.MapError,
        FaultOutcome.NoRights => SignalCode.AccessError,
        FaultOutcome.NoBacking => SignalCode.BusError,
        FaultOutcome.OutOfMemory => SignalCode.OutOfMemory,
        _ => Space.IsDying ? SignalCode.OutOfMemory : null,
    };
}

/// <summary>Faults in a row on one access.</summary>
/// <param name="address">The first access.</param>
internal struct FaultRow(ulong address)
{
    private ulong _address = address;
    private int _count;

    /// <summary>One more; how many there were before at this address.</summary>
    public int Next(ulong address)
    {
        _count = address == _address ? _count : 0;
        _address = address;
        return _count++;
    }
}
