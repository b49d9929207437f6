using System.Globalization;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.PageAllocator.Rules;
using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.PageAllocator;

/// <summary>One zone of 64 frames with pageblocks of 8, all in use: small enough to be written down.</summary>
internal sealed class TinyZone
{
    public TinyZone(int frames = 64, int pageBlockOrder = 3, int cpus = 1, StorageHome? home = null,
        AllocatorRules? rules = null)
    {
        Rules = rules ?? new Linux61();
        home ??= new Hidden();
        int sets = home.Place.HasOwnArea ? StorageSets.Storage + 1 : 1;
        Frames = new FrameTable(frames, Zone.ListCount(sets, cpus), pageBlockOrder, largestOrder: 10);
        Zone = new Zone(0, ZoneKind.Normal, node: 0, isTagStorage: false, firstList: 0, sets, cpus) { Start = new Frame(0),
            End = new Frame(frames),
            ManagedFrames = frames };
        Buddy = new Buddy(Frames, [Zone], Counters, Rules.Steps.RetypesMerged);
        Fallback = Rules.Steps.ClaimsThenSteals ? new Claiming(Frames, Buddy, Rules, Counters, Trace)
            : new Fallback(Frames, Buddy, Rules, Counters, Trace);
        Lists = new ZoneLists(Frames, Buddy, Fallback, home, home.Place, Counters);
        PerCpu = new PerCpuLists(Frames, [Zone], Buddy, Lists, Rules, Counters, Trace);
        for (Frame frame = new(0); frame.Index < frames; frame++)
        {
            Frames[frame].Become(FrameState.Allocated, 0);
            Frames[frame].Set(FrameFlags.Movable);
        }

        SetBlocks(MigrateType.Movable, new Frame(0), frames);
    }

    public AllocatorRules Rules { get; }

    public FrameTable Frames { get; }

    public Zone Zone { get; }

    public Buddy Buddy { get; }

    public IFallback Fallback { get; }

    public ZoneLists Lists { get; }

    public PerCpuLists PerCpu { get; }

    public ref PerCpuState Pages => ref Zone.PerCpu[0].State;

    public KernelCounters Counters { get; } = new();

    public Tracepoints Trace { get; } = new();

    public void SetBlocks(MigrateType type, Frame start, int count)
    {
        for (Frame frame = start; frame < start + count; frame += Frames.PageBlockFrames)
        {
            Frames.SetBlockType(frame, type);
        }
    }

    public void FreeEach(params int[] frames)
    {
        foreach (int frame in frames)
        {
            Free(new Frame(frame), order: 0);
        }
    }

    public void Free(Frame frame, int order)
    {
        Use(frame, order);
        Buddy.Free(frame, order, Frames.BlockType(frame));
    }

    /// <summary>Takes as the allocator does: the frames leave the counters, and are in use.</summary>
    public Frame Take(int order, MigrateType type = MigrateType.Movable, AllocationVerdict? verdict = null, bool isTagged = false)
    {
        Frame frame = Lists.Take(Zone, Request(order, type, verdict, isTagged));
        if (!frame.IsNone)
        {
            Zone.Account(Frames[frame].PerCpuType, Frames[frame].AreaSet, -(1 << order));
            Use(frame, order);
        }

        return frame;
    }

    public void Use(Frame frame, int order)
    {
        for (Frame covered = frame + 1; covered < frame + (1 << order); covered++)
        {
            Frames[covered].Become(FrameState.Covered, 0);
        }

        Frames[frame].Become(FrameState.Allocated, order);
    }

    public static TakeRequest Request(int order, MigrateType type = MigrateType.Movable, AllocationVerdict? verdict = null,
        bool isTagged = false) =>
        new(order, type, StorageSets.Data, isTagged, NoFragment: false, verdict ?? new AllocationVerdict(UseCma: false, UseStorage: false));

    /// <summary>The lists of a type from head to tail: <c>0: 5 3 | 3: 8</c>.</summary>
    public string Picture(MigrateType type = MigrateType.Movable) => Picture(type, chunks => chunks);

    /// <summary>What is on the lists, whatever its order there.</summary>
    public string Content(MigrateType type) => Picture(type, chunks => chunks.Order());

    private string Picture(MigrateType type, Func<IEnumerable<int>, IEnumerable<int>> arrange)
    {
        List<string> orders = [];
        for (int order = 0; order <= Order.Max; order++)
        {
            List<int> chunks = Chunks(Frames.ListHead(Zone.List(StorageSets.Data, order, type)));
            if (chunks.Count > 0)
            {
                orders.Add(string.Create(CultureInfo.InvariantCulture, $"{order}: {string.Join(' ', arrange(chunks))}"));
            }
        }

        return string.Join(" | ", orders);
    }

    public string PerCpuPicture(int order = 0, MigrateType type = MigrateType.Movable) =>
        string.Join(' ', Chunks(Frames.ListHead(Zone.PerCpu[0].ListOf(Zone.PerCpu[0].Index(type, order)))));

    public IReadOnlyList<LawViolation> Audit()
    {
        List<LawViolation> broken = [];
        new FrameAudit(Frames, [Zone], broken).Run();
        return broken;
    }

    private List<int> Chunks(Frame head)
    {
        List<int> chunks = [];
        for (Frame frame = Frames.First(head); frame != head; frame = Frames.After(frame))
        {
            chunks.Add(frame.Index);
        }

        return chunks;
    }
}
