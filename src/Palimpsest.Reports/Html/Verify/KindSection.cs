using Palimpsest.Lab.Fidelity;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Html.Verify;

/// <summary>The guided decisions by path, order and migratetype.</summary>
internal static class KindSection
{
    public static void Write(Markup html, IReadOnlyList<KindTally> kinds)
    {
        html.Line($"<section id=\"kinds\"><h2>By path, order and migratetype</h2><div class=\"halves\">");
        foreach (IGrouping<DecisionPath, KindTally> path in kinds.GroupBy(kind => kind.Path))
        {
            html.Line($"<div><h3>{MissExplanation.PathName(path.Key)}</h3>");
            TallyTable.Open(html, "order, type");
            foreach (KindTally kind in path)
            {
                TallyTable.Row(html, InvariantText.Of($"order {kind.Order}, {kind.Type}"), kind.Tally);
            }

            TallyTable.Close(html);
            html.Line($"</div>");
        }

        html.Line($"</div></section>");
    }
}
