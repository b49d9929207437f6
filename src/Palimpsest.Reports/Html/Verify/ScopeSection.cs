namespace Palimpsest.Reports.Html.Verify;

/// <summary>What the model follows, what it deduces and what it leaves out; docs/fidelity.md says it at length.</summary>
internal static class ScopeSection
{
    private static readonly string[] Modelled =
    [
        "Buddy lists: split order, merge, head or tail placement; fallback, stealing and claiming of pageblocks; high-order atomic "
            + "blocks; the CMA balance rule.",
        "Per-CPU lists: batch, high, and what doubles refills and drains (6.1: free_factor; 6.12: alloc_factor, free_count, a high that "
            + "moves and decays), round-robin drain, the page sets of early boot.",
        "Watermarks, lowmem reserve and boost; isolation, range allocation and its surplus; late memory initialisation.",
    ];

    private static readonly string[] Deduced =
    [
        "Free at the start: a page first seen taken from a list, or isolated as free, was free, one first seen freed was in use, one "
            + "never seen is what kpageflags says, or without it, what the chunks of pagetypeinfo leave. Free pages form the largest "
            + "chunks, ascending.",
        "Types of pageblocks at the start: the first refill, drain or reuse in a block names its list.",
        "Silent allocations and frees: what the recording names next tells that a page left a list, or went past it, without an event.",
        "On per-CPU lists at the start: pages first seen allocated without a refill, or drained.",
        "Conceded: a chunk that the model proposes six times and the kernel never takes counts as in use, until the kernel takes from it.",
        "Batch and high: read off the first refill and the drains that do not fit those of early boot.",
        "Ranges: at least 512 neighbouring pages freed in rising order by one task, none batched. Pages moved out of one are renamed, "
            + "and move in the model if they lie there.",
        "Moments of snapshots: by the pages that the kernel had allocated by then (pgalloc of vmstat), half-way between what start and "
            + "end say.",
    ];

    private static readonly string[] Missing =
    [
        "Reclaim and compaction of the model's own: the recorded ones appear as frees and migrations.",
        "Timing of other CPUs between two events: the order of events in the recording is the order here.",
        "When kswapd is at work (6.12 keeps per-CPU lists short then), but by its own events.",
    ];

    public static void Write(Markup html)
    {
        html.Line($"<section id=\"scope\"><h2>What is modelled, deduced and left out</h2>");
        WriteList(html, "Modelled, after Linux 6.1 and 6.12", Modelled);
        WriteList(html, "Deduced from the recording, and counted", Deduced);
        WriteList(html, "Not modelled", Missing);
        html.Line($"<p class=\"note\">No figure is tuned to a recording. The same recording, board and options give this page byte for "
            + $"byte; docs/fidelity.md tells more.</p></section>");
    }

    private static void WriteList(Markup html, string title, IEnumerable<string> sentences)
    {
        html.Line($"<h3>{title}</h3><ol>");
        foreach (string sentence in sentences)
        {
            html.Line($"<li>{sentence}</li>");
        }

        html.Line($"</ol>");
    }
}
