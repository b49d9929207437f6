using Palimpsest.Kernel.Contiguous;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.Following;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.PageAllocator.Rules;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Kernel.TagStorage.Cells;
using Palimpsest.Kernel.TagStorage.Packing;
using Palimpsest.Machine.Memory;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel;

/// <summary>Physical memory of a machine under a design: allocate, free, tag, move. One thread; two systems share nothing.</summary>
public sealed class MemorySystem
{
    private readonly LegalVerdict _verdicts;
    private readonly KernelRuntime _runtime;
    private readonly FrameFlags _withTags;
    private readonly PerCpuLists _perCpu;
    private readonly PageAllocator.PageAllocator _allocator;
    private readonly DriverRanges _ranges;
    private readonly BlockRecall _recall;
    private readonly TagBlockLists? _blockLists;

    /// <param name="owners">Told when a folio moves; null when nobody keeps frame numbers.</param>
    /// <exception cref="InputException">The board cannot be divided as the design wants.</exception>
    public MemorySystem(MemoryLayout layout, Design design, MachineOptions options, IOwnerMap? owners = null)
        : this(layout, design, options, owners, new KernelRuntime())
    {
    }

    internal MemorySystem(MemoryLayout layout, Design design, MachineOptions options, IOwnerMap? owners, KernelRuntime runtime)
    {
        _runtime = runtime;
        if (options.Listener is { } listener)
        {
            Trace.Attach(listener);
        }

        _withTags = runtime.Has(Safeguards.ReleaseByReservedFlag) ? FrameFlags.StorageReserved : FrameFlags.Tagged;
        Layout = layout;
        StorageHome home = design.Home;
        Place = home.Place;
        TagGroups? groups = Place.IsGrouped ? new TagGroups(layout) : null;
        int blockBytes = groups?.BlockFrames * layout.Geometry.PageBytes ?? design.BlockBytes;
        Blocks = TagBlocks.Of(layout, home, blockBytes, options.FailedRegion, Trace);
        FrameLayout plan = new(layout, Place, options.Cpus);
        plan.Place(Blocks.IsKeptFrame);
        Frames = plan.Frames;
        Zones = plan.Zones;
        groups?.Form(Frames);
        _verdicts = new LegalVerdict(design, Place);
        AllocatorRules rules = AllocatorRules.Of(options.Release);
        Buddy = new Buddy(Frames, plan.Zones, Counters, rules.Steps.RetypesMerged);
        IFallback fallback = rules.Steps.ClaimsThenSteals ? new Claiming(Frames, Buddy, rules, Counters, Trace)
            : new Fallback(Frames, Buddy, rules, Counters, Trace);
        ZoneLists lists = new(Frames, Buddy, fallback, home, Place, Counters);
        bool keepsStorageFromTagged = runtime.Has(Safeguards.KeepStorageFromTagged);
        _perCpu = new PerCpuLists(Frames, plan.Zones, Buddy, lists, rules, Counters, Trace, keepsStorageFromTagged);
        _allocator = new PageAllocator.PageAllocator(Frames, new NodeOrder(plan.Zones), Buddy, lists, _perCpu, rules, Place,
            keepsStorageFromTagged, Counters);
        Migration = new FolioMigration(Frames, plan.Zones, owners, runtime, Counters, Trace) { Target = new ReplayTarget(this) };
        ContiguousAllocator contiguous = new(Frames, Buddy, _perCpu, Migration, options.Cpus, runtime, Counters);
        _ranges = new DriverRanges(Frames, contiguous, runtime, Trace);
        _recall = new BlockRecall(Blocks, contiguous, design.Recall, Place, layout.Geometry.PageBytes, runtime, Counters);
        Active = ActiveOf(plan.Zones, home, contiguous, lists);
        FolioBlocks folios = new(Frames, Blocks, runtime, design.Recall.LoopsToLastBlock);
        TagStorageReserve reserve = ReserveOf(folios, options);
        Worker = Active is null ? null
            : Place.IsClaimed ? new CellThread(plan.Zones, Blocks, Active, home)
            : new PackingWorker(Frames, plan.Zones, Blocks, Active, Migration, home.Packing, Counters, () => TaggedFrames);
        Tagged = new TaggedAllocation(Frames, _allocator, Blocks, reserve, design, _verdicts, runtime, Trace, Active);
        FirstAccess = new FirstAccess(Frames, Blocks, Tagged, Migration, design, runtime, Counters);
        if (groups is not null)
        {
            // The lists of groups stand on the allocator, and the allocator turns to them when its own run dry.
            _blockLists = new TagBlockLists(Frames, Buddy, Blocks, _recall, contiguous, runtime, Counters) { GroupOrder = groups.Order };
            lists.Groups = _blockLists;
        }

        Guided = new GuidedAllocator(Frames, plan.Zones, Place, Buddy, lists, new PageIsolation(Frames, Buddy, Counters), rules);
        GuidedStorage = new GuidedTagStorage(Frames, Blocks, _recall, folios, Guided);
        plan.FreeAll(options.StartsEmpty ? (_, _) => { }
            : (frame, order) => Buddy.Free(frame, order, Frames.BlockType(frame), toTail: true));
        ZoneSetup.SetUp(plan.Zones, layout.Geometry, options);
        if (options.FailedRegion is not null)
        {
            reserve.SwitchOff();
        }
    }

