using Palimpsest.Traces;

namespace Palimpsest.Lab.Reports.Html;

/// <summary>The events of a recording by type, most frequent first.</summary>
internal static class EventCounts
{
    public static void Write(Markup html, Trace trace)
    {
        html.Line($"<h3>Events by type</h3><ul class=\"events\">");
        foreach ((string name, long count) in trace.EventsByType.OrderByDescending(type => type.Value))
        {
            html.Line($"<li><span>{name}</span> {count:N0}</li>");
        }

        html.Line($"</ul>");
    }
}
