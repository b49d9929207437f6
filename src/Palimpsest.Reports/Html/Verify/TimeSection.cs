using Palimpsest.Lab.Fidelity;
using Palimpsest.Traces;

namespace Palimpsest.Reports.Html.Verify;

/// <summary>The guided decisions over time.</summary>
internal static class TimeSection
{
    private const int MostColumns = 240;

    public static void Write(Markup html, GuidedResult run, TraceClock clock)
    {
        IReadOnlyList<TimeColumn> columns = Columns(run);
        html.Line($"<section id=\"time\"><h2>Over time</h2>");
        if (columns.Count == 0)
        {
            html.Line($"<p class=\"note\">No decision was tallied.</p></section>");
            return;
        }

        string length = TimeColumn.Moment(clock, columns[0].EndNs - columns[0].StartNs) + " " + Figures.Unit(clock);
        html.Line($"<p class=\"note\">All guided decisions, {length} a column, from the first event on. Red: how many differ, those "
            + $"about the next page of a drain included. Columns in which nothing was decided have no line.</p>");
        new ShareChart(html, clock, columns).Write();
        html.Line($"</section>");
    }

    /// <summary>Buckets put together until they fit the picture.</summary>
    private static List<TimeColumn> Columns(GuidedResult run)
    {
        IReadOnlyList<Tally> buckets = run.ByTime;
        int group = Math.Max(1, (buckets.Count + MostColumns - 1) / MostColumns);
        long width = group * KindTallies.BucketNs;
        ILookup<long, MissedPage> pages = run.Misses.ToLookup(miss => (miss.TimeNs - run.OriginNs) / width);
        return [.. buckets.Chunk(group).Select((part, index) => new TimeColumn(
            index * width, (index + 1) * width, part.Sum(tally => tally.Predicted), part.Sum(tally => tally.Total), pages[index].Count()))];
    }
}

/// <summary>Decisions of a stretch of time.</summary>
/// <param name="MissedPages">Of those that differ, the ones that are no drains.</param>
internal readonly record struct TimeColumn(long StartNs, long EndNs, long Predicted, long Total, int MissedPages)
{
    public long Missed => Total - Predicted;

    public double Share => Total == 0 ? 1 : (double)Predicted / Total;

    /// <summary>A border of columns in the unit of the recording's clock; borders lie on whole seconds.</summary>
    public static string Moment(TraceClock clock, long time) => Figures.Count(clock == TraceClock.Time ? time / 1_000_000_000 : time);
}
