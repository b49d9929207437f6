using Palimpsest.Lab.Reports.Html;
using Palimpsest.Lab.Reports.Html.Verify;

namespace Palimpsest.Lab.Reports;

/// <summary>A verification as one page without scripts: no network, no file beside it, the same bytes for the same report.</summary>
public static class VerifyHtml
{
    public static void Write(TextWriter writer, VerifyReport report)
    {
        Markup html = new(writer);
        PageShell.Open(html, $"{Figures.FileName(report.TraceName)} on {Figures.FileName(report.BoardName)}", runsScripts: false);
        VerdictSection.Write(html, report);
        RecordingSection.Write(html, report);
        if (report.Guided is { } guided)
        {
            DecisionSection.Write(html, guided);
            TimeSection.Write(html, guided, report.Trace);
            KindSection.Write(html, guided.Tallies.Kinds);
            MissSection.Write(html, guided, report.Trace);
        }

        MomentSection.Write(html, report);
        FreeListSection.Write(html, report);
        FigureSection.Write(html, report.Free.End);
        ScopeSection.Write(html);
        PageShell.EndContent(html);
        PageShell.Close(html);
    }
}