    /// <summary>Which pfns the frame indexes stand for.</summary>
    public MemoryLayout Layout { get; }

    /// <summary>Where tag storage is lent.</summary>
    public StoragePlace Place { get; }

    /// <summary>Metadata of every frame.</summary>
    public FrameTable Frames { get; }

    /// <summary>Lowest first; tag storage may have one of its own, the last.</summary>
    public IReadOnlyList<Zone> Zones { get; }

    /// <summary>What each tag page is used for.</summary>
    public TagBlocks Blocks { get; }

    /// <summary>CPUs with per-CPU lists.</summary>
    public int Cpus => Zones[0].PerCpu.Length;

    /// <summary>What was done since the machine began.</summary>
    public KernelCounters Counters { get; } = new();

    /// <summary>The stream of what happens, for who listens.</summary>
    public Tracepoints Trace { get; } = new();

    /// <summary>The allocator's decisions one at a time, for following a recording.</summary>
    public GuidedAllocator Guided { get; }

    /// <summary>The same of the storage of tags.</summary>
    public GuidedTagStorage GuidedStorage { get; }

    internal Buddy Buddy { get; }

    internal FolioMigration Migration { get; }

    internal TaggedAllocation Tagged { get; }

    internal FirstAccess FirstAccess { get; }

    internal ActiveBlocks? Active { get; }

    /// <summary>The worker of active blocks; null where a home has none.</summary>
    internal IBlockThread? Worker { get; }

    /// <summary>What pages contain: nothing, unless a machine with memory says otherwise.</summary>
    internal PageContents Contents
    {
        get => _recall.Contents;
        set => _recall.Contents = value;
    }

    /// <summary>Frames in use whose tags are valid.</summary>
    public int TaggedFrames => Tagged.TaggedFrames;

    /// <summary>Frames of tag storage that hold data now.</summary>
    public int LentFramesInUse => _allocator.Lent.InUse;

    /// <summary>
    /// Gives 2^order frames to a request that nothing can interrupt, and counts it. Its tags are valid at once if it asks for
    /// them and has storage; untagged, its first access (<see cref="TryTag(Frame, CpuId)"/>) may still tag it.
    /// </summary>
    public AllocationResult Allocate(in AllocationRequest request) => Allocate(request, out _);

    /// <param name="work">What was done for its storage.</param>
    /// <inheritdoc cref="Allocate(in AllocationRequest)"/>
    public AllocationResult Allocate(in AllocationRequest request, out TagStorageWork work)
    {
        TagStorageWork before = request.IsTagged ? TagStorageWork.Of(Counters) : default;
        AllocationResult result = request.IsTagged ? Tagged.Allocate(request, _verdicts.On(request)).Now() : TakePlain(request);
        Counters.Allocations++;
        Counters.FailedAllocations += result.Frame.IsNone ? 1 : 0;
        Tell(request, result.Frame);
        if (request.IsTagged && result.Outcome == AllocationOutcome.Done)
        {
            Tagged.MarkTagged(result.Frame);
        }

        work = request.IsTagged ? TagStorageWork.Of(Counters) - before : default;
        return result;
    }

