using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Compaction;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Folios;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.PageCache;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.Reclaim;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Swap;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Memory;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel;

/// <summary>The rooms of a kernel that runs processes, and the few acts that all of them share.</summary>
internal sealed class RunningKernel
{
    private readonly List<AddressSpace?> _spaces = [];

    public RunningKernel(MemoryLayout layout, Design design, MachineSetup setup)
    {
        Runtime = new KernelRuntime(setup.Interleaving, setup.Safeguards);
        Memory = new MemorySystem(layout, design, setup.Options, owners: null, Runtime);
        Bytes = new TaggedMemory(layout, setup.Caches);
        Memory.Contents = new DramContents(Bytes, Memory.Frames, Memory.Tagged, SavedTags);
        Memory.Migration.Target = new ProcessTarget(this);
        ReverseMap = new ReverseMap();
        Folios = new FolioTable(this);
        FolioLocks = new FolioLocks(Memory.Frames, Runtime);
        Lru = new LruLists(Memory.Frames);
        Rmap = new RmapWalk(this);
        Swap = new SwapDevice(this, setup.SwapPages);
        TagCopy = new TagCopy(Memory.Frames, Memory.Tagged, Bytes, SavedTags, layout.Geometry.PageBytes, Runtime);
        Ptes = new PteMaker(this);
        Supply = new PageSupply(this);
        Kswapd = new Kswapd(this);
        Reclaim = new PageReclaim(this);
        Eviction = new Eviction(this);
        OutOfMemory = new OutOfMemory(this);
        Compactor = new Compactor(this);
        HugePages = new HugePages(this) { ByDefault = setup.HugePagesByDefault };
        Anonymous = new AnonymousMemory(this);
        Collapse = new Collapse(this);
        CopyOnWrite = new CopyOnWrite(this);
        FaultOnAccess = new FaultOnAccess(this);
        SwapIn = new SwapIn(this);
        FileMapping = new FileMapping(this);
        Faults = new PageFaults(this);
        Unmapping = new Unmapping(this);
        Mappings = new Mappings(this);
        Fork = new Fork(this);
        Memory.Migration.Users = new MappedFolios(this);
        Processors = new Processors(setup.Options.Cpus, Bytes, Runtime);
        DeclareStorage();
        MakeZeroPage();
    }

    public KernelRuntime Runtime { get; }

    public MemorySystem Memory { get; }

    public TaggedMemory Bytes { get; }

    public Processors Processors { get; }

    public SavedTags SavedTags { get; } = new();

    public KernelEvents Events { get; } = new();

    public FolioTable Folios { get; }

    public FolioLocks FolioLocks { get; }

    public LruLists Lru { get; }

    public ReverseMap ReverseMap { get; }

    public RmapWalk Rmap { get; }

    public SwapDevice Swap { get; }

    public TagCopy TagCopy { get; }

    public PteMaker Ptes { get; }

    public PageSupply Supply { get; }

    public Kswapd Kswapd { get; }

    public PageReclaim Reclaim { get; }

    public Eviction Eviction { get; }

    public OutOfMemory OutOfMemory { get; }

    public Compactor Compactor { get; }

    public HugePages HugePages { get; }

    public AnonymousMemory Anonymous { get; }

    public Collapse Collapse { get; }

    public CopyOnWrite CopyOnWrite { get; }

    public FaultOnAccess FaultOnAccess { get; }

    public SwapIn SwapIn { get; }

    public FileMapping FileMapping { get; }

    public PageFaults Faults { get; }

    public Unmapping Unmapping { get; }

    public Mappings Mappings { get; }

    public Fork Fork { get; }

    /// <summary>Frame of the page of zeros that read faults share.</summary>
    public int ZeroPage { get; private set; }

    /// <summary>Its tags are zeros, so areas with PROT_MTE may share it too.</summary>
    public bool ZeroPageIsTagged { get; private set; }

    /// <summary>PROT_MTE means something on this machine.</summary>
    public bool CanTag => Memory.Tagged.CanTag(0);

    public IEnumerable<AddressSpace> Spaces => _spaces.OfType<AddressSpace>();

    public AddressSpace NewSpace()
    {
        AddressSpace space = new(_spaces.Count, Memory.Layout.Geometry);
        _spaces.Add(space);
        return space;
    }

    public AddressSpace SpaceOf(int id) => _spaces[id]!;

    /// <summary>Unmaps everything and forgets the space.</summary>
    public async ValueTask EndSpace(AddressSpace space, int cpu)
    {
        space.IsGone = true;
        await Mappings.Unmap(space, 0, space.Tables.EndPage, cpu);
        Processors.Forget(space);
        _spaces[space.Id] = null;
    }

