using System.Text.Json;
using System.Text.RegularExpressions;
using Palimpsest.Designs;
using Palimpsest.Lab.Trials;
using Palimpsest.Machine.Memory;
using Palimpsest.Reports.Html;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Tests.Html;

/// <summary>The page is one file that loads nothing, is the same every time, and takes no markup from its input.</summary>
public sealed class ComparisonHtmlTests
{
    private const string Nasty = "</script><b>&\"'<!--";

    private static readonly ComparisonResult Tiny = TinyComparison.Run();

    [Fact]
    public void SameReportGivesSameBytes() => Assert.Equal(Page(Tiny), Page(TinyComparison.Run()));

    [Fact]
    public void PageLoadsNothing()
    {
        string page = Page(Tiny);
        string markup = WithoutScriptAndStyle(page);

        Assert.Contains("content=\"default-src &#39;none&#39;; script-src", page);
        Assert.DoesNotMatch("https?:", markup);
        Assert.DoesNotMatch("(?i)<(script|img|iframe|link|object|embed)[^>]*(src|href|data)=\"(?!data:)", markup);
        Assert.DoesNotMatch("(?i)@import|url\\(", Regex.Match(page, "<style>.*?</style>", RegexOptions.Singleline).Value);
        Assert.Equal(2, Regex.Count(page, "</script"));
    }

    [Fact]
    public void BundleKeepsItsLicence() => Assert.Contains("Apache License, Version 2.0", Page(Tiny));

    [Fact]
    public void EveryDesignHasItsRowsAndItsData()
    {
        string page = Page(Tiny);
        using JsonDocument data = Data(page);
        string[] names = [.. data.RootElement.GetProperty("designs").EnumerateArray()
            .Select(design => design.GetProperty("name").GetString()!)];

        Assert.Equal(DesignCatalog.All.Select(entry => entry.Name), names);
        Assert.All(DesignCatalog.All, entry => Assert.Equal(4, Regex.Count(page, $"<th class=\"name\"[^>]*>{entry.Name}</th>")));
    }

    [Fact]
    public void ColumnsAreAsLongAsTheTimeAxis()
    {
        using JsonDocument data = Data(Page(Tiny));
        int moments = data.RootElement.GetProperty("time").GetArrayLength();

        Assert.Equal(601, moments);
        Assert.All(data.RootElement.GetProperty("designs").EnumerateArray(), design => Assert.All(
            ["reserved", "used", "tagged", "migrated", "free"],
            column => Assert.Equal(moments, design.GetProperty(column).GetArrayLength())));
    }

    [Fact]
    public void TheFirstSentenceNamesTheDesignThatGivesBackMost()
    {
        DesignResult[] built = [.. Tiny.Designs.Where(design => !design.Design.IsBound)];
        DesignResult answer = built.Single(design => design.Design.Name == Answer(Page(Tiny)));

        Assert.Equal(built.Max(design => design.Storage.GivenBackMean), answer.Storage.GivenBackMean);
    }

    [Fact]
    public void ADesignThatRefusesTagsIsNotTheAnswer()
    {
        DesignResult idle = Tiny.Designs[^1] with { Storage = Tiny.Designs[^1].Storage with { GivenBackMean = 1e6 },
            Counts = new DesignCounts { RefusedTagged = 100 } };

        Assert.NotEqual(idle.Design.Name, Answer(Page(Tiny with { Designs = [.. Tiny.Designs.SkipLast(1), idle] })));
    }

    [Fact]
    public void ADesignRunTwiceIsToldApartByItsParameters()
    {
        ComparisonResult report = TinyComparison.Run([DesignCatalog.Parse("tag-blocks"), DesignCatalog.Parse("tag-blocks:attempts=9")]);

        Assert.Contains(">tag-blocks:attempts=9</th>", Page(report));
    }

    [Fact]
    public void NamesOfTheInputNeverBecomeMarkup()
    {
        ComparisonResult report = Tiny with
        {
            Recording = Tiny.Recording with { Name = Nasty, EventsByType = [KeyValuePair.Create(Nasty, 1L)] },
            Board = Tiny.Board with { Name = Nasty, Model = Nasty },
            Assumptions = [Nasty],
            Designs = [.. Tiny.Designs.Select(design => design with { Violations = [new LawViolation(Nasty, Nasty)] })],
        };
        string page = Page(report);

        Assert.DoesNotContain("</script><b>", page);
        Assert.DoesNotContain("<!--", WithoutScriptAndStyle(page));
        Assert.Equal(2, Regex.Count(page, "</script"));
        Data(page).Dispose();
    }

    [Fact]
    public void BrokenLawsAreShownWithTheirFirstCounterexample()
    {
        DesignResult broken = Tiny.Designs[^1] with { Violations = [new LawViolation("TAG-1", "frame 7 is tagged without storage")] };
        string page = Page(Tiny with { Designs = [broken] });

        Assert.Contains($"{broken.Design.Name}, first counterexample: <code>TAG-1: frame 7 is tagged without storage</code>", page);
    }

    [Fact]
    public void MapOfAHugeMachineIsDrawnInCoarserCells()
    {
        PageGeometry geometry = PageGeometry.Page4K;
        MemoryLayout layout = MemoryLayout.For(MemoryBoard.Flat(1UL << 40, geometry), geometry);
        byte[] map = [.. Enumerable.Range(0, layout.Frames / geometry.PageBlockFrames).Select(block => (byte)(block / 3 % 7))];
        ComparisonResult report = Tiny with { Board = BoardFacts.Of("huge", layout),
            Designs = [.. Tiny.Designs.Select(design => design with { Map = map })] };
        string page = Page(report);
        using JsonDocument data = Data(page);

        Assert.True(data.RootElement.GetProperty("map").GetProperty("group").GetInt32() > 1);
        Assert.InRange(page.Length, 1, 2_500_000);
    }

    [Fact]
    public void AReportWithoutDesignsIsStillAPage()
    {
        string page = Page(Tiny with { Designs = [] });

        Assert.Contains("Only bounds were run", page);
        Data(page).Dispose();
    }

    private static string Page(ComparisonResult report)
    {
        using StringWriter writer = new();
        ComparisonHtml.Write(writer, report);
        return writer.ToString();
    }

    private static string Answer(string page) =>
        Regex.Match(page, "<p class=\"answer\"><strong>([^<]*)</strong> gives back").Groups[1].Value;

    private static JsonDocument Data(string page) =>
        JsonDocument.Parse(Regex.Match(page, "<script type=\"application/json\" id=\"report-data\">(.*?)</script>").Groups[1].Value);

    private static string WithoutScriptAndStyle(string page) =>
        Regex.Replace(page, "<(script|style)[^>]*>.*?</\\1>", "", RegexOptions.Singleline);
}
