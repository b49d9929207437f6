using Palimpsest.Kernel;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Workloads;

/// <summary>Third pass over a recording: writes the steps, mended as the passes before found necessary.</summary>
public sealed class WorkloadBuilder
{
    private readonly MemoryLayout _layout;
    private readonly WorkloadOptions _options;
    private readonly bool[] _live;
    private readonly bool[] _tagged;
    private readonly StepList _steps;
    private readonly ChosenPins _pins;
    private long _allocations;
    private long _frees;
    private long _taggedAllocations;
    private long _lateTags;
    private long _liveReallocations;
    private long _failed;
    private long _tooLarge;

    // Pages that a range allocation moves, seen mapped tagged at their new place before the old is freed.
    private readonly HashSet<int> _taggedTargets = [];

    // With tag sources mapped and snapshot: when pages were seen tagged, and the lives that this was in.
    private IReadOnlyList<TaggedMapping> _seenTagged = [];
    private TaggedLives? _taggedLives;

    private WorkloadBuilder(MemoryLayout layout, WorkloadOptions options, int capacity)
    {
        _layout = layout;
        _options = options;
        _live = new bool[layout.Frames];
        _tagged = new bool[layout.Frames];
        _steps = new StepList(capacity);
        _pins = new ChosenPins(options.PinnedShare);
    }

    /// <exception cref="InputException">The board does not have a page of the recording.</exception>
    public static Workload Build(Trace trace, MemoryLayout layout, WorkloadOptions options)
    {
        RecordingEvidence evidence = RecordingEvidence.Find(trace, layout);
        RecordingScan scan = new(evidence, layout);
        scan.Run(trace);
        List<InitialPage> initial = scan.Initial;
        int seen = initial.Count;
        IReadOnlyList<PageBlockType> blockTypes = evidence.Blocks.Types;
        if (options.StartState is { } start)
        {
            initial = [.. initial, .. start.Unseen(new StartEvidence(layout, scan.HasSeen, scan.Initial, blockTypes))];
        }

        WorkloadBuilder builder = new(layout, options, scan.Requests + scan.Hidden.Count + 1);
        initial = [.. initial.Select(builder.WithPin)];
        builder.Start(initial);
        (bool[] byGfp, bool[] byTask) = options.TagSource.Resolve(trace);
        TagCoverage? coverage = builder.SeeTagged(trace, at => byGfp[at.Gfp] && byTask[at.Task]);
        builder.Write(trace, scan, byGfp, byTask);
        return builder.Finish(trace, scan, initial, seen) with { BlockTypes = blockTypes, TagCoverage = coverage };
    }

    /// <returns>How the source fares against the probe; null without one.</returns>
    private TagCoverage? SeeTagged(Trace trace, Func<TraceEvent, bool> isMarked)
    {
        if (_options.TagSource == TagSource.Mapped && trace.TaggedMappings.Count == 0)
        {
            throw new InputException(
                "--tag-source mapped: the recording has no kprobe on mte_sync_tags; record one, or use flag, snapshot or policy:NAME");
        }

        _seenTagged = _options.TaggedAtSnapshots;
        _taggedLives = _seenTagged.Count == 0 ? null : Lives(trace, _seenTagged, (_, _) => false);
        TaggedLives? probed = trace.TaggedMappings.Count == 0 ? null
            : Lives(trace, trace.TaggedMappings, (at, index) => isMarked(at) || IsTaggedAtSnapshot(index));
        if (_options.TagSource == TagSource.Mapped)
        {
            (_seenTagged, _taggedLives) = (trace.TaggedMappings, probed);
        }

        return probed?.Coverage;
    }

    private TaggedLives Lives(Trace trace, IReadOnlyList<TaggedMapping> mappings, Func<TraceEvent, long, bool> isMarked) =>
        TaggedLives.Find(trace, _layout, mappings, (at, index) => IsTagged(at, trace.GfpSets[at.Gfp], isMarked(at, index)));

    private InitialPage WithPin(InitialPage page) =>
        page with { IsPinned = page.IsMovable && _pins.Has(page.Name, GfpFlags.Movable, _allocations) };

    private void Start(List<InitialPage> initial)
    {
        foreach (InitialPage page in initial)
        {
            _live[page.Name] = true;
        }
    }

