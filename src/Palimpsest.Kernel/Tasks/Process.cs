using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Tables;
using Palimpsest.Machine.Mte;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tasks;

/// <summary>
/// A process of a simulated machine. What its first task does can be said without awaiting where nobody controls the machine:
/// its system calls and its loads and stores run to their end. Addresses may carry a logical tag in bits 59:56. An access that
/// ends with a signal throws <see cref="SignalException"/> and is recorded in <see cref="Signals"/>.
/// </summary>
public sealed class Process
{
    private readonly KernelEntry _kernel;
    private readonly List<Signal> _signals = [];
    private readonly List<PinnedPage> _pins = [];

    internal Process(ProcessTable others, KernelEntry kernel, string name, CpuId cpu)
    {
        Others = others;
        _kernel = kernel;
        Name = name;
        Space = kernel.Spaces.Begin();
        Main = new LinuxTask(this, kernel, cpu);
    }

    /// <summary>As it was started with; comm of Linux, without its limit of 15 letters.</summary>
    public string Name { get; }

    /// <summary>Its first task.</summary>
    public LinuxTask Main { get; }

    /// <summary>CPU that its first task runs on.</summary>
    public CpuId Cpu
    {
        get => Main.Cpu;
        set => Main.Cpu = value;
    }

    /// <summary>Those that were raised, in order of time; the last may have killed it.</summary>
    public IReadOnlyList<Signal> Signals => _signals;

    /// <summary>It has exited, or been killed.</summary>
    public bool HasEnded => Space.IsGone || Space.IsDying;

    /// <summary>Pages mapped now, a huge one as its base pages (RSS).</summary>
    public int ResidentPages => Space.ResidentPages;

    /// <summary>Entries of its tables that name a slot of swap.</summary>
    public int SwappedPages => Space.SwapEntries;

    /// <inheritdoc cref="LinuxTask.TagChecks"/>
    public TagFaultMode TagChecks
    {
        get => Main.TagChecks;
        set => Main.TagChecks = value;
    }

    /// <inheritdoc cref="LinuxTask.TagsIncluded"/>
    public ushort TagsIncluded
    {
        get => Main.TagsIncluded;
        set => Main.TagsIncluded = value;
    }

    /// <summary>The processes of its machine, itself among them.</summary>
    internal ProcessTable Others { get; }

    internal AddressSpace Space { get; }

    /// <summary>Pages below the break.</summary>
    internal ulong BreakPages { get; set; }

    /// <summary>The address with a tag in bits 59:56.</summary>
    public static ulong Tagged(ulong address, int tag) => LogicalTag.With(address, tag);

    /// <summary>clone with CLONE_VM: another task of this process, with the first one's tag checks.</summary>
    public LinuxTask StartTask(CpuId cpu) => new(this, _kernel, cpu) { TagChecks = TagChecks, TagsIncluded = TagsIncluded };

    /// <inheritdoc cref="LinuxTask.Load"/>
    public ulong Load(ulong address) => Main.Load(address).Now();

    /// <inheritdoc cref="LinuxTask.Store"/>
    public void Store(ulong address, ulong value) => Main.Store(address, value).Now();

    /// <inheritdoc cref="LinuxTask.Read"/>
    public void Read(ulong address, Memory<byte> into) => Main.Read(address, into).Now();

    /// <inheritdoc cref="LinuxTask.Write"/>
    public void Write(ulong address, ReadOnlyMemory<byte> from) => Main.Write(address, from).Now();

    /// <inheritdoc cref="LinuxTask.LoadTag"/>
    public int LoadTag(ulong address) => Main.LoadTag(address).Now();

    /// <inheritdoc cref="LinuxTask.StoreTag"/>
    public void StoreTag(ulong address) => Main.StoreTag(address).Now();

    /// <inheritdoc cref="LinuxTask.RandomTag"/>
    public ulong RandomTag(ulong address) => Main.RandomTag(address).Now();