    /// <summary>
    /// The door to all memory: 2^order frames, with storage if the request is tagged and the design has some. Counting, and
    /// what becomes of tags, is the caller's business.
    /// </summary>
    internal ValueTask<AllocationResult> Take(AllocationRequest request) =>
        request.IsTagged ? Tagged.Allocate(request, _verdicts.On(request)) : new(TakePlain(request));

    /// <summary>Zones that a request may use.</summary>
    internal ZoneMask ZonesOf(in AllocationRequest request) => ZoneMask.Of(Zones, request, _verdicts.On(request));

    /// <summary>Frees a folio in use.</summary>
    /// <param name="frame">Its first frame.</param>
    public void Free(Frame frame, CpuId cpu)
    {
        Counters.Frees++;
        if (Trace.IsHeard)
        {
            Trace.Tell(new KernelEvent(KernelEventKind.PageFreed, cpu, frame, Frames[frame].Order));
        }

        GiveBack(frame, cpu);
    }

    /// <summary>Tells of an allocation that somebody asked for, and how it ended.</summary>
    internal void Tell(in AllocationRequest request, Frame frame)
    {
        if (Trace.IsHeard)
        {
            KernelEventKind kind = frame.IsNone ? KernelEventKind.AllocationFailed : KernelEventKind.PageAllocated;
            // __GFP_TAGGED of RFC v3 has the bit of __GFP_ZEROTAGS.
            GfpFlags gfp = request.Gfp | (request.IsTagged ? GfpFlags.ZeroTags : GfpFlags.None);
            Trace.Tell(new KernelEvent(kind, request.Cpu, frame, request.Order.Value, request.Type, gfp));
        }
    }

    /// <summary>First frame of the folio in use that holds a frame; none when it is not in use.</summary>
    public Frame FolioOf(Frame frame) => Frames.FolioOf(frame);

    /// <summary>
    /// The first access to a folio in use that is to be tagged: a new one without storage, or one of a range that got PROT_MTE.
    /// One that lies in tag storage, or whose storage is busy, moves to a page that can be tagged. False: it stays untagged.
    /// </summary>
    public bool TryTag(Frame frame, CpuId cpu)
    {
        bool isTagged = Frames[frame].Has(FrameFlags.Tagged) || FirstAccess.TryTag(frame, cpu).Now();
        Counters.RefusedTagged += isTagged ? 0 : 1;
        return isTagged;
    }

    /// <param name="work">What was done for it.</param>
    /// <inheritdoc cref="TryTag(Frame, CpuId)"/>
    public bool TryTag(Frame frame, CpuId cpu, out TagStorageWork work)
    {
        TagStorageWork before = TagStorageWork.Of(Counters);
        bool isTagged = TryTag(frame, cpu);
        work = TagStorageWork.Of(Counters) - before;
        return isTagged;
    }

    /// <summary>Gives a folio in use another name, which its moves are told of by.</summary>
    public void Rename(Frame frame, int owner) => Frames[frame].Owner = owner;

    /// <summary>Compaction moves a page to the highest free one, if that lies above it; its tags do not come along.</summary>
    public void MoveUp(Frame frame, CpuId cpu) =>
        Migration.Move(frame, asTagged: false, cpu, new CompactionTarget(this, above: frame)).Now();

    /// <summary>An elevated reference: the folio cannot be migrated until it is freed.</summary>
    public void Pin(Frame frame) => Frames[frame].Set(FrameFlags.Pinned);

