using Palimpsest.Kernel;
using Palimpsest.Kernel.Following;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>
/// Follows the tag storage of a kernel that runs RFC v3. Before each of its events the model answers from the state that the
/// recorded kernel is in; after it, it is in that state again.
/// </summary>
internal sealed class GuidedStorage
{
    // Bits of a fault (include/linux/mm_types.h, 6.12).
    private const int AllowRetry = 1 << 2;
    private const int Tried = 1 << 5;

    private static readonly string[] Outcomes = ["map", "retry", "replay", "replace", "isolated_retry", "isolated_replay"];

    private readonly Trace _trace;
    private readonly MemorySystem _system;
    private readonly GuidedTagStorage _storage;
    private readonly GuidedRanges _ranges;
    private readonly TalliedEvents _tallied;
    private readonly Dictionary<Frame, StoragePath> _faulting = [];
    private long _index;
    private long _askedAt;
    private Frame _asking = Frame.None;
    private StoragePlan _plan;
    private int _left;

    public GuidedStorage(Trace trace, MemorySystem system, GuidedRanges ranges, TalliedEvents tallied)
    {
        _trace = trace;
        _system = system;
        _storage = system.GuidedStorage;
        _ranges = ranges;
        _tallied = tallied;
        Tallies.ReservedAtStart = new StorageStart(system).Apply(trace);
    }

    public StorageTallies Tallies { get; } = new();

    public void Follow(in TraceEvent at, Frame frame, long index)
    {
        _index = index;
        switch (at.Kind)
        {
            case TraceEventKind.StorageReserveBegin:
                Begin(at, frame);
                break;
            case TraceEventKind.StorageReserve:
                Reserve(at, frame);
                break;
            case TraceEventKind.StorageBlock:
                MoveBlock(at, frame);
                break;
            case TraceEventKind.StorageFree:
                Free(at, frame);
                break;
            case TraceEventKind.StorageMark:
                Mark(at, frame);
                break;
            case TraceEventKind.StorageFault:
                Fault(at, frame);
                break;
            case TraceEventKind.ExactRangeBegin:
                BeginRange(at, frame);
                break;
            case TraceEventKind.ExactRangeEnd when _ranges.IsUnderWay:
                _ranges.End();
                break;
        }
    }

    /// <summary>Frames are freed; those that a reservation waits for have left its blocks.</summary>
    public void Freed(Frame frame, int count)
    {
        _storage.Unpin(frame);
        _left += !_asking.IsNone && _storage.IsStorage(frame) && _storage.IsNeededBy(_asking, _plan.Blocks, frame) ? count : 0;
    }

    /// <summary>A page was allocated: does it lie in tag storage where the model would put it, too?</summary>
    public void Placed(in TraceEvent at, Frame model, Frame kernel, long index)
    {
        bool isInKernel = _storage.IsStorage(kernel);
        bool isInModel = !model.IsNone && _storage.IsStorage(model);
        if (isInKernel || isInModel)
        {
            _index = index;
            Count(at, StorageQuestion.Occupancy, kernel, isInModel == isInKernel, isInModel ? "in tag storage" : "elsewhere",
                isInKernel ? "in tag storage" : "elsewhere", "the lists that the page is taken from differ");
        }
    }

    private void Begin(in TraceEvent at, Frame frame)
    {
        _asking = frame;
        _askedAt = _index;
        _plan = _storage.Plan(frame, at.Order);
        _left = 0;
        string model = Block(_plan.Block, _plan.Blocks);
        string kernel = Block(_system.Layout.FrameOf(BlockPfn(at)) is var first and >= 0 ? new Frame(first) : Frame.None,
            TagStorageEvents.BlocksOf(at));
        Count(at, StorageQuestion.Block, frame, model == kernel, model, kernel, "another geometry of blocks, or another region");
    }

    private void Reserve(in TraceEvent at, Frame frame)
    {
        StoragePlan plan = _asking == frame ? _plan : _storage.Plan(frame, at.Order);
        StoragePath path = (StoragePath)at.MigrateType;
        Count(at, StorageQuestion.Path, frame, plan.Path == path, Word(plan.Path), Word(path), PathCause(plan.Path, path));
        if (_asking == frame && plan.Path is StoragePath.Contig or StoragePath.Mixed && path is StoragePath.Contig or StoragePath.Mixed)
        {
            Count(at, StorageQuestion.Moves, frame, plan.Moves == _left, $"{plan.Moves} pages", $"{_left} pages",
                "a page came to the block, or left it, without an event");
        }

        if (path is StoragePath.Failed)
        {
            _storage.Pin(frame, at.Order);
        }
        else if (path is not (StoragePath.Flag or StoragePath.NoMap))
        {
            _storage.Refer(frame, at.Order);
        }

        if (TagStorageEvents.WhereOf(at) == TagStorageEvents.InFault)
        {
            _faulting[frame] = plan.Path;
        }

        _asking = Frame.None;
    }