    /// <summary>Writes an entry and makes every CPU forget the old one, if it had any to remember (set_pte, flush_tlb_page).</summary>
    public void WritePte(AddressSpace space, ulong page, Pte entry)
    {
        Pte old = space.Tables.Replace(page, entry);
        if (old.IsAccessible)
        {
            Processors.Flush(space, page, old.Has(Pte.HugeBit) ? space.Tables.PagesPerTable : 1);
        }
    }

    /// <summary>Writes an entry under the lock of its table, unless it is no longer what a fault has seen (pte_same).</summary>
    public async ValueTask<bool> TryReplace(Fault fault, Pte seen, Pte entry)
    {
        StepLock held = fault.Space.Tables.LockOf(fault.Page);
        await Runtime.Take(held);
        bool unchanged = fault.Space.Tables.Get(fault.Page) == seen;
        if (unchanged)
        {
            WritePte(fault.Space, fault.Page, entry);
        }

        held.Release();
        return unchanged;
    }

    /// <summary>Maps a fresh anonymous folio of one page; the caller's reference becomes the mapping's.</summary>
    public void MapAnonymous(AddressSpace space, VmArea area, ulong page, int frame, bool dirty)
    {
        Memory.Frames[frame].Set(FrameFlags.SwapBacked | FrameFlags.Dirty);
        WritePte(space, page, Ptes.For(area, frame, frame, area.IsWritable, dirty));
        ReverseMap.Add(ref Folios[frame].Mappings, new Mapping(space.Id, page, IsHuge: false));
        space.ResidentPages++;
        Lru.Add(frame);
    }

    /// <summary>A mapping that is gone, or names another page, gives its reference back.</summary>
    public void ForgetMapping(AddressSpace space, ulong page, int frame, int folio, int cpu)
    {
        ReverseMap.Remove(ref Folios[frame].Mappings, space.Id, page);
        Folios.Put(folio, cpu);
    }

    /// <summary>Adds the table that an entry of a page needs. False: no memory.</summary>
    public async ValueTask<bool> AddTable(AddressSpace space, ulong page, int cpu)
    {
        if (space.Tables.Huge(page).Has(Pte.HugeBit))
        {
            // A huge page has come meanwhile; the fault is tried again.
            return true;
        }

        int frame = await NewTablePage(cpu);
        if (frame < 0)
        {
            return false;
        }

        if (space.Tables.NeedsTable(page))
        {
            space.Tables.AddTable(page, frame);
        }
        else
        {
            Memory.Free(frame, cpu);
        }

        return true;
    }

    public async ValueTask<int> NewTablePage(int cpu)
    {
        AllocationResult got = await Supply.Allocate(GfpFlags.KernelDefault | GfpFlags.Zero | GfpFlags.Account, Order.Zero, isTagged: false, cpu);
        return got.Frame;
    }

    /// <summary>The last reference of a folio is gone.</summary>
    public void FreeFolio(int folio, int cpu)
    {
        if (SavedTags.Count > 0 && Runtime.Has(Safeguards.ForgetTagsOnFree))
        {
            Runtime.Spin(Runtime.Locks.SavedTags);
            Memory.Contents.ForgetSavedTags(folio, 1 << Memory.Frames[folio].Order);
        }

        Memory.Free(folio, cpu);
    }

    private void DeclareStorage()
    {
        for (int block = 0; block < Memory.Blocks.Count; block++)
        {
            if (Memory.Blocks.StateOf(block) == TagBlockState.Lent)
            {
                (int first, int count) = Memory.Blocks.StorageOf(block);
                Memory.Contents.BeginData(first, count);
            }
        }
    }

    private void MakeZeroPage()
    {
        // RFC v1-v3 reserve its block when the feature is switched on (R24); who takes everything at the first tag waits for it.
        bool canTag = Memory.Tagged.CanTagOne;
        bool tagged = canTag && Runtime.Has(Safeguards.ReserveZeroPage);
        AllocationResult got = Supply.Allocate(GfpFlags.KernelDefault | GfpFlags.Zero, Order.Zero, tagged, cpu: 0).Now();
        ZeroPage = got.Frame;
        Folios.Begin(ZeroPage);
        Bytes.ZeroPage(ZeroPage);
        ZeroPageIsTagged = canTag && (got.Outcome == AllocationOutcome.Done || !Runtime.Has(Safeguards.ReserveZeroPage));
        if (tagged && ZeroPageIsTagged)
        {
            Bytes.ClearTags(ZeroPage);
            Memory.MarkTagged(ZeroPage);
        }
    }
}

/// <summary>What a running machine is built of.</summary>
internal sealed record MachineSetup(
    MachineOptions Options, TaggedMemoryOptions Caches, Safeguards Safeguards, Interleaving Interleaving, int SwapPages, bool HugePagesByDefault);
