using Palimpsest.Lab.Trials;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Inspection;

/// <summary>What is in a recording, gathered while it is read: memory does not grow with its length.</summary>
internal sealed class TraceDigest
{
    private const int Orders = 64;

    private readonly LivePages _pages = new();
    private readonly long[] _gfp = new long[ushort.MaxValue + 1];
    private readonly long[] _orders = new long[Orders];
    private long[] _pagesOfTask = new long[1024];
    private long[] _taggedOfTask = new long[1024];

    private TraceDigest()
    {
    }

    /// <summary>The recording; its events are not kept.</summary>
    public Trace Trace { get; private set; } = null!;

    public long Allocations { get; private set; }

    public long Frees { get; private set; }

    public long FailedAllocations { get; private set; }

    /// <summary>Allocations with __GFP_ZEROTAGS, without the huge zero folio.</summary>
    public long FlaggedAllocations { get; private set; }

    /// <summary>Times that pages were seen mapped tagged: by a probe, and by migrations.</summary>
    public long TaggedMappings { get; private set; }

    public long TaggedMigrations { get; private set; }

    /// <summary>All of it as numbers.</summary>
    /// <param name="name">What reports call the recording.</param>
    public InspectionResult Result(string name) => new()
    {
        Recording = RecordingFacts.Of(name, Trace),
        KernelRelease = Trace.KernelRelease,
        PageBytes = Trace.PageBytes,
        FirstTimeNs = Trace.FirstTimeNs,
        LastTimeNs = Trace.LastTimeNs,
        Tasks = Trace.Tasks.Count,
        Allocations = Allocations,
        FailedAllocations = FailedAllocations,
        Frees = Frees,
        FlaggedAllocations = FlaggedAllocations,
        TaggedMappings = TaggedMappings,
        TaggedMigrations = TaggedMigrations,
        InUseBefore = _pages.InUseBefore,
        HiddenAllocations = _pages.Hidden,
        LiveReallocations = _pages.LiveReallocations,
        MigrationTargets = _pages.MigrationTargets,
        AllocationsByOrder = [.. _orders.Take(Array.FindLastIndex(_orders, count => count > 0) + 1)],
        GfpSets = [.. GfpSets()],
        Processes = [.. Processes()],
        Answers = RecordingAdvice.Answers(this),
    };

    private IEnumerable<KeyValuePair<string, long>> GfpSets() =>
        Trace.GfpSets.Select((flags, index) => KeyValuePair.Create(GfpNames.TextOf(flags), _gfp[index]))
            .Where(set => set.Value > 0).OrderByDescending(set => set.Value);

    private IEnumerable<ProcessPages> Processes() =>
        Trace.Tasks.Take(_pagesOfTask.Length)
            .Select((task, index) => new ProcessPages(task.Pid, task.Comm, _pagesOfTask[index], _taggedOfTask[index]))
            .Where(process => process.Allocated > 0).OrderByDescending(process => process.Allocated);

    /// <summary>Count of the events of a name.</summary>
    public long CountOf(string name) => Trace.EventsByType.FirstOrDefault(type => type.Key == name).Value;

    /// <exception cref="InputException">The file is no usable recording.</exception>
    public static TraceDigest Read(string path, TraceReadOptions options)
    {
        var digest = new TraceDigest();
        Trace trace = TraceFile.Read(
            path, options with { Sink = (events, sets) => digest.Take(events, sets), Again = () => digest = new TraceDigest() });
        digest.Trace = trace;
        return digest;
    }

    private void Take(ReadOnlySpan<TraceEvent> events, IReadOnlyList<GfpFlags> gfpSets)
    {
        foreach (ref readonly TraceEvent at in events)
        {
            switch (at.Kind)
            {
                case TraceEventKind.Allocate:
                    Allocate(at, gfpSets[at.Gfp]);
                    break;
                case TraceEventKind.AllocateFailed:
                    FailedAllocations++;
                    break;
                case TraceEventKind.Free:
                    Frees++;
                    _pages.Free(at.Pfn, 1 << Math.Min((int)at.Order, Order.Max));
                    break;
                case TraceEventKind.CmaAllocate:
                    _pages.Allocate(at.Pfn, at.Value);
                    break;
                case TraceEventKind.MigrationTarget:
                    TaggedMigrations += at.Value;
                    _pages.MigrateTo(at.Pfn);
                    break;
                case TraceEventKind.TaggedMapping:
                    TaggedMappings++;
                    break;
            }
        }
    }

    private void Allocate(in TraceEvent at, GfpFlags flags)
    {
        int count = 1 << Math.Min((int)at.Order, Order.Max);
        bool isTagged = (flags & GfpFlags.ZeroTags) != 0 && (at.Order == 0 || (flags & GfpFlags.Movable) != 0);
        Allocations++;
        FlaggedAllocations += isTagged ? 1 : 0;
        _gfp[at.Gfp]++;
        _orders[at.Order & (Orders - 1)]++;
        if (at.Task >= _pagesOfTask.Length)
        {
            Array.Resize(ref _pagesOfTask, Math.Max(at.Task + 1, _pagesOfTask.Length * 2));
            Array.Resize(ref _taggedOfTask, _pagesOfTask.Length);
        }

        _pagesOfTask[at.Task] += count;
        _taggedOfTask[at.Task] += isTagged ? count : 0;
        _pages.Allocate(at.Pfn, count);
    }
}
