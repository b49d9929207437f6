using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Inspection;

/// <summary>What a process asked for, in pages.</summary>
public sealed record ProcessPages(TraceTask Task, long Allocated, long Tagged);

/// <summary>What is in a recording, gathered while it is read: memory does not grow with its length.</summary>
public sealed class TraceDigest
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

    /// <summary>Frees of pages whose allocation the recording does not have.</summary>
    public long UnknownFrees => _pages.InUseBefore + _pages.Hidden;

    public long InUseBefore => _pages.InUseBefore;

    public long HiddenAllocations => _pages.Hidden;

    public long LiveReallocations => _pages.LiveReallocations;

    public long MigrationTargets => _pages.MigrationTargets;

    /// <summary>Allocations by order, up to the highest seen.</summary>
    public IReadOnlyList<long> AllocationsByOrder => [.. _orders.Take(Array.FindLastIndex(_orders, count => count > 0) + 1)];

    /// <summary>Sets of allocation flags, by the kernel's names, with their allocations, most first.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> GfpSets =>
        [.. Trace.GfpSets.Select((flags, index) => KeyValuePair.Create(GfpNames.TextOf(flags), _gfp[index])).Where(set => set.Value > 0).OrderByDescending(set => set.Value)];

    /// <summary>Processes by the pages that they allocated, most first.</summary>
    public IReadOnlyList<ProcessPages> Processes =>
        [.. Trace.Tasks.Take(_pagesOfTask.Length).Select((task, index) => new ProcessPages(task, _pagesOfTask[index], _taggedOfTask[index])).Where(process => process.Allocated > 0).OrderByDescending(process => process.Allocated)];

    /// <summary>Count of the events of a name.</summary>
    public long CountOf(string name) => Trace.EventsByType.FirstOrDefault(type => type.Key == name).Value;

    /// <exception cref="InputException">The file is no usable recording.</exception>
    public static TraceDigest Read(string path, TraceReadOptions options)
    {
        var digest = new TraceDigest();
        digest.Trace = TraceFile.Read(path, options with { Sink = digest.Take });
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