    private void Write(Trace trace, RecordingScan scan, bool[] byGfp, bool[] byTask)
    {
        List<HiddenAllocation> hidden = scan.Hidden;
        int nextMapping = 0;
        int nextHidden = 0;
        long index = 0;
        long origin = trace.Events.Count > 0 ? trace.Events[0].TimeNs : 0;
        long now = 0;
        foreach (ref readonly TraceEvent at in trace.Events)
        {
            // CPUs' clocks may disagree by a little; time never runs backwards here.
            now = Math.Max(now, at.TimeNs - origin);
            for (; nextHidden < hidden.Count && hidden[nextHidden].BeforeEvent <= index; nextHidden++)
            {
                Hidden(hidden[nextHidden], now, new CpuId(at.Cpu));
            }

            for (; nextMapping < _seenTagged.Count && _seenTagged[nextMapping].BeforeEvent <= index; nextMapping++)
            {
                TagMapped(_seenTagged[nextMapping], now);
            }

            switch (at.Kind)
            {
                case TraceEventKind.Allocate when scan.MoveTargets.Contains(index):
                    AllocateTarget(_layout.FrameOf(at.Pfn), byGfp[at.Gfp] && byTask[at.Task]);
                    break;
                case TraceEventKind.Allocate:
                    Allocate(at, now, trace.GfpSets[at.Gfp], byGfp[at.Gfp] && byTask[at.Task]
                        || IsAllocatedTagged(at, trace.GfpSets[at.Gfp], index));
                    break;
                case TraceEventKind.AllocateFailed:
                    _failed++;
                    break;
                case TraceEventKind.Free when scan.MovedOut.TryGetValue(index, out int target):
                    Rename(_layout.FrameOf(at.Pfn), target, now, new CpuId(at.Cpu));
                    break;
                case TraceEventKind.Free when scan.Compacted.TryGetValue(index, out int target):
                    Compact(_layout.FrameOf(at.Pfn), target, now, new CpuId(at.Cpu));
                    break;
                case TraceEventKind.Free when !scan.IsKernels(index):
                    Free(at, now);
                    break;
                case TraceEventKind.StorageReserve when IsLateTag(at):
                    Tag(_layout.FrameOf(at.Pfn), now, new CpuId(at.Cpu));
                    break;
                case TraceEventKind.CmaAllocate when at.Value > 0:
                    TakeRange(_layout.FrameOf(at.Pfn), at.Value, now, new CpuId(at.Cpu));
                    break;
                case TraceEventKind.MigrationTarget when at.Value == 1:
                    Tag(_layout.FrameOf(at.Pfn), now, new CpuId(at.Cpu));
                    break;
            }

            index++;
        }
    }

    private void Allocate(in TraceEvent at, long now, GfpFlags gfp, bool isTagged)
    {
        if (at.Order > _layout.Geometry.LargestOrder)
        {
            _tooLarge++;
            return;
        }

        int name = _layout.FrameOf(at.Pfn);
        int count = 1 << at.Order;
        FreeLive(name, count, now, new CpuId(at.Cpu));
        isTagged = IsTagged(at, gfp, isTagged);
        _live.AsSpan(name, count).Fill(true);
        _tagged.AsSpan(name, count).Fill(isTagged);
        _allocations++;
        _taggedAllocations += isTagged ? 1 : 0;
        WorkloadStepFlags flags = isTagged ? WorkloadStepFlags.Tagged : WorkloadStepFlags.None;
        if (_pins.Has(name, gfp, _allocations))
        {
            flags |= WorkloadStepFlags.Pinned;
        }

        _steps.Add(WorkloadStepKind.Allocate, flags, now, name, (uint)gfp, at.Order, new CpuId(at.Cpu));
    }

    // The huge zero folio carries __GFP_ZEROTAGS from 6.18 on and is never mapped tagged.
    private static bool IsTagged(in TraceEvent at, GfpFlags gfp, bool isMarked) =>
        isMarked && (at.Order == 0 || (gfp & GfpFlags.Movable) != 0);

    /// <summary>
    /// Copies, swapped-in and huge pages are tagged from the start, though no flag says so. A page that was zeroed without its
    /// tags was not to be tagged then: its area became PROT_MTE later.
    /// </summary>
    private bool IsAllocatedTagged(in TraceEvent at, GfpFlags gfp, long index) =>
        _options.TagSource == TagSource.Mapped
            ? (at.Order > 0 || (gfp & GfpFlags.Zero) == 0) && _taggedLives!.Allocations.Contains(index)
            : IsTaggedAtSnapshot(index);

    /// <summary>A snapshot does not tell since when a page was tagged: since its allocation, most were (docs/inputs.md).</summary>
    private bool IsTaggedAtSnapshot(long index) => _options.TagSource == TagSource.Snapshot && _taggedLives is not null
        && _taggedLives.Allocations.Contains(index);

    private void TagMapped(in TaggedMapping mapping, long now)
    {
        Frame frame = new(_layout.FrameOf(mapping.Pfn));
        for (Frame at = frame; !frame.IsNone && at < frame + mapping.Pages && at.Index < _live.Length; at++)
        {
            if (_live[at.Index])
            {
                Tag(at.Index, now, new CpuId(mapping.Cpu));
            }
        }
    }

    private void Free(in TraceEvent at, long now)
    {
        if (at.Order > _layout.Geometry.LargestOrder)
        {
            return;
        }

        int name = _layout.FrameOf(at.Pfn);
        _live.AsSpan(name, 1 << at.Order).Clear();
        _frees++;
        _steps.Add(WorkloadStepKind.Free, WorkloadStepFlags.None, now, name, 0, at.Order, new CpuId(at.Cpu));
    }

