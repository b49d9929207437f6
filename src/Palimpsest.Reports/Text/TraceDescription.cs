using Palimpsest.Lab.Inspection;
using Palimpsest.Lab.Trials;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Text;

/// <summary>What is in a recording, in lines for people.</summary>
public static class TraceDescription
{
    private const int MostSets = 12;
    private const int MostProcesses = 10;

    /// <summary>A line each, with what to record in place of what is missing.</summary>
    public static IEnumerable<string> Lines(InspectionResult result)
    {
        RecordingFacts recording = result.Recording;
        return
        [
            InvariantText.Of($"{recording.Name}: {recording.Format}"),
            InvariantText.Of($"kernel      {result.KernelRelease ?? "the file does not tell"}"),
            InvariantText.Of(
                $"page size   {(result.PageBytes is { } bytes ? InvariantText.Of($"{bytes / 1024} KiB") : "the file does not tell")}"),
            InvariantText.Of($"events      {recording.Events:N0}, {recording.LostEvents:N0} lost"),
            Time(result),
            InvariantText.Of($"CPUs        {recording.Cpus}"),
            InvariantText.Of($"tasks       {result.Tasks:N0}"),
            InvariantText.Of(
                $"pages       {result.Allocations:N0} allocations, {result.FailedAllocations:N0} failed; {result.Frees:N0} frees; "
                + $"{result.UnknownFrees:N0} pages freed without an allocation, {result.LiveReallocations:N0} allocations of pages in use"),
            InvariantText.Of(
                $"tagged      {result.FlaggedAllocations:N0} allocations ({Share(result.FlaggedAllocations, result.Allocations)}) by "
                + $"__GFP_ZEROTAGS; {result.TaggedMappings:N0} mappings by a probe, {result.TaggedMigrations:N0} by migrations"),
            .. Counts("events by type", recording.EventsByType.OrderByDescending(entry => entry.Value)),
            .. Counts("allocations by order",
                result.AllocationsByOrder.Select((count, order) => KeyValuePair.Create(InvariantText.Of($"order {order}"), count))
                .Where(entry => entry.Value > 0)),
            .. Counts(result.GfpSets.Count > MostSets
                ? InvariantText.Of($"allocations by flags, the {MostSets} commonest of {result.GfpSets.Count}")
                : "allocations by flags", result.GfpSets.Take(MostSets)),
            "processes by pages allocated (tagged)",
            .. result.Processes.Take(MostProcesses).Select(process => InvariantText.Of(
                $"  {process.Allocated,12:N0}  {process.Name} "
                    + $"{process.Pid}{(process.Tagged > 0 ? InvariantText.Of($" ({process.Tagged:N0})") : "")}")),
            "what it can answer",
            .. result.Answers.Select(answer => $"  {(answer.Can ? "yes" : "no "),-3}  {answer.Question}: {answer.Why}"),
            .. recording.Notes.Select(note => "note: " + note),
            "to record next time",
            .. RecordingAdvice.NextTime.Select(line => "  " + line),
        ];
    }

    private static string Time(InspectionResult result) => result.HasTime
        ? InvariantText.Of($"time        {(result.LastTimeNs - result.FirstTimeNs) / 1e9:N3} s, from {result.FirstTimeNs / 1e9:F6} to "
            + $"{result.LastTimeNs / 1e9:F6}")
        : InvariantText.Of($"time        none: the clock counts {result.Recording.Clock}");

    private static IEnumerable<string> Counts(string title, IEnumerable<KeyValuePair<string, long>> counts) =>
        [title, .. counts.Select(entry => InvariantText.Of($"  {entry.Value,12:N0}  {entry.Key}"))];

    private static string Share(long part, long whole) => InvariantText.Of($"{(whole == 0 ? 0 : 100.0 * part / whole):N1} %");
}
