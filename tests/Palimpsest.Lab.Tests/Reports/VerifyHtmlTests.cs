using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Palimpsest.Kernel;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Fidelity;
using Palimpsest.Lab.Reports;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing.Recordings;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Reports;

/// <summary>The page of a verification loads nothing, is the same every time, and takes no markup from its input.</summary>
public sealed class VerifyHtmlTests
{
    private const string Nasty = "</style><script>&\"'<!--";

    [Fact]
    public void SameRecordingGivesSameBytes() => Assert.Equal(Page(Report(Guided(Pages))), Page(Report(Guided(Pages))));

    [Fact]
    public void PageLoadsAndRunsNothing()
    {
        string page = Page(Report(Guided(Pages)));

        Assert.Contains("content=\"default-src &#39;none&#39;; style-src", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)<script|https?:|@import|url\\(|<(img|iframe|object|embed)", page);
        Assert.InRange(page.Length, 1, 120_000);
    }

    [Fact]
    public void EachMissIsShownWithBothPagesAndItsCause()
    {
        VerifyReport report = Report(Guided(Pages));
        Miss miss = report.Guided!.Tallies.Misses[0];
        string page = Page(report);

        Assert.Contains($"<h2>Misses: {report.Guided.Tallies.Misses.Count}</h2>", page, StringComparison.Ordinal);
        Assert.Contains($"<td>0x{Recording.Layout.PfnOf(miss.Kernel).Value:x}</td>", page, StringComparison.Ordinal);
        Assert.Contains(miss.Cause.Replace("'", "&#39;", StringComparison.Ordinal), page, StringComparison.Ordinal);
    }

    [Fact]
    public void OnlyTwoHundredMissesAreShownAndTheRestCounted()
    {
        VerifyReport report = Report(Guided(Enumerable.Range(0, 800).Select(page => 0x43800 - (2 * page))));
        int misses = report.Guided!.Tallies.Misses.Count;
        string page = Page(report);

        Assert.InRange(misses, 201, int.MaxValue);
        Assert.Equal(200, Regex.Count(page, "<td style=\"white-space:normal;min-width:260px\">"));
        Assert.Contains($"{misses - 200} more are not shown", page, StringComparison.Ordinal);
    }

    [Fact]
    public void FreeListsOfTheKernelStandBesideTheModels()
    {
        VerifyReport report = Report(Guided(Pages));
        FreeChunkCounts kernel = new();
        kernel.Chunks[(int)MigrateType.Movable, 3] = 7_654;
        string page = Page(report with { Free = report.Free with { End = report.Free.End with { KernelChunks = kernel } } });

        Assert.Contains("<tr><td>kernel</td>", page, StringComparison.Ordinal);
        Assert.Contains(">7,654</td>", page, StringComparison.Ordinal);
        Assert.Contains(">Never corrected: ", page, StringComparison.Ordinal);
    }

    [Fact]
    public void ARecordingWithoutRefillsIsStillAPage()
    {
        VerifyReport report = Report(Recording.Of("alloc 40010", "free 40010"));
        string page = Page(report);

        Assert.Null(report.Guided);
        Assert.Contains("Not possible page by page", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", page, StringComparison.Ordinal);
        Assert.EndsWith("</main>\n</body></html>\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public void NamesOfTheInputNeverBecomeMarkup()
    {
        VerifyReport report = Report(Guided(Pages));
        string page = Page(report with
        {
            TraceName = Nasty,
            BoardName = Nasty,
            Trace = TinyComparison.TraceOf((Nasty, 1)),
            Free = new FreeRun(report.Free.End with { Figures = [new Figure(Nasty, 1, 0)] }, [], [new LawViolation(Nasty, Nasty)]),
        });

        Assert.DoesNotMatch("<script|<!--", page);
        Assert.Single(Regex.Matches(page, "</style></?script|</style>\n</head>"));
    }

    // Some in the order in which the model would take them, some not.
    private static IEnumerable<int> Pages => Enumerable.Range(0, 32).Select(page => 0x40400 + page).Concat([0x40800, 0x40700, 0x40c03]);

    /// <summary>Each page is taken from the buddy lists, and then allocated; a second passes between pages.</summary>
    private static Trace Guided(IEnumerable<int> pages)
    {
        StringBuilder text = new("# tracer: nop\n#\n");
        int second = 100;
        foreach (int page in pages)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"page=00000000c3b0c4fd pfn=0x{page:x} order=0 migratetype=1");
            text.Append(CultureInfo.InvariantCulture, $"            init-1       [000] .....   {second}.000000: mm_page_alloc_zone_locked: {place} percpu_refill=1\n");
            text.Append(CultureInfo.InvariantCulture, $"            init-1       [000] .....   {second}.000001: mm_page_alloc: {place} gfp_flags=GFP_HIGHUSER_MOVABLE\n");
            second++;
        }

        return TraceFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())), "recording");
    }

    private static VerifyReport Report(Trace trace)
    {
        Verification verification = new(trace, Recording.Layout, new VerificationOptions(Start: null, End: null, new MachineOptions(Cpus: 1), new TraceFilter()));
        GuidedRun? guided = verification.CanGuide ? verification.Guide() : null;
        return new VerifyReport("tiny.txt", "flat", trace, new TraceFilter(), guided, GuidedEnd: null, verification.RunFree());
    }

    private static string Page(VerifyReport report)
    {
        using StringWriter writer = new();
        VerifyHtml.Write(writer, report);
        return writer.ToString();
    }
}
