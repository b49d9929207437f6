using Palimpsest.Lab.Fidelity;

namespace Palimpsest.Reports.Html.Verify;

/// <summary>A table with a tally in each row: as the kernel, of, differ, per cent. What differs stands out.</summary>
internal static class TallyTable
{
    private static readonly string[] Columns = ["as the kernel", "of", "differ", "%"];

    public static void Open(Markup html, string names)
    {
        html.Write($"<div class=\"scroll\"><table class=\"designs\"><thead><tr><th class=\"name\" style=\"min-width:180px\">{names}</th>");
        foreach (string column in Columns)
        {
            html.Write($"<th style=\"min-width:64px\">{column}</th>");
        }

        html.Line($"</tr></thead><tbody>");
    }

    public static void Row(Markup html, string name, Tally tally)
    {
        string mark = tally.Missed > 0 ? "alarm" : "";
        html.Write($"<tr><th class=\"name\" scope=\"row\">{name}</th><td>{tally.Predicted:N0}</td><td>{tally.Total:N0}</td>");
        html.Line($"<td class=\"{mark}\">{tally.Missed:N0}</td><td>{Shares.Column(tally)}</td></tr>");
    }

    public static void Close(Markup html) => html.Line($"</tbody></table></div>");
}
