using Palimpsest.Lab.Trials;

namespace Palimpsest.Reports.Html;

/// <summary>The events of a recording by type, most frequent first.</summary>
internal static class EventCounts
{
    public static void Write(Markup html, RecordingFacts recording)
    {
        html.Line($"<h3>Events by type</h3><ul class=\"events\">");
        foreach ((string name, long count) in recording.EventsByType.OrderByDescending(type => type.Value))
        {
            html.Line($"<li><span>{name}</span> {count:N0}</li>");
        }

        html.Line($"</ul>");
    }
}
