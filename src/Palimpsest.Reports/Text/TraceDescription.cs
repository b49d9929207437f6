using System.Globalization;
using Palimpsest.Lab.Inspection;
using Palimpsest.Lab.Trials;

namespace Palimpsest.Reports.Text;

/// <summary>What is in a recording, in lines for people.</summary>
public static class TraceDescription
{
    private const int MostSets = 12;
    private const int MostProcesses = 10;

    public static IEnumerable<string> Lines(InspectionResult result)
    {
        RecordingFacts recording = result.Recording;
        return
        [
            Text($"{recording.Name}: {recording.Format}"),
            Text($"kernel      {result.KernelRelease ?? "the file does not tell"}"),
            Text($"page size   {(result.PageBytes is { } bytes ? Text($"{bytes / 1024} KiB") : "the file does not tell")}"),
            Text($"events      {recording.Events:N0}, {recording.LostEvents:N0} lost"),
            Time(result),
            Text($"CPUs        {recording.Cpus}"),
            Text($"tasks       {result.Tasks:N0}"),
            Text($"pages       {result.Allocations:N0} allocations, {result.FailedAllocations:N0} failed; {result.Frees:N0} frees; {result.UnknownFrees:N0} pages freed without an allocation, {result.LiveReallocations:N0} allocations of pages in use"),
            Text($"tagged      {result.FlaggedAllocations:N0} allocations ({Share(result.FlaggedAllocations, result.Allocations)}) by __GFP_ZEROTAGS; {result.TaggedMappings:N0} mappings by a probe, {result.TaggedMigrations:N0} by migrations"),
            .. Counts("events by type", recording.EventsByType.OrderByDescending(entry => entry.Value)),
            .. Counts("allocations by order", result.AllocationsByOrder.Select((count, order) => KeyValuePair.Create(Text($"order {order}"), count)).Where(entry => entry.Value > 0)),
            .. Counts(result.GfpSets.Count > MostSets ? Text($"allocations by flags, the {MostSets} commonest of {result.GfpSets.Count}") : "allocations by flags", result.GfpSets.Take(MostSets)),
            "processes by pages allocated (tagged)",
            .. result.Processes.Take(MostProcesses).Select(process => Text($"  {process.Allocated,12:N0}  {process.Name} {process.Pid}{(process.Tagged > 0 ? Text($" ({process.Tagged:N0})") : "")}")),
            "what it can answer",
            .. result.Answers.Select(answer => $"  {(answer.Can ? "yes" : "no "),-3}  {answer.Question}: {answer.Why}"),
            .. recording.Notes.Select(note => "note: " + note),
            "to record next time",
            .. RecordingAdvice.NextTime.Select(line => "  " + line),
        ];
    }

    private static string Time(InspectionResult result) => result.HasTime
        ? Text($"time        {(result.LastTimeNs - result.FirstTimeNs) / 1e9:N3} s, from {result.FirstTimeNs / 1e9:F6} to {result.LastTimeNs / 1e9:F6}")
        : Text($"time        none: the clock counts {result.Recording.Clock}");

    private static IEnumerable<string> Counts(string title, IEnumerable<KeyValuePair<string, long>> counts) =>
        [title, .. counts.Select(entry => Text($"  {entry.Value,12:N0}  {entry.Key}"))];

    private static string Share(long part, long whole) => Text($"{(whole == 0 ? 0 : 100.0 * part / whole):N1} %");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
