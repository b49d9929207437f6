using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Html.Verify;

/// <summary>Two panels in one picture: the share decided as the kernel did, and below it how many decisions there were.</summary>
internal sealed class ShareChart(Markup html, TraceClock clock, IReadOnlyList<TimeColumn> columns)
{
    private const double Left = 62;
    private const double Right = 975;
    private const double ShareTop = 44;
    private const double ShareBottom = 204;
    private const double CountTop = 244;
    private const double CountBottom = 304;
    private const int ShareLines = 5;
    private const double LeastWidthOfNumber = 22;

    // The axis begins at the highest of these that no column falls below.
    private static readonly double[] Floors = [0.999, 0.995, 0.99, 0.98, 0.95, 0.9, 0.5, 0];

    private readonly double _width = (Right - Left) / columns.Count;
    private readonly double _floor = Floors.First(floor => columns.All(column => column.Share >= floor));
    private readonly long _most = Math.Max(1, columns.Max(column => column.Total));

    public void Write()
    {
        html.Line($"<div class=\"scroll\"><svg class=\"share\" viewBox=\"0 0 1000 342\" role=\"img\" aria-label=\"Share of decisions as "
            + $"the kernel's, over time\">");
        html.Raw("<style>.share{width:100%;min-width:560px;max-width:1200px;font-size:11px;font-variant-numeric:tabular-nums}.share "
            + "text{fill:var(--muted)}.share .number{fill:var(--alarm);font-weight:600}.share "
            + ".grid{stroke:var(--rule);stroke-width:.6}.share .line{fill:none;stroke:var(--line-0);stroke-width:2}.share "
            + ".count{fill:var(--ram-used)}.share .miss{fill:var(--alarm)}.share .hit{fill:transparent}.share g:hover "
            + ".hit{fill:var(--tint-strong)}</style>\n");
        WriteShareAxis();
        WriteCountAxis();
        WriteTimeAxis();
        WriteLine();
        for (int index = 0; index < columns.Count; index++)
        {
            WriteColumn(columns[index], Left + (index * _width));
        }

        html.Line($"</svg></div>");
    }

    private void WriteShareAxis()
    {
        html.Line($"<text x=\"4\" y=\"{ShareTop - 30}\">% as the kernel</text>");
        for (int line = 0; line <= ShareLines; line++)
        {
            double share = _floor + ((1 - _floor) * line / ShareLines);
            WriteGrid(Height(share), InvariantText.Of($"{100 * share:0.##}"));
        }
    }

    private void WriteCountAxis()
    {
        html.Line($"<text x=\"4\" y=\"{CountTop - 13}\">decisions</text>");
        WriteGrid(CountTop, Figures.Count(_most));
        WriteGrid(CountBottom, "0");
    }

    private void WriteGrid(double y, string text)
    {
        html.Line($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Right}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\"/><text x=\"{Left - 6}\" "
            + $"y=\"{y + 4:0.#}\" text-anchor=\"end\">{text}</text>");
    }

    private void WriteTimeAxis()
    {
        int step = Math.Max(1, (columns.Count + 11) / 12);
        for (int index = 0; index <= columns.Count; index += step)
        {
            html.Line($"<text x=\"{Left + (index * _width):0.#}\" y=\"{CountBottom + 16}\" "
                + $"text-anchor=\"middle\">{Moment(index * (columns[0].EndNs - columns[0].StartNs))}</text>");
        }

        html.Line($"<text x=\"{Right}\" y=\"{CountBottom + 32}\" text-anchor=\"end\">{Figures.Unit(clock)} from the first event</text>");
    }

    private void WriteLine()
    {
        html.Write($"<path class=\"line\" d=\"");
        bool isDrawn = false;
        for (int index = 0; index < columns.Count; index++)
        {
            if (columns[index].Total > 0)
            {
                html.Write($"{(isDrawn ? "L" : "M")}{Left + (index * _width):0.#} {Height(columns[index].Share):0.#}h{_width:0.##}");
            }

            isDrawn = columns[index].Total > 0;
        }

        html.Line($"\"/>");
    }

    private void WriteColumn(in TimeColumn column, double x)
    {
        if (column.Total == 0)
        {
            return;
        }

        double height = (CountBottom - CountTop) * column.Total / _most;
        double middle = x + (_width / 2);
        html.Write($"<g><title>{Moment(column.StartNs)} to {Moment(column.EndNs)} {Figures.Unit(clock)}: {column.Predicted:N0} of "
            + $"{column.Total:N0} as the kernel; ");
        html.Write($"{column.MissedPages:N0} pages and {column.Missed - column.MissedPages:N0} drained pages differ</title>");
        html.Write($"<rect class=\"hit\" x=\"{x:0.#}\" y=\"{ShareTop}\" width=\"{_width:0.##}\" height=\"{CountBottom - ShareTop}\"/>");
        html.Write($"<rect class=\"count\" x=\"{x + (_width * 0.1):0.#}\" y=\"{CountBottom - height:0.#}\" width=\"{_width * 0.8:0.##}\" "
            + $"height=\"{height:0.##}\"/>");
        if (column.Missed > 0)
        {
            WriteMiss(column, middle);
        }

        html.Line($"</g>");
    }

    private void WriteMiss(in TimeColumn column, double middle)
    {
        double y = Height(column.Share);
        html.Write($"<circle class=\"miss\" cx=\"{middle:0.#}\" cy=\"{y:0.#}\" r=\"{Math.Min(3.5, _width / 2):0.#}\"/>");
        if (_width >= LeastWidthOfNumber)
        {
            html.Write($"<text class=\"number\" x=\"{middle:0.#}\" y=\"{y - 7:0.#}\" text-anchor=\"middle\">{column.Missed:N0}</text>");
        }
    }

    private double Height(double share) => ShareBottom - ((ShareBottom - ShareTop) * (share - _floor) / (1 - _floor));

    private string Moment(long time) => TimeColumn.Moment(clock, time);
}
