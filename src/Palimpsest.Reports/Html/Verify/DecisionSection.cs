using Palimpsest.Lab.Fidelity;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Html.Verify;

/// <summary>How often each question got the kernel's answer, and what the recording left open.</summary>
internal static class DecisionSection
{
    public static void Write(Markup html, GuidedResult run)
    {
        html.Line($"<section id=\"decisions\"><h2>Decisions</h2>");
        TallyTable.Open(html, "what the model is asked");
        WriteGroup(html, "Guided: requests, refills and drains happen as recorded; which page does each take?");
        TallyTable.Row(html, "refill: from the buddy lists to a per-CPU list", run.Refill);
        TallyTable.Row(html, "head of a per-CPU list", run.PerCpu);
        TallyTable.Row(html, "request to the buddy lists", run.Buddy);
        TallyTable.Row(html, "next page of a drain", run.Drain);
        WriteGroup(html, "Own: the model also decides when to refill and to drain, and how many");
        TallyTable.Row(html, "page of an allocation", run.Own);
        TallyTable.Row(html, "when and how many to refill", run.OwnRefills);
        TallyTable.Row(html, "how many to drain", run.OwnDrains);
        TallyTable.Close(html);
        html.Line($"<h3>What the recording does not say</h3><div class=\"box\">");
        html.Facts(Open(run));
        html.Line($"</div></section>");
    }

    private static IEnumerable<(string, string)> Open(GuidedResult run)
    {
        return
        [
            ("before the first difference", run.AllocationsBeforeDivergence is { } before
                ? InvariantText.Of($"{before:N0} allocations, counted from "
                + $"where the tally begins") : InvariantText.Of($"all {run.Own.Total:N0} allocations: nothing differs")),
            ("silent allocations",
                InvariantText.Of($"{run.SilentAllocations:N0} pages left a per-CPU list without an event (the bulk allocator)")),
            ("silent frees", InvariantText.Of($"{run.SilentFrees:N0} pages went past the per-CPU lists, whose lock was held")),
            ("range surplus", InvariantText.Of($"{run.RangeSurplus:N0} pages that a range allocation took too much and gave back")),
            ("deduced", InvariantText.Of($"{run.FreeAtStart:N0} pages free at the first event, {run.TypedBlocks:N0} pageblock types, "
                + $"{run.LimitsLearned:N0} batch sizes")),
            ("contradictions",
                InvariantText.Of($"{run.Contradictions:N0} events that do not fit the model's state, beyond what silence explains")),
        ];
    }

    private static void WriteGroup(Markup html, string name) => html.Line($"<tr><td class=\"name note\" colspan=\"5\">{name}</td></tr>");
}
