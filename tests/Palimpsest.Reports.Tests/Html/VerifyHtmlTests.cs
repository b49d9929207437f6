using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Fidelity;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Html;
using Palimpsest.Testing.Recordings;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Tests.Html;

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
        VerificationResult report = Report(Guided(Pages));
        MissedPage miss = report.Guided!.Misses[0];
        string page = Page(report);

        Assert.Contains($"<h2>Misses: {report.Guided.Misses.Count}</h2>", page, StringComparison.Ordinal);
        Assert.Contains($"<td>0x{miss.Kernel:x}</td>", page, StringComparison.Ordinal);
        Assert.Contains(miss.Cause.Replace("'", "&#39;", StringComparison.Ordinal), page, StringComparison.Ordinal);
    }

    [Fact]
    public void TagStorageHasASectionWhereTheKernelLendsIt()
    {
        MissedStorage miss = new(7, 1_500_000_000, StorageQuestion.Fault, 0x44a42, "map", "retry", "a <cause>");
        StorageResult storage = new(new(9, 10), new(10, 10), default, default, default, new(0, 1), default, [miss], 0, 0);
        StorageCourse course = new([new(StorageCourse.ReservedMean, 12.5, 10)], [new(250_000_000, 3, 4, 5, 6)]);
        VerificationResult report = Report(Guided(Pages));
        string page = Page(report with
        {
            Storage = course, StorageDesign = "made-up:block=0", Guided = report.Guided! with { Storage = storage },
        });

        Assert.DoesNotContain("tag-storage", Page(report), StringComparison.Ordinal);
        Assert.Contains("<h2>Tag storage</h2>", page, StringComparison.Ordinal);
        Assert.Contains("<code>made-up:block=0</code>", page, StringComparison.Ordinal);
        Assert.Contains("how a page gets its storage</th><td>9</td><td>10</td>", page, StringComparison.Ordinal);
        Assert.Contains($"<tr><td>{report.Guided!.Misses.Count + 1}</td><td>1.500000</td>", page, StringComparison.Ordinal);
        Assert.Contains("a &lt;cause&gt;", page, StringComparison.Ordinal);
        Assert.Contains("<td>12.5</td><td>10.0</td><td>25.00</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td>0.25</td><td>3</td><td>4</td><td>5</td><td>6</td>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void OnlyTwoHundredMissesAreShownAndTheRestCounted()
    {
        VerificationResult report = Report(Guided(Enumerable.Range(0, 800).Select(page => 0x43800 - (2 * page))));
        int misses = report.Guided!.Misses.Count;
        string page = Page(report);

        Assert.InRange(misses, 201, int.MaxValue);
        Assert.Equal(200, Regex.Count(page, "<td style=\"white-space:normal;min-width:260px\">"));
        Assert.Contains($"{misses - 200} more are not shown", page, StringComparison.Ordinal);
    }

    [Fact]
    public void FreeListsOfTheKernelStandBesideTheModels()
    {
        VerificationResult report = Report(Guided(Pages));
        FreeChunkCounts kernel = new();
        kernel.Chunks[(int)MigrateType.Movable][3] = 7_654;
        string page = Page(report with { FreeEnd = report.FreeEnd with { KernelChunks = kernel } });

        Assert.Contains("<tr><td>kernel</td>", page, StringComparison.Ordinal);
        Assert.Contains(">7,654</td>", page, StringComparison.Ordinal);
        Assert.Contains(">Never corrected: ", page, StringComparison.Ordinal);
    }

    [Fact]
    public void ARecordingWithoutRefillsIsStillAPage()
    {
        VerificationResult report = Report(Recording.Of("alloc 40010", "free 40010"));
        string page = Page(report);

        Assert.Null(report.Guided);
        Assert.Contains("Not possible page by page", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", page, StringComparison.Ordinal);
        Assert.EndsWith("</main>\n</body></html>\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public void NamesOfTheInputNeverBecomeMarkup()
    {
        VerificationResult report = Report(Guided(Pages));
        string page = Page(report with
        {
            Recording = report.Recording with { Name = Nasty, EventsByType = [KeyValuePair.Create(Nasty, 1L)], Notes = [Nasty] },
            BoardName = Nasty,
            FreeEnd = report.FreeEnd with { Figures = [new Figure(Nasty, 1, 0)] },
            Violations = [new LawViolation(Nasty, Nasty)],
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
            text.Append(CultureInfo.InvariantCulture,
                $"            init-1       [000] .....   {second}.000000: mm_page_alloc_zone_locked: {place} percpu_refill=1\n");
            text.Append(CultureInfo.InvariantCulture,
                $"            init-1       [000] .....   {second}.000001: mm_page_alloc: {place} gfp_flags=GFP_HIGHUSER_MOVABLE\n");
            second++;
        }

        return TraceFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())), "recording");
    }

    private static VerificationResult Report(Trace trace) =>
        new Verification(trace, Recording.Layout,
            new VerificationOptions(Start: null, End: null, new MachineOptions(Cpus: 1), new TraceFilter())).Result("tiny.txt", "flat");

    private static string Page(VerificationResult report)
    {
        using StringWriter writer = new();
        VerifyHtml.Write(writer, report);
        return writer.ToString();
    }
}
