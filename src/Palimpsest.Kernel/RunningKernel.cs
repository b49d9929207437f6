using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Compaction;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Faults;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.PageCache;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.Reclaim;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Swap;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Memory;
using Palimpsest.Steps;

namespace Palimpsest.Kernel;

/// <summary>Puts the rooms of a kernel that runs processes together, from the ground up. No room knows of it.</summary>
internal sealed class RunningKernel
{
    public RunningKernel(MemoryLayout layout, Design design, MachineSetup setup)
    {
        KernelRuntime runtime = new(setup.Interleaving, setup.Safeguards);
        MemorySystem system = new(layout, design, setup.Options, owners: null, runtime);
        TaggedMemory bytes = new(layout, setup.Caches);
        DramContents contents = new(bytes, system.Frames, system.Tagged, SavedTags);
        system.Contents = contents;
        VmStatistics statistics = new();
        Memory = new PhysicalMemory(
            system, new PageSupply(system, statistics, runtime), bytes,
            new TagCopy(system.Frames, system.Tagged, bytes, SavedTags, layout.Geometry.PageBytes, runtime),
            runtime,
            statistics);

        ReverseMap reverseMap = new();
        LruLists lru = new(system.Frames);
        FolioTable folios = new(system, lru, reverseMap, SavedTags, runtime);
        Owners = new FolioOwners(folios, reverseMap, lru, new FolioLocks(system.Frames, runtime), new WorkingSet(lru, system.Frames));
        SwapDevice swap = new(Memory, folios, setup.SwapPages);
        Files = new FileCache(Memory, Owners, swap);
        Compactor = new Compactor(Memory, folios);

        LoadedSpaces loaded = new(setup.Options.Cpus, bytes);
        ZeroPage zero = new(Memory, folios);
        PteMaker ptes = new(Memory, zero);
        PteWriter entries = new(loaded, ptes, Owners, system.Frames, runtime);
        Tables = new SpaceTables(new SpaceList(layout.Geometry), ptes, entries, new TablePages(Memory), zero);

        NewPages pages = new(Memory, folios);
        HugePages huge = new(Memory, Owners, Tables) { ByDefault = setup.HugePagesByDefault };
        Unmapping unmapping = new(Memory, Owners, Tables, swap, huge);
        RmapWalk rmap = new(system.Frames, Owners, Tables);
        FileMappings mapped = new(Memory, Owners, Tables);
        system.Migration.Target = new ProcessTarget(Memory.Supply, folios);
        system.Migration.Users = new MappedFolios(Memory, Owners, Tables, mapped, loaded, swap, Files);
        Collapse = new Collapse(Memory, Owners, Tables, pages, huge);
        Mappings mappings = new(Memory, Owners, Tables, Files, unmapping, huge);
        Fork = new Fork(Memory, Owners, Tables, swap, huge);

        Eviction eviction = new(Memory, Owners, Tables, mapped, swap, Files);
        Reclaim = new PageReclaim(Memory, Owners, rmap, huge, mapped, new ScanBalance(system, Owners, swap), eviction);
        OutOfMemory outOfMemory = new(Tables.Spaces, unmapping, statistics);
        Memory.Supply.Relief = new ProcessRelief(new Kswapd(system, Reclaim, statistics), Reclaim, Compactor, outOfMemory);

        HugeFaults hugeFaults = new(Memory, folios, Tables, pages, huge);
        AnonymousMemory anonymous = new(Memory, folios, Tables, pages, hugeFaults);
        PageFaults faults = new(
            Memory, Tables, anonymous,
            new FileFaults(Memory, Owners, Tables, Files, pages, anonymous),
            new SwapIn(Memory, Owners, Tables, swap),
            new FaultOnAccess(Memory, folios, Tables),
            new CopyOnWrite(Memory, folios, Tables, swap, pages, hugeFaults));
        SamePages = new SamePages(Memory, Owners, Tables, faults);
        Entry = new KernelEntry(Memory, folios, Tables.Spaces, new Processors(loaded, runtime), faults, mappings,
            new AreaMarks(Memory, unmapping), unmapping, new Filling(Memory, Tables, pages, anonymous, unmapping), Fork);
        Processes = new ProcessTable(Entry);
        contents.DeclareLent(system.Blocks);
        zero.Make();
    }

    public PhysicalMemory Memory { get; }

    public SavedTags SavedTags { get; } = new();

    /// <summary>Where tasks come in.</summary>
    public KernelEntry Entry { get; }

    public FolioOwners Owners { get; }

    public SpaceTables Tables { get; }

    public FileCache Files { get; }

    public Compactor Compactor { get; }

    public Collapse Collapse { get; }

    public SamePages SamePages { get; }

    public Fork Fork { get; }

    public PageReclaim Reclaim { get; }

    public ProcessTable Processes { get; }
}

/// <summary>What a running machine is built of.</summary>
internal sealed record MachineSetup(
    MachineOptions Options, TaggedMemoryOptions Caches, Safeguards Safeguards, Interleaving Interleaving, int SwapPages,
        bool HugePagesByDefault);