    /// <inheritdoc cref="LinuxTask.EnterKernel"/>
    public void EnterKernel() => Main.EnterKernel();

    /// <inheritdoc cref="SystemCalls.Map(long, Protection)"/>
    public ulong Map(long bytes, Protection protection) => Main.Calls.Map(bytes, protection).Now();

    /// <inheritdoc cref="SystemCalls.Map(SharedFile, long, Protection, bool, long)"/>
    public ulong Map(SharedFile file, long bytes, Protection protection, bool isShared, long offset = 0) =>
        Main.Calls.Map(file, bytes, protection, isShared, offset).Now();

    /// <inheritdoc cref="SystemCalls.Read"/>
    public void Read(SharedFile file, long offset, Memory<byte> into) => Main.Calls.Read(file, offset, into).Now();

    /// <inheritdoc cref="SystemCalls.Write"/>
    public void Write(SharedFile file, long offset, ReadOnlyMemory<byte> from) => Main.Calls.Write(file, offset, from).Now();

    /// <inheritdoc cref="SystemCalls.Unmap"/>
    public void Unmap(ulong address, long bytes) => Main.Calls.Unmap(address, bytes).Now();

    /// <inheritdoc cref="SystemCalls.Protect"/>
    public bool Protect(ulong address, long bytes, Protection protection) => Main.Calls.Protect(address, bytes, protection).Now();

    /// <inheritdoc cref="SystemCalls.Move"/>
    public ulong Move(ulong address, long bytes, long newBytes) => Main.Calls.Move(address, bytes, newBytes).Now();

    /// <inheritdoc cref="SystemCalls.Discard"/>
    public void Discard(ulong address, long bytes) => Main.Calls.Discard(address, bytes).Now();

    /// <inheritdoc cref="SystemCalls.FreeLazily"/>
    public void FreeLazily(ulong address, long bytes) => Main.Calls.FreeLazily(address, bytes).Now();

    /// <inheritdoc cref="SystemCalls.AdviseHugePages"/>
    public void AdviseHugePages(ulong address, long bytes, bool wanted) => Main.Calls.AdviseHugePages(address, bytes, wanted).Now();

    /// <inheritdoc cref="SystemCalls.Populate"/>
    public void Populate(ulong address, long bytes) => Main.Calls.Populate(address, bytes).Now();

    /// <inheritdoc cref="SystemCalls.SetBreak"/>
    public ulong SetBreak(long bytes) => Main.Calls.SetBreak(bytes).Now();

    /// <inheritdoc cref="SystemCalls.Fork"/>
    public Process? Fork() => Main.Calls.Fork().Now();

    /// <inheritdoc cref="SystemCalls.Exit"/>
    public void Exit() => Main.Calls.Exit().Now();

    /// <inheritdoc cref="PagePins.Pin"/>
    public PinnedPage Pin(ulong address, bool longTerm = false) => Main.Calls.Pins.Pin(address, longTerm).Now();

    /// <summary>Lets go of a page.</summary>
    public void Unpin(PinnedPage pin)
    {
        if (_pins.Remove(pin))
        {
            _kernel.Folios.Unpin(pin.Folio, Cpu);
        }
    }

    /// <inheritdoc cref="PagePins.PeekTags"/>
    public int PeekTags(ulong address, Memory<byte> tags) => Main.Calls.Pins.PeekTags(address, tags).Now();

    /// <inheritdoc cref="PagePins.PokeTags"/>
    public int PokeTags(ulong address, ReadOnlyMemory<byte> tags) => Main.Calls.Pins.PokeTags(address, tags).Now();

    internal PinnedPage Hold(PinnedPage pin)
    {
        _pins.Add(pin);
        return pin;
    }

    internal void UnpinAll()
    {
        foreach (PinnedPage pin in _pins.ToArray())
        {
            Unpin(pin);
        }
    }

    internal void Receive(Signal signal)
    {
        _signals.Add(signal);
        Space.IsDying |= signal.Code == SignalCode.OutOfMemory;
    }
}
