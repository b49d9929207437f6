using System.Globalization;
using Palimpsest.Lab.Experiments;
using Spectre.Console;

namespace Palimpsest.Cli;

/// <summary>The answer on a terminal: a row a design, at most 100 columns, then what was assumed.</summary>
internal static class ComparisonTable
{
    private const int Columns = 100;

    private const string Legend =
        "given, used, reserved: MiB of the carve-out that are not reserved for tags; that hold data; that hold tags. fill: tagged pages a "
        + "reserved page, of 32. moved: pages migrated for tags. busy: reservations that failed. lost: allocations that failed and tagged requests "
        + "left untagged. p99: modelled µs that a tagged page waits for its storage. *: best of those that lose least, the two bounds apart.";

    // 100 columns: name, then figures right-aligned.
    private static readonly (string Heading, int Width)[] Figures =
    [
        ("given\nmean", 8), ("\nmin", 7), ("\n%", 6), ("used\nmean", 7), ("\nmax", 7), ("reserved\nmax", 9), ("\nfill", 6),
        ("\nmoved", 9), ("\nbusy", 8), ("\nlost", 8), ("\np99", 7),
    ];

    /// <summary>Designs that nobody would ship: they only mark the ends of the scale.</summary>
    private static readonly string[] Bounds = ["static", "no-mte"];

    public static void Print(IAnsiConsole console, ComparisonReport report)
    {
        console.Profile.Width = Columns;
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{Headline(report)}[/]");
        console.WriteLine();
        console.Write(Designs(report));
        console.Write(new Text(Legend));
        console.WriteLine();
        console.WriteLine();
        foreach (string assumption in report.Assumptions)
        {
            console.Write(new Padder(new Text(assumption), new Padding(2, 0, 0, 0)));
        }

        PrintViolations(console, report);
    }

    private static string Headline(ComparisonReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Path.GetFileName(report.TraceName)}: {report.Trace.EventCount:N0} events, {report.Workload.DurationNs / 1e9:N1} s, {report.Workload.TaggedAllocations:N0} tagged allocations{LateTags(report)}; carve-out {report.Mebibytes(CarveOutFrames(report)):N1} MiB");

    private static string LateTags(ComparisonReport report) => report.Workload.LateTags == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $" and {report.Workload.LateTags:N0} late");

    private static double CarveOutFrames(ComparisonReport report) => report.Board.CarveOutBytes / (double)report.Geometry.PageBytes;

    private static Table Designs(ComparisonReport report)
    {
        Table table = new Table().Border(TableBorder.None);
        table.AddColumn(new TableColumn("\ndesign").NoWrap().Padding(0, 0, 0, 0).Width(18));
        foreach ((string heading, int width) in Figures)
        {
            table.AddColumn(new TableColumn(heading).RightAligned().Padding(0, 0, 0, 0).Width(width));
        }

        DesignResult[] real = [.. report.Designs.Where(design => !Bounds.Contains(design.Choice.Name))];
        long least = real.Length == 0 ? 0 : real.Min(Lost);
        real = [.. real.Where(design => Lost(design) == least)];
        double bestMean = real.Length == 0 ? double.NaN : real.Max(design => design.GivenBackMean);
        double bestMin = real.Length == 0 ? double.NaN : real.Max(design => (double)design.GivenBackMin);
        foreach (DesignResult design in report.Designs)
        {
            bool isReal = real.Contains(design);
            table.AddRow(
                new Text(design.Choice.Name),
                Cell(Size(report, design.GivenBackMean), isReal && design.GivenBackMean == bestMean),
                Cell(Size(report, design.GivenBackMin), isReal && design.GivenBackMin == bestMin),
                Cell(Number(design.StorageFrames == 0 ? 0 : 100 * design.GivenBackMean / design.StorageFrames, "N1"), false),
                Cell(Size(report, design.LentMean), false),
                Cell(Size(report, design.LentMax), false),
                Cell(Size(report, design.ReservedMax), isReal && design.ReservedMax == real.Min(other => other.ReservedMax)),
                Cell(Number(design.BlockFillMean, "N1"), isReal && design.BlockFillMean == real.Max(other => other.BlockFillMean)),
                Cell(Number(design.Counters.TagMigratedFrames, "N0"), isReal && design.Counters.TagMigratedFrames == real.Min(other => other.Counters.TagMigratedFrames)),
                Cell(Number(design.Counters.FailedReservations, "N0"), false),
                Cell(Number(Lost(design), "N0"), false),
                Cell(Number(design.Latency.P99 / 1000.0, "N1"), isReal && design.Latency.P99 == real.Min(other => other.Latency.P99)));
        }

        return table;
    }

    private static long Lost(DesignResult design) => design.Counters.RefusedTagged + design.Counters.FailedAllocations;

    private static void PrintViolations(IAnsiConsole console, ComparisonReport report)
    {
        foreach (DesignResult design in report.Designs.Where(design => design.Violations.Count > 0))
        {
            console.MarkupLineInterpolated(
                CultureInfo.InvariantCulture,
                $"[red]{design.Choice.Name}: {design.Violations.Count:N0} laws broken, first {design.Violations[0].ToString()}[/]");
        }
    }

    private static Text Cell(string value, bool isBest) => new(isBest ? value + "*" : value, isBest ? new Style(decoration: Decoration.Bold) : Style.Plain);

    private static string Size(ComparisonReport report, double frames)
    {
        double mebibytes = report.Mebibytes(frames);
        return Number(mebibytes, mebibytes < 1000 ? "N2" : "N0");
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
