using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Snapshots;

/// <summary>A snapshot and the place in the recording at which it was taken.</summary>
/// <param name="Events">Events before it.</param>
/// <param name="TimeNs">Since the first event; -1 where it was taken before that.</param>
/// <param name="UncertainPages">It may be as many allocated pages away, either way; null where only the end says how far.</param>
public sealed record SnapshotMoment(SnapshotFolder Folder, long Events, long TimeNs, long? UncertainPages)
{
    /// <summary>Name of the folder.</summary>
    public string Name => Folder.Name;
}

/// <summary>
/// Places snapshots in a recording by the pages that the kernel had allocated by then (pgalloc of /proc/vmstat). Counted
/// back from the snapshot at the end, a moment lies too early, since bulk allocations and what ran after the last event are
/// counted and not recorded; counted on from the snapshot at the start, too late. It is put half-way.
/// </summary>
internal sealed class RecordedMoments
{
    /// <summary>
    /// More unrecorded pages than one in this many of the recorded ones: the head of the recording is missing, or the start
    /// lies well before it, so only the end is counted from.
    /// </summary>
    private const int LeastRecordedShare = 20;

    /// <summary>Name of the folder that is taken for the start where nothing is counted.</summary>
    private const string UncountedStart = "before";

    /// <summary>The last snapshot from before the first event; null without one.</summary>
    public SnapshotFolder? Start { get; private init; }

    /// <summary>In the order of time, the end as the last.</summary>
    public IReadOnlyList<SnapshotMoment> All { get; private init; } = [];

    /// <summary>
    /// A snapshot and those beside it. A folder alone, or one that counts nothing, is taken for the start, as compare takes it.
    /// </summary>
    public static RecordedMoments Around(Trace trace, SnapshotFolder folder)
    {
        IReadOnlyList<SnapshotFolder> all = [folder, .. folder.Siblings()];
        SnapshotFolder? last = all.Where(one => one.PagesAllocated is not null).MaxBy(one => one.PagesAllocated);
        return all.Count == 1 || last is null
            ? new RecordedMoments { All = [new SnapshotMoment(folder, Events: 0, TimeNs: 0, UncertainPages: null)] }
            : Find(trace, last, [.. all.Where(one => one != last)]);
    }

    /// <param name="end">Snapshot from when the recording ended.</param>
    /// <param name="others">Snapshots of other moments, in any order.</param>
    public static RecordedMoments Find(Trace trace, SnapshotFolder end, IReadOnlyList<SnapshotFolder> others)
    {
        if (end.PagesAllocated is not { } endPages)
        {
            return new RecordedMoments { Start = others.FirstOrDefault(folder => folder.Name == UncountedStart) };
        }

        long recorded = AllocatedPages(trace);
        List<(SnapshotFolder Folder, long Left)> places = [];
        foreach (SnapshotFolder folder in others)
        {
            if (folder.PagesAllocated is { } pages && pages <= endPages)
            {
                places.Add((folder, recorded - (endPages - pages)));
            }
        }

        places.Sort((a, b) => a.Left.CompareTo(b.Left));
        int before = places.FindLastIndex(place => place.Left <= 0);
        SnapshotFolder? start = before < 0 ? null : places[before].Folder;
        long unrecorded = before < 0 ? endPages - recorded : -places[before].Left;
        bool isStartNear = unrecorded <= recorded / LeastRecordedShare;
        List<SnapshotMoment> moments = start is null || !isStartNear ? [] : [new SnapshotMoment(start, 0, -1, 0)];
        moments.AddRange(Inside(trace, places[(before + 1)..], isStartNear ? unrecorded : null));
        moments.Add(new SnapshotMoment(end, trace.Events.Count, trace.DurationNs, 0));
        return new RecordedMoments { Start = start, All = moments };
    }

    private static List<SnapshotMoment> Inside(Trace trace, IReadOnlyList<(SnapshotFolder Folder, long Left)> places, long? unrecorded)
    {
        List<SnapshotMoment> moments = [];
        long recorded = places.Count == 0 ? 0 : AllocatedPages(trace);
        long pages = 0;
        long now = 0;
        for (long index = 0; index < trace.Events.Count && moments.Count < places.Count; index++)
        {
            ref readonly TraceEvent at = ref trace.Events[index];
            pages += PagesOf(at);
            now = Math.Max(now, at.TimeNs - trace.Events[0].TimeNs);
            while (moments.Count < places.Count && Math.Min(recorded, places[moments.Count].Left + (unrecorded ?? 0) / 2) <= pages)
            {
                moments.Add(new SnapshotMoment(places[moments.Count].Folder, index + 1, now, unrecorded / 2));
            }
        }

        return moments;
    }

    private static long AllocatedPages(Trace trace)
    {
        long pages = 0;
        for (long index = 0; index < trace.Events.Count; index++)
        {
            pages += PagesOf(trace.Events[index]);
        }

        return pages;
    }

    private static long PagesOf(in TraceEvent at) => at.Kind == TraceEventKind.Allocate && at.Order <= Order.Max ? 1L << at.Order : 0;
}
