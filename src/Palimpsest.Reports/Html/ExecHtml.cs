using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;
using Palimpsest.Reports.Text;
using Palimpsest.Userland;

namespace Palimpsest.Reports.Html;

/// <summary>A program's run as one page without scripts: no network, no file beside it.</summary>
public static class ExecHtml
{
    private static readonly Column<LoopDesignResult>[] Columns = [.. LoopColumns.All.Where(column => column.IsInJson)];

    /// <summary>A whole page, which needs no other file; the writer stays open.</summary>
    public static void Write(TextWriter writer, ExecResult result, Provenance? provenance = null)
    {
        Markup html = new(writer);
        GuestOutcome outcome = result.Designs[0].Outcome;
        string program = Path.GetFileName(result.Arguments[0]);
        PageShell.Open(html, $"{program} on {Figures.FileName(result.Board.Name)}", runsScripts: false);
        html.Line($"<header><h1>A real program, its tags in lent storage: {program}</h1>");
        html.Line($"<p class=\"answer\">{string.Join(' ', result.Arguments.Skip(1).Prepend(program))}: "
            + $"{ExecTable.EndOf(outcome)}.</p>");
        WriteAlarms(html, result);
        html.Line($"</header><section id=\"program\"><h2>The program</h2>");
        WriteFacts(html, result, outcome);
        WriteTagFaults(html, outcome);
        html.Line($"</section><section id=\"designs\"><h2>Designs</h2>");
        html.Line($"<p class=\"note\">The program under each design; an instruction counts as a nanosecond where means are taken.</p>");
        GroupedTable.Write(html, Columns, result.Designs.Select(design =>
            (design.Figures.Design.IsBound ? "bound" : "", design.Figures.Design.Label, design.Figures)));
        GroupedTable.WriteMeanings(html, Columns);
        html.Line($"</section>");
        ProvenanceSection.Write(html, provenance);
        PageShell.EndContent(html);
        PageShell.Close(html);
    }

    private static void WriteAlarms(Markup html, ExecResult result)
    {
        if (result.LawViolations > 0)
        {
            html.Line($"<p class=\"answer\">{Figures.Count(result.LawViolations)} laws were broken: the figures are of a machine with a "
                + $"mistake.</p>");
        }

        foreach (ExecDesignResult other in result.Others)
        {
            html.Line($"<p class=\"answer\">Under {other.Figures.Design.Label} the program wrote something else, or ended otherwise, than "
                + $"under {result.Designs[0].Figures.Design.Label}.</p>");
        }
    }

    private static void WriteFacts(Markup html, ExecResult result, GuestOutcome outcome) => html.Facts(
    [
        ("instructions", Figures.Count(outcome.Instructions)),
        ("page faults", Figures.Count(outcome.PageFaults)),
        ("tag faults", Figures.Count(outcome.TagFaults.Count)),
        ("unknown system calls", outcome.UnknownCalls.Count == 0 ? "none" : string.Join(", ", outcome.UnknownCalls)),
        ("seed", result.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ("RAM", Figures.Mebibytes(result.Board.DataBytes)),
        ("carve-out", Figures.Mebibytes(result.Board.CarveOutBytes)),
        ("swap", Figures.Mebibytes((ulong)result.SwapPages * GuestOptions.PageBytes)),
    ]);

    private static void WriteTagFaults(Markup html, GuestOutcome outcome)
    {
        if (outcome.TagFaults.Count == 0)
        {
            return;
        }

        html.Line($"<div class=\"scroll\"><table><thead><tr><th scope=\"col\">tag fault</th><th scope=\"col\">address</th>"
            + $"<th scope=\"col\">instruction</th></tr></thead><tbody>");
        foreach (GuestTagFault fault in outcome.TagFaults)
        {
            html.Line($"<tr><td>{fault.Code}</td><td>{Figures.Hexadecimal(fault.Address)}</td>"
                + $"<td>{Figures.Hexadecimal(fault.Pc)}</td></tr>");
        }

        html.Line($"</tbody></table></div>");
    }
}
