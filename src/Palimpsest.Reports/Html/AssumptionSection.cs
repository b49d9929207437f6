using Palimpsest.Lab.Trials;

namespace Palimpsest.Reports.Html;

/// <summary>What the figures take for granted.</summary>
internal static class AssumptionSection
{
    public static void Write(Markup html, ComparisonResult result)
    {
        html.Line($"<section id=\"assumptions\"><h2>Assumptions</h2><ol>");
        foreach (string assumption in result.Assumptions)
        {
            html.Line($"<li>{assumption}</li>");
        }

        html.Line($"</ol></section>");
    }
}