    /// <summary>
    /// Takes a free frame for somebody who had it before the first event. False when it is not free, or would pin tag
    /// storage (PIN-1).
    /// </summary>
    public bool TryOccupy(Frame frame, int owner, bool isMovable)
    {
        if (Buddy.FindChunk(frame, 0).IsNone || (Frames[frame].Has(FrameFlags.TagStorage) && !Place.MayHold(isMovable)))
        {
            return false;
        }

        _blockLists?.Occupy(frame);
        Buddy.TakeExact(frame, 0);
        ref PageFrame taken = ref Frames[frame];
        taken.Become(FrameState.Allocated, 0);
        taken.Clear(FrameFlags.WhileAllocated);
        taken.Set(isMovable ? FrameFlags.Movable : FrameFlags.None);
        taken.Owner = owner;
        _allocator.Lent.Count(frame, taken, 1);
        return true;
    }

    /// <summary>Takes a range of frames for a driver (cma_alloc of a known place, alloc_contig_range).</summary>
    public RangeOutcome AllocateRange(Frame start, int count, CpuId cpu) => _ranges.Allocate(start, count, cpu).Now();

    /// <summary>Gives a range back; frames of it that are not held are passed over.</summary>
    public void FreeRange(Frame start, int count, CpuId cpu) => _ranges.Free(start, count, cpu);

    /// <summary>Empties the per-CPU lists.</summary>
    public void DrainAll() => _perCpu.DrainAll();

    /// <summary>Lets the kernel's own threads do what is due at a moment, in nanoseconds of a clock that never goes back.</summary>
    public void RunThreads(long nowNs) => Worker?.Run(nowNs, CpuId.Boot).Now();

    /// <summary>A second passes: per-CPU lists whose limit nobody needs give back.</summary>
    public void PassSecond() => _perCpu.DecayAll();

    /// <summary>As <see cref="Free"/>, its tags step by step.</summary>
    internal async ValueTask FreeInSteps(Frame frame, CpuId cpu)
    {
        if (Frames[frame].Has(_withTags))
        {
            await Tagged.ReleaseInSteps(frame, cpu);
        }

        Free(frame, cpu);
    }

    /// <summary>Frees a folio, and its tags, without counting.</summary>
    internal void GiveBack(Frame frame, CpuId cpu)
    {
        // With the last page of a block, all that is free in it makes one chunk again.
        bool wasActive = Buddy.IsInActiveBlock(frame);
        if (Frames[frame].Has(_withTags))
        {
            Tagged.Release(frame, cpu);
        }

        _allocator.Free(frame, cpu, throughPerCpu: !wasActive);
    }

    /// <summary>Recounts everything from the frames and compares; empty when all laws hold.</summary>
    public IReadOnlyList<LawViolation> Audit()
    {
        List<LawViolation> broken = [];
        new FrameAudit(Frames, Zones, broken).Run();
        new TagStorageAudit(Frames, Blocks, Place, broken).Run(TaggedFrames, LentFramesInUse);
        if (Active is not null)
        {
            new PackingAudit(Frames, Blocks, Active, Active.Rule, broken).Run(Tagged.KeepsBlocks);
        }

        return broken;
    }

    private ActiveBlocks? ActiveOf(Zone[] zones, StorageHome home, ContiguousAllocator contiguous, ZoneLists lists)
    {
        ActiveBlocks? active = Place.HasActiveBlocks
            ? new ActiveBlocks(Frames, zones, Blocks, Buddy, _recall, contiguous, Migration, home, Counters) : null;
        if (Place.IsClaimed)
        {
            CellQueues queues = new(Frames, zones, Blocks, Buddy, active!, Layout.Geometry.PageBytes);
            (active!.Choice, lists.Claims) = (queues, queues);
        }

        return active;
    }

    private TagStorageReserve ReserveOf(FolioBlocks folios, MachineOptions options) =>
        new(Frames, Blocks, folios, _recall, Layout.Geometry.PageBytes, _runtime, Counters, Trace)
        {
            IsAlwaysActive = Blocks.KeepsAll || options.FailedRegion is not null,
            KeepsBlocks = options.FailedRegion is not null,
            KeepsActiveGroups = Place.IsGrouped,
            Active = Active,
        };

    private AllocationResult TakePlain(in AllocationRequest request)
    {
        Frame frame = _allocator.Allocate(request, _verdicts.On(request));
        return new AllocationResult(frame.IsNone ? AllocationOutcome.NoMemory : AllocationOutcome.Done, frame);
    }
}