    private void MoveBlock(in TraceEvent at, Frame first)
    {
        bool isTaken = TagStorageEvents.SmallOf(at) == 1;
        bool fits = isTaken ? _storage.Take(first) : _storage.GiveBack(first);
        Tallies.Contradictions += fits ? 0 : 1;
    }

    private void Free(in TraceEvent at, Frame frame)
    {
        int released = _storage.HasStorage(frame) ? _storage.Release(frame, at.Order) : 0;
        int kernel = TagStorageEvents.SmallOf(at);
        Count(at, StorageQuestion.Release, frame, released == kernel, $"{released} released", $"{kernel} released",
            "pages that count on the block since before the recording, or that no event accounts for");
    }

    private void Mark(in TraceEvent at, Frame frame)
    {
        int missing = 0;
        for (Frame page = frame; page < frame + at.Value && page.Index < _system.Frames.Count; page++)
        {
            missing += _storage.HasStorage(page) ? 0 : 1;
        }

        int kernel = TagStorageEvents.SmallOf(at);
        Count(at, StorageQuestion.Mark, frame, Math.Min(missing, byte.MaxValue) == kernel, $"{missing} without storage",
            $"{kernel} without storage", "storage that no event accounts for");
    }

    // arch_handle_folio_fault_on_access of RFC v3: isolation is looked at first, then whether the page is storage itself.
    private void Fault(in TraceEvent at, Frame frame)
    {
        bool mayRetry = (at.Value & (AllowRetry | Tried)) == AllowRetry;
        bool isIsolated = _system.Frames.BlockType(frame) == MigrateType.Isolate;
        bool hasFailed = _faulting.Remove(frame, out StoragePath path) && path is StoragePath.Failed or StoragePath.NoMap;
        string model = isIsolated ? (mayRetry ? "isolated_retry" : "isolated_replay")
            : _storage.IsStorage(frame) ? "replace"
            : !hasFailed ? "map"
            : mayRetry ? "retry" : "replace";
        string kernel = at.MigrateType < Outcomes.Length ? Outcomes[at.MigrateType] : "unknown";
        Count(at, StorageQuestion.Fault, frame, model == kernel, model, kernel, isIsolated
            ? "its pageblock is isolated in the model"
            : "its storage could not be had, or its pageblock was isolated when the kernel looked");
    }

    /// <summary>A range that does not come straight off the buddy lists is isolated; the end of the event pair tells.</summary>
    private void BeginRange(in TraceEvent at, Frame first)
    {
        for (long next = _index + 1; next < _trace.Events.Count; next++)
        {
            ref readonly TraceEvent end = ref _trace.Events[next];
            if (end.Kind == TraceEventKind.ExactRangeEnd && end.Task == at.Task)
            {
                if (end.MigrateType == 0)
                {
                    _ranges.Begin(first, at.Value, isExact: true);
                }

                return;
            }
        }
    }

    private void Count(in TraceEvent at, StorageQuestion question, Frame page, bool isPredicted, string model, string kernel, string cause)
    {
        if (!_tallied.Has(at))
        {
            return;
        }

        Tallies.Of(question).Count(isPredicted);
        if (!isPredicted)
        {
            bool isOfPlan = question is StorageQuestion.Path or StorageQuestion.Moves && _asking == page;
            Tallies.Record(new StorageMiss(_index, isOfPlan ? _askedAt : _index, at.TimeNs, question, page, model, kernel, cause));
        }
    }

    private static Pfn BlockPfn(in TraceEvent at) => new((at.Pfn.Value & ~(ulong)int.MaxValue) | (uint)at.Value);

    private string Block(Frame first, int count) =>
        InvariantText.Of($"{(first.IsNone ? "none" : _system.Layout.PfnOf(first.Index).Value.ToString("x"))}, {count}");

    private static string Word(StoragePath path) => path.ToString().ToLowerInvariant();

    private static string PathCause(StoragePath model, StoragePath kernel) => (model, kernel) switch
    {
        (StoragePath.Free, StoragePath.Contig) => "something lies in the block that no event put there: compaction moves pages without one",
        (StoragePath.Contig, StoragePath.Free) => "what the model has in the block had left it without an event",
        (StoragePath.Contig, StoragePath.Failed) => "a page of the block could not be moved: in use by a driver, or just being allocated",
        (StoragePath.Failed, _) => "a page that could not be moved before has let go",
        (StoragePath.Flag, _) or (_, StoragePath.Flag) => "another mapping of the page had its storage first",
        _ => "the model thinks otherwise of what is reserved",
    };
}
