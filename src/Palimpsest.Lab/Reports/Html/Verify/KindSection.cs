using Palimpsest.Lab.Fidelity;

namespace Palimpsest.Lab.Reports.Html.Verify;

/// <summary>The guided decisions by path, order and migratetype.</summary>
internal static class KindSection
{
    public static void Write(Markup html, KindTallies kinds)
    {
        html.Line($"<section id=\"kinds\"><h2>By path, order and migratetype</h2><div class=\"halves\">");
        foreach (IGrouping<DecisionPath, KeyValuePair<DecisionKind, DecisionTally>> path in kinds.ByKind.GroupBy(entry => entry.Key.Path))
        {
            html.Line($"<div><h3>{MissExplanation.PathName(path.Key)}</h3>");
            TallyTable.Open(html, "order, type");
            foreach ((DecisionKind kind, DecisionTally tally) in path)
            {
                TallyTable.Row(html, FormattableString.Invariant($"order {kind.Order}, {kind.Type}"), tally);
            }

            TallyTable.Close(html);
            html.Line($"</div>");
        }

        html.Line($"</div></section>");
    }
}