    private void Hidden(in HiddenAllocation hidden, long now, CpuId cpu)
    {
        if (hidden.Count > 1)
        {
            TakeRange(hidden.Name, hidden.Count, now, cpu);
            return;
        }

        if (_live[hidden.Name])
        {
            return;
        }

        _live[hidden.Name] = true;
        _tagged[hidden.Name] = false;
        GfpFlags gfp = hidden.IsMovable ? GfpFlags.HighUserMovable : GfpFlags.KernelDefault;
        WorkloadStepFlags flags = _pins.Has(hidden.Name, gfp, _allocations) ? WorkloadStepFlags.Pinned : WorkloadStepFlags.None;
        _steps.Add(WorkloadStepKind.Allocate, flags, now, hidden.Name, (uint)gfp, 0, cpu);
    }

    private void TakeRange(int name, int count, long now, CpuId cpu)
    {
        FreeLive(name, count, now, cpu);
        _live.AsSpan(name, count).Fill(true);
        _steps.Add(WorkloadStepKind.TakeRange, WorkloadStepFlags.None, now, name, (uint)count, 0, cpu);
    }

    private void Rename(int name, int newName, long now, CpuId cpu)
    {
        FreeLive(newName, 1, now, cpu);
        (_live[newName], _tagged[newName]) = (_live[name], _tagged[name]);
        _live[name] = false;
        _steps.Add(WorkloadStepKind.Rename, WorkloadStepFlags.None, now, name, (uint)newName, 0, cpu);
        if (_taggedTargets.Remove(newName))
        {
            Tag(newName, now, cpu);
        }
    }

    private void AllocateTarget(int name, bool isTagged)
    {
        _ = isTagged ? _taggedTargets.Add(name) : _taggedTargets.Remove(name);
    }

    private void Compact(int name, int newName, long now, CpuId cpu)
    {
        FreeLive(newName, 1, now, cpu);
        // Tags that have no storage at the new place are saved; the next access makes them valid, by an event of its own.
        (_live[newName], _tagged[newName], _live[name]) = (_live[name], false, false);
        _steps.Add(WorkloadStepKind.Compact, WorkloadStepFlags.None, now, name, (uint)newName, 0, cpu);
    }

    /// <summary>A fault on access, or the start, got storage for a page: a kernel that runs RFC v3 says so.</summary>
    private bool IsLateTag(in TraceEvent at) => _options.TagSource == TagSource.Flag
        && TagStorageEvents.WhereOf(at) != TagStorageEvents.InAllocation && at.MigrateType is not (0 or > 4);

    /// <summary>A page that was moved keeps its tags, whatever its allocation said.</summary>
    private void Tag(int name, long now, CpuId cpu)
    {
        if (name >= 0 && !_live[name])
        {
            _taggedTargets.Add(name);
        }
        else if (name >= 0 && !_tagged[name])
        {
            _tagged[name] = true;
            _lateTags++;
            _steps.Add(WorkloadStepKind.Tag, WorkloadStepFlags.Tagged, now, name, 0, 0, cpu);
        }
    }

    private void FreeLive(int name, int count, long now, CpuId cpu)
    {
        if (_live.AsSpan(name, count).IndexOf(true) < 0)
        {
            return;
        }

        _liveReallocations++;
        for (Frame frame = new(name); frame.Index < name + count; frame++)
        {
            if (_live[frame.Index])
            {
                _steps.Add(WorkloadStepKind.Free, WorkloadStepFlags.None, now, frame.Index, 0, 0, cpu);
            }
        }
    }

    private Workload Finish(Trace trace, RecordingScan scan, List<InitialPage> initial, int seen)
    {
        long hiddenPages = scan.Hidden.Count(hidden => hidden.Count == 1) - scan.MigrationTargets;
        return new Workload
        {
            Initial = initial,
            PerCpuAtStart = _options.PerCpuAtStart ?? [],
            ChunksAtStart = _options.ChunksAtStart,
            Steps = _steps.All,
            Allocations = _allocations,
            Frees = _frees,
            TaggedAllocations = _taggedAllocations,
            LateTags = _lateTags,
            Cpus = trace.Cpus,
            TagSource = _options.TagSource.Name,
            Repairs = new Repairs
            {
                UnknownFrees = seen + hiddenPages + scan.RangePages,
                InUseBefore = seen,
                HiddenAllocations = hiddenPages,
                HiddenRangePages = scan.RangePages,
                LiveReallocations = _liveReallocations,
                FailedAllocations = _failed,
                MigrationTargets = scan.MigrationTargets,
                MovedOut = scan.MovedOut.Count,
                OrdersTooLarge = _tooLarge,
                FramesNeverSeen = initial.Count - seen,
            },
        };
    }
}
