using Palimpsest.Kernel;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Replay;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>Puts into words what a comparison takes for granted, and how the recording was mended.</summary>
public static class Assumptions
{
    /// <summary>The design that leaves it to the allocator of today where a tagged page goes.</summary>
    private const string LinuxPlacement = "numa-node";

    /// <param name="startState">Where the state before the first event comes from, e.g. "the snapshot DIR".</param>
    public static IReadOnlyList<string> Of(Trace trace, Workload workload, MemoryLayout layout, double pinnedShare, string startState,
        Pressure? pressure = null)
    {
        MemoryBoard board = layout.Board;
        List<string> sentences =
        [
            pressure is { IsUnmet: true } ? Unmet(pressure)
                : "Demand: as recorded, and it fitted without the carve-out. How much of it is used as data shows the order of a design's "
                + "lists, not what it could hold.",
        ];
        if (board.TagStorage.Any(span => span.IsAssumed))
        {
            sentences.Add(InvariantText.Of($"Carve-out: the board describes none, so {board.CarveOutBytes / (1 << 20):N0} MiB "
                + $"({100.0 * board.CarveOutBytes / (board.DataBytes + board.CarveOutBytes):N2} % of RAM with them, whole pageblocks) are "
                + $"placed above it; the recorded kernel never saw them."));
        }

        sentences.Add(workload.TagSource switch
        {
            "flag" => "Tagged pages: allocations with __GFP_ZEROTAGS. Copies, swap-ins, late mprotect and huge pages carry no flag, so "
                + "this is a lower bound: of the tagged page lives in two recordings with a probe it marked 79 %, and 56 % with huge "
                + "pages always on.",
            "mapped" => "Tagged pages: those seen mapped tagged (kprobe on mte_sync_tags), from their allocation on, or from the mapping "
                + "where they had been zeroed without tags.",
            "snapshot" => "Tagged pages: allocations with __GFP_ZEROTAGS, and those whose page was tagged when a kpageflags was copied, "
                + "for the whole of their life. What was allocated and freed between two copies shows in none.",
            _ => InvariantText.Of($"Tagged pages: by {workload.TagSource}, whatever the recorded kernel did."),
        });
        if (workload.TagCoverage is { Mapped: > 0 } coverage)
        {
            sentences.Add(Covered(workload.TagSource == "mapped" ? "flag" : workload.TagSource, coverage));
        }

        sentences.Add(InvariantText.Of($"Start: {startState}; {workload.Initial.Count:N0} pages in use before the first event."));
        sentences.Add(pinnedShare > 0
            ? InvariantText.Of($"Pins: {pinnedShare:P1} of movable pages cannot be migrated (--pinned).")
            : "Pins: none; every movable page can be migrated (--pinned SHARE).");
        sentences.AddRange(Mended(trace, workload.Repairs));
        sentences.AddRange(trace.Notes);
        // The carve-out that the board reader assumes is the first sentence here.
        sentences.AddRange(board.Notes.Where(note => !note.StartsWith("assumed:", StringComparison.Ordinal)));
        return sentences;
    }

    /// <summary>What a full machine takes for granted; nothing of one that is not.</summary>
    internal static IEnumerable<string> OfView(FullMachine? full) => full is null ? [] :
    [
        InvariantText.Of($"Full machine: page cache takes what nobody wanted for {full.FillEveryNs / 1e9:N0} s and leaves the high ")
            + InvariantText.Of($"watermark free; kswapd drops it in LRU order, {full.OutOfOrder:P0} of it out of order ")
            + InvariantText.Of($"(seed {full.Seed}). ")
            + "Its pages are clean, cost nothing to read again, and are dropped where a range or a tagged page needs their place.",
    ];

    /// <summary>How near the model's own placement comes to that of the recorded kernel; nothing where no design has it.</summary>
    internal static IEnumerable<string> OfPlacement(RecordedPlacement? placement, IReadOnlyList<DesignResult> replayed)
    {
        if (placement is null || replayed.FirstOrDefault(result => result.Design.Name == LinuxPlacement) is not { } linux)
        {
            yield break;
        }

        double model = linux.Storage.ReservedMean;
        yield return InvariantText.Of($"Placement: where the recorded kernel had its tagged pages, they need {placement.ReservedMean:N0} ")
            + InvariantText.Of($"pages of tag storage on average; {LinuxPlacement}, which places pages as today's kernel does, has ")
            + InvariantText.Of($"{model:N0} ({(model / placement.ReservedMean) - 1:+0.0 %;-0.0 %}).");
    }

    private static string Unmet(Pressure pressure)
    {
        string free = string.Join(", ", pressure.Moments.Select(at => at.Model is { } model
            ? InvariantText.Of($"{at.Snapshot} {at.Kernel:N0} / {model:N0}")
            : InvariantText.Of($"{at.Snapshot} {at.Kernel:N0}")));
        return InvariantText.Of($"Demand: it did not fit. The recorded kernel stalled {pressure.Stalls:N0} allocations, ran kswapd ")
            + InvariantText.Of($"{pressure.KswapdRuns:N0} times and swapped {pressure.SwapOuts:N0} pages out; a replay has the ")
            + "memory that this took free, so what a design uses as data when memory is short cannot be said (--full has a model of it). "
            + $"Free pages, kernel / model: {free}.";
    }

    private static string Covered(string source, TagCoverage coverage)
    {
        string wrong = coverage.Marked == coverage.Both
            ? ""
            : InvariantText.Of($"; {coverage.Marked - coverage.Both:N0} that it marks never were");
        return InvariantText.Of($"Tag source {source} marks {coverage.Found:P1} of the {coverage.Mapped:N0} page lives that were mapped "
            + $"tagged{wrong}. --tag-source mapped has all of them.");
    }

    private static IEnumerable<string> Mended(Trace trace, Repairs repairs)
    {
        (long Count, string What)[] counts =
        [
            (trace.LostEvents, "events lost by the recorder: every figure below is uncertain by them"),
            (repairs.InUseBefore, "pages freed that were allocated before the recording"),
            (repairs.HiddenAllocations, "pages freed twice: an allocation without an event is put half-way between"),
            (repairs.HiddenRangePages, "pages of ranges given back page by page: taken half-way after their last event"),
            (repairs.MigrationTargets, "pages seen only as the target of a migration"),
            (repairs.MovedOut,
                "pages that the recorded kernel moved out of ranges: they move here if they lie in the range when it is taken"),
            (repairs.LiveReallocations, "allocations of a page in use: freed first"),
            (repairs.FailedAllocations, "allocations that failed on the recorded machine: not replayed"),
            (repairs.OrdersTooLarge, "allocations of an order that is not modelled: not replayed"),
            (repairs.FramesNeverSeen, "pages in use that no event names"),
        ];
        foreach ((long count, string what) in counts)
        {
            if (count > 0)
            {
                yield return InvariantText.Of($"Mended: {count:N0} {what}.");
            }
        }
    }
}
