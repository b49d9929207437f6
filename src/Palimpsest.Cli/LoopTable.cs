using System.Globalization;
using Palimpsest.Lab.ClosedLoops;
using Spectre.Console;

namespace Palimpsest.Cli;

/// <summary>A closed loop on a terminal: a row a design, at most 100 columns.</summary>
internal static class LoopTable
{
    private const int Columns = 100;

    private const string Legend =
        "given, used, reserved: MiB of the carve-out that are not reserved for tags; that hold data; that hold tags. moved: pages migrated for tags. "
        + "fault: first accesses to tagged pages without storage. out: pages swapped out; back: pages that came back from swap or a file; both in "
        + "thousands. dropped: clean file pages thrown out, in thousands. oom: processes killed. saved: share of out and dropped that today's machine (static) "
        + "would have had more.";

    private static readonly (string Heading, int Width)[] Figures =
    [
        ("given\nmean", 7), ("\nmin", 6), ("used\nmean", 6), ("reserved\nmax", 9), ("\nmoved", 9), ("\nfault", 8), ("\nout", 7), ("\nback", 7),
        ("\ndropped", 8), ("\noom", 5), ("\nsaved", 8),
    ];

    public static void Print(IAnsiConsole console, LoopReport report)
    {
        console.Profile.Width = Columns;
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{Headline(report)}[/]");
        console.WriteLine();
        Table table = new Table().Border(TableBorder.None);
        table.AddColumn(new TableColumn("\ndesign").NoWrap().Padding(0, 0, 0, 0).Width(18));
        foreach ((string heading, int width) in Figures)
        {
            table.AddColumn(new TableColumn(heading).RightAligned().Padding(0, 0, 0, 0).Width(width));
        }

        foreach (LoopResult design in report.Designs)
        {
            table.AddRow([.. Row(report, design).Select(cell => new Text(cell))]);
        }

        console.Write(table);
        console.Write(new Text(Legend));
        console.WriteLine();
        foreach (LoopResult design in report.Designs.Where(design => design.Violations.Count > 0))
        {
            console.MarkupLineInterpolated(
                CultureInfo.InvariantCulture,
                $"[red]{design.Choice.Name}: {design.Violations.Count:N0} laws broken, first {design.Violations[0].ToString()}[/]");
        }
    }

    private static string Headline(LoopReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"{report.Loop.Name}: {report.Parameters.Steps:N0} steps on {report.Mebibytes(report.Parameters.Pages):N0} MiB, {Share(report.Parameters)} tagged, seed {report.Parameters.Seed}; RAM {report.Board.DataBytes / (1 << 20):N0} MiB, carve-out {report.Board.CarveOutBytes / (double)(1 << 20):N2} MiB, swap {report.Mebibytes(report.SwapPages):N0} MiB");

    private static string Share(LoopParameters parameters) => parameters.TaggedFrom == parameters.TaggedTo
        ? string.Create(CultureInfo.InvariantCulture, $"{parameters.TaggedFrom:P0}")
        : string.Create(CultureInfo.InvariantCulture, $"{parameters.TaggedFrom:P0} to {parameters.TaggedTo:P0}");

    private static IEnumerable<string> Row(LoopReport report, LoopResult design) =>
    [
        design.Choice.Name,
        Number(report.Mebibytes(design.Storage.GivenBackMean), "N2"),
        Number(report.Mebibytes(design.Storage.GivenBackMin), "N2"),
        Number(report.Mebibytes(design.Storage.LentMean), "N2"),
        Number(report.Mebibytes(design.Storage.ReservedMax), "N2"),
        Number(design.Counters.TagMigratedFrames, "N0"),
        Number(design.Events.FaultsOnAccess, "N0"),
        Number(design.Events.SwapOuts / 1000.0, "N1"),
        Number(design.Events.Refaults / 1000.0, "N1"),
        Number(design.Events.FilePagesDropped / 1000.0, "N1"),
        Number(design.Events.OomKills, "N0"),
        Saved(report, design),
    ];

    private static string Saved(LoopReport report, LoopResult design)
    {
        long today = report.Today is { } machine ? Reclaimed(machine) : 0;
        return today == 0 || design == report.Today ? "-" : Number(100.0 * (today - Reclaimed(design)) / today, "N1") + " %";
    }

    private static long Reclaimed(LoopResult design) => design.Events.SwapOuts + design.Events.FilePagesDropped;

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
