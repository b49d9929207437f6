using System.Globalization;
using Palimpsest.Lab.Inspection;
using Palimpsest.Traces;

namespace Palimpsest.Cli;

/// <summary>What is in a recording, in lines for people.</summary>
internal static class TraceDescription
{
    private const int MostSets = 12;
    private const int MostProcesses = 10;

    public static IEnumerable<string> Lines(string path, TraceDigest digest)
    {
        Trace trace = digest.Trace;
        return
        [
            Text($"{path}: {trace.Format}"),
            Text($"kernel      {trace.KernelRelease ?? "the file does not tell"}"),
            Text($"page size   {(trace.PageBytes is { } bytes ? Text($"{bytes / 1024} KiB") : "the file does not tell")}"),
            Text($"events      {trace.EventCount:N0}, {trace.LostEvents:N0} lost"),
            Time(trace),
            Text($"CPUs        {trace.Cpus}"),
            Text($"tasks       {trace.Tasks.Count:N0}"),
            Text($"pages       {digest.Allocations:N0} allocations, {digest.FailedAllocations:N0} failed; {digest.Frees:N0} frees; {digest.UnknownFrees:N0} pages freed without an allocation, {digest.LiveReallocations:N0} allocations of pages in use"),
            Text($"tagged      {digest.FlaggedAllocations:N0} allocations ({Share(digest.FlaggedAllocations, digest.Allocations)}) by __GFP_ZEROTAGS; {digest.TaggedMappings:N0} mappings by a probe, {digest.TaggedMigrations:N0} by migrations"),
            .. Counts("events by type", trace.EventsByType.OrderByDescending(entry => entry.Value)),
            .. Counts("allocations by order", digest.AllocationsByOrder.Select((count, order) => KeyValuePair.Create(Text($"order {order}"), count)).Where(entry => entry.Value > 0)),
            .. Counts(digest.GfpSets.Count > MostSets ? Text($"allocations by flags, the {MostSets} commonest of {digest.GfpSets.Count}") : "allocations by flags", digest.GfpSets.Take(MostSets)),
            "processes by pages allocated (tagged)",
            .. digest.Processes.Take(MostProcesses).Select(process => Text($"  {process.Allocated,12:N0}  {process.Task.Comm} {process.Task.Pid}{(process.Tagged > 0 ? Text($" ({process.Tagged:N0})") : "")}")),
            "what it can answer",
            .. RecordingAdvice.Answers(digest).Select(answer => $"  {(answer.Can ? "yes" : "no "),-3}  {answer.Question}: {answer.Why}"),
            .. trace.Notes.Select(note => "note: " + note),
            "to record next time",
            .. RecordingAdvice.NextTime.Select(line => "  " + line),
        ];
    }

    private static string Time(Trace trace) => trace.Clock == TraceClock.Time
        ? Text($"time        {(trace.LastTimeNs - trace.FirstTimeNs) / 1e9:N3} s, from {trace.FirstTimeNs / 1e9:F6} to {trace.LastTimeNs / 1e9:F6}")
        : Text($"time        none: the clock counts {trace.Clock}");

    private static IEnumerable<string> Counts(string title, IEnumerable<KeyValuePair<string, long>> counts) =>
        [title, .. counts.Select(entry => Text($"  {entry.Value,12:N0}  {entry.Key}"))];

    private static string Share(long part, long whole) => Text($"{(whole == 0 ? 0 : 100.0 * part / whole):N1} %");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
