using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Traces;

namespace Palimpsest.Lab.Trials;

/// <summary>
/// What the recorded kernel did because memory was short, by the vmstat of snapshots beside each other. A replay cannot repeat
/// it: pages that were swapped out or dropped leave no demand, and the memory that they took while they were wanted is free here.
/// </summary>
/// <param name="Stalls">Allocations that reclaimed for themselves.</param>
/// <param name="SwapOuts">Pages.</param>
/// <param name="Moments">At each snapshot within the recording.</param>
public sealed record Pressure(long Stalls, long KswapdRuns, long SwapOuts, IReadOnlyList<FreeMemory> Moments)
{
    /// <summary>The recorded kernel went without what a replay has free.</summary>
    public bool IsUnmet => Stalls > 0 || SwapOuts > 0;

    /// <summary>Null without two snapshots that count.</summary>
    internal static Pressure? Find(Trace trace, SnapshotFolder folder)
    {
        RecordedMoments moments = RecordedMoments.Around(trace, folder);
        VmStat[] counted = [.. moments.All.Select(moment => moment.Folder).Prepend(moments.Start).OfType<SnapshotFolder>()
            .Select(one => one.VmStat).OfType<VmStat>().Where(counts => counts.FreePages is not null)];
        return counted.Length < 2 ? null : new Pressure(
            Since(counted[0].Stalls, counted[^1].Stalls),
            Since(counted[0].KswapdRuns, counted[^1].KswapdRuns),
            Since(counted[0].SwapOuts, counted[^1].SwapOuts),
            [.. moments.All.Where(at => at.TimeNs >= 0 && at.Folder.VmStat?.FreePages is not null)
                .Select(at => new FreeMemory(at.Name, at.TimeNs, at.Folder.VmStat!.FreePages!.Value, null))]);
    }

    /// <summary>With what a design had free at these moments.</summary>
    internal Pressure With(DesignResult model) =>
        this with { Moments = [.. Moments.Select(at => at with { Model = FreeAt(model.TimeLine, at.TimeNs) })] };

    private static long Since(long? first, long? last) => Math.Max(0, (last ?? 0) - (first ?? 0));

    private static long? FreeAt(IReadOnlyList<TimePoint> points, long timeNs)
    {
        long? free = null;
        foreach (TimePoint point in points)
        {
            if (free is null || point.TimeNs <= timeNs)
            {
                free = point.Free;
            }
        }

        return free;
    }
}

/// <summary>Free pages at a snapshot, without those on per-CPU lists.</summary>
/// <param name="TimeNs">Since the first event.</param>
/// <param name="Model">With the carve-out hidden, as on the recorded machine; null where that was not run.</param>
public sealed record FreeMemory(string Snapshot, long TimeNs, long Kernel, long? Model);
