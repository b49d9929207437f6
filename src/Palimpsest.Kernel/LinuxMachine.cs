using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Memory;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel;

/// <summary>How a simulated machine is equipped.</summary>
public sealed record LinuxMachineOptions
{
    /// <summary>CPUs that are online, at least 1.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>Size of a page and of a pageblock; both decide where zones and tag pages lie.</summary>
    public PageGeometry Geometry { get; init; } = PageGeometry.Page4K;

    /// <summary>Pages that fit on the compressed swap device.</summary>
    public int SwapPages { get; init; }

    /// <summary>transparent_hugepage=always; else madvise.</summary>
    public bool HugePagesByDefault { get; init; }

    /// <summary>Lines that the caches hold, and how tag storage answers tagged accesses.</summary>
    public TaggedMemoryOptions Caches { get; init; } = new();

    /// <summary>Region of tag storage whose CMA area cannot be activated; null for none.</summary>
    public int? FailedRegion { get; init; }

    /// <summary>Safeguards of the proposal that are in force.</summary>
    public Safeguards Safeguards { get; init; } = Safeguards.All;

    /// <summary>Told of everything that the kernel does, boot included.</summary>
    public IKernelListener? Listener { get; init; }

    /// <summary>Where its operations can be interleaved, by whoever has this; one machine's own without it.</summary>
    public Interleaving? Interleaving { get; init; }
}

/// <summary>
/// A machine with tagged memory and a Linux-like kernel that runs: bytes and tags are real, and so is every mistake.
/// Single-threaded and deterministic; two machines share nothing.
/// </summary>
public sealed class LinuxMachine
{
    private readonly RunningKernel _kernel;

    /// <exception cref="InputException">The board has no memory, or cannot be divided as the design wants.</exception>
    public LinuxMachine(MemoryBoard board, Design design, LinuxMachineOptions? options = null)
    {
        LinuxMachineOptions chosen = options ?? new();
        MachineOptions kernel = new(
            chosen.Cpus, chosen.HugePagesByDefault) { FailedRegion = chosen.FailedRegion, Listener = chosen.Listener };
        MachineSetup setup = new(
            kernel, chosen.Caches, chosen.Safeguards, chosen.Interleaving ?? new Interleaving(), chosen.SwapPages,
                chosen.HugePagesByDefault);
        _kernel = new RunningKernel(MemoryLayout.For(board, chosen.Geometry), design, setup);
        Daemons = new Daemons(_kernel);
    }

    /// <summary>Its page allocator and tag storage.</summary>
    public MemorySystem Memory => _kernel.Memory.System;

    /// <summary>Its DRAM and caches, with the detectors of corruption.</summary>
    public TaggedMemory Hardware => _kernel.Memory.Bytes;

    /// <summary>What the allocator, migration and tag storage did.</summary>
    public KernelCounters Counters => _kernel.Memory.System.Counters;

    /// <summary>What faults, swap and reclaim did.</summary>
    public VmStatistics Statistics => _kernel.Memory.Statistics;

    /// <summary>Pages whose tags are kept aside, because they have no storage (tags_by_pfn).</summary>
    public int SavedTags => _kernel.SavedTags.Count;

    /// <summary>Processes that have not ended.</summary>
    public IReadOnlyList<Process> Processes => _kernel.Processes.All;

    /// <summary>What its kernel does beside processes, to be awaited.</summary>
    public Daemons Daemons { get; }

    /// <summary>As the options said.</summary>
    public int Cpus => _kernel.Memory.System.Cpus;

    /// <summary>PROT_MTE can be had under its design.</summary>
    public bool CanTag => _kernel.Memory.CanTag;

    internal RunningKernel Kernel => _kernel;

    /// <summary>A process with one task on a CPU and an empty address space. The name need not be the only one.</summary>
    public Process Start(string name, CpuId cpu = default) => _kernel.Processes.Start(name, cpu);

    /// <summary>A file on storage, of so many bytes.</summary>
    public SharedFile OpenFile(long bytes) => Open(bytes, isShared: false);

    /// <summary>memfd_create, or shared anonymous memory.</summary>
    public SharedFile CreateSharedMemory(long bytes) => Open(bytes, isShared: true);

    /// <inheritdoc cref="Kernel.Daemons.Reclaim"/>
    public int Reclaim(int pages) => Daemons.Reclaim(pages).Now();

    /// <inheritdoc cref="Kernel.Daemons.Compact"/>
    public bool Compact(int order) => Daemons.Compact(order).Now();

    /// <inheritdoc cref="Kernel.Daemons.Migrate"/>
    public bool Migrate(Process process, ulong address) => Daemons.Migrate(process, address, process.Cpu).Now();

    /// <inheritdoc cref="Kernel.Daemons.Collapse"/>
    public bool Collapse(Process process, ulong address) => Daemons.Collapse(process, address, process.Cpu).Now();

    /// <summary>Recounts everything and compares; empty when all laws hold.</summary>
    public IReadOnlyList<LawViolation> Audit() => KernelAudit.Run(_kernel);

    private SharedFile Open(long bytes, bool isShared)
    {
        int pageBytes = Memory.Layout.Geometry.PageBytes;
        return new SharedFile(
            _kernel.Files.Create((int)((bytes + pageBytes - 1) / pageBytes), isShared), _kernel.Files, _kernel.Memory,
                _kernel.Owners.Folios);
    }
}
