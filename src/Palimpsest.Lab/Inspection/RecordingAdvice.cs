using Palimpsest.Lab.Tracing;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Inspection;

/// <summary>A question, and whether a recording can answer it.</summary>
public sealed record Answerable(string Question, bool Can, string Why);

/// <summary>What a recording can and cannot answer, and how to record next time.</summary>
public static class RecordingAdvice
{
    private static readonly string[] Events = [.. RecordedEvents.Allocator, .. RecordedEvents.Moves];

    /// <summary>The questions in the order in which a user asks them.</summary>
    internal static IReadOnlyList<Answerable> Answers(TraceDigest digest)
    {
        bool hasBoth = digest.Allocations > 0 && digest.Frees > 0;
        bool hasRefills = digest.CountOf("mm_page_alloc_zone_locked") > 0;
        bool hasMigrations = digest.CountOf("remove_migration_pte") > 0;
        bool hasRanges = digest.CountOf("cma_alloc_finish") + digest.CountOf("cma_alloc") + digest.CountOf("test_pages_isolated") > 0;
        return
        [
            new("what each design gives back (compare)", hasBoth, hasBoth
                ? "allocations and frees"
                : "needs mm_page_alloc and mm_page_free"),
            Tagged(digest),
            new("which late pages are tagged: copies, swap, mprotect, huge pages", digest.TaggedMappings > 0,
                digest.TaggedMappings > 0
                    ? "the probe on mte_sync_tags shows them: --tag-source mapped"
                    : "needs a kprobe on mte_sync_tags"),
            new("does the model choose the kernel's pages (verify)", hasRefills, hasRefills
                ? "refills of the per-CPU lists"
                : "needs mm_page_alloc_zone_locked and mm_page_pcpu_drain"),
            new("where compaction moved pages", hasMigrations, hasMigrations
                ? "migration entries"
                : "no set_migration_pte and remove_migration_pte: nothing moved, or not recorded"),
            new("which ranges were taken as a whole", hasRanges, hasRanges
                ? "CMA and isolation events"
                : "no cma and page_isolation events: none taken, or not recorded"),
            new("how long things took", digest.Trace.Clock == Traces.TraceClock.Time, digest.Trace.Clock == Traces.TraceClock.Time
                ? "the clock counts time"
                : "the trace clock counts no time"),
            new("that nothing is missing", digest.Trace.LostEvents == 0 && digest.Trace.CutOff is null,
                digest.Trace.LostEvents > 0
                    ? InvariantText.Of($"{digest.Trace.LostEvents:N0} events were lost: record with a larger buffer")
                    : digest.Trace.CutOff is not null ? "the file was cut off" : "no event was lost"),
        ];
    }

    /// <summary>Commands, a line each; first for a phone, then for a server.</summary>
    public static IReadOnlyList<string> NextTime { get; } =
    [
        "on a phone (root shell):",
        "  cd /sys/kernel/tracing && echo 65536 > buffer_size_kb && echo > trace && echo 32768 > saved_cmdlines_size",
        $"  echo '{RecordedEvents.Probe}' >> kprobe_events && echo 1 > events/kprobes/enable",
        $"  for e in {string.Join(' ', Events)}; do echo $e >> set_event; done",
        "  mkdir /data/local/tmp/start && cat /proc/zoneinfo > /data/local/tmp/start/zoneinfo && cat /proc/kpageflags > "
            + "/data/local/tmp/start/kpageflags",
        "  echo 1 > tracing_on; cat trace_pipe | gzip -1 > /data/local/tmp/trace.txt.gz    # Ctrl-C ends it; then adb pull",
        "on a phone with perfetto, for a minute:",
        "  perfetto --txt -c - -o /data/misc/perfetto-traces/pages.pftrace <<'END'",
        $"  buffers {{ size_kb: 262144 }} data_sources {{ config {{ name: \"linux.ftrace\" ftrace_config {{ buffer_size_kb: 65536 "
            + $"{string.Join(' ', Events.Select(name => $"ftrace_events: \"{name.Replace(':', '/')}\""))} }} }} }} data_sources {{ "
            + $"config {{ name: \"linux.process_stats\" }} }} duration_ms: 60000",
        "  END",
        "on a server (root): sudo ./palimpsest record FOLDER, or",
        $"  trace-cmd record -b 65536 {string.Join(' ', Events.Select(name => "-e " + name))}",
        "  mkdir start && cp /proc/zoneinfo /proc/pagetypeinfo start/ && cat /proc/kpageflags > start/kpageflags    # before it, for "
            + "--snapshot start",
    ];

    private static Answerable Tagged(TraceDigest digest)
    {
        const string Question = "which pages are tagged when they are allocated";
        if (digest.FlaggedAllocations > 0)
        {
            return new(Question, true,
                InvariantText.Of($"__GFP_ZEROTAGS on {digest.FlaggedAllocations:N0} of {digest.Allocations:N0} allocations: a "
                + $"lower bound, 56 to 79 % of the tagged page lives where it was measured"));
        }

        return new(Question, false,
            "no __GFP_ZEROTAGS (arm64 with MTE, Linux 5.14 or later): say which processes are, --tag-source policy:NAME,...");
    }
}
