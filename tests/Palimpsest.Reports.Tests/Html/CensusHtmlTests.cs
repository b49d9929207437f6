using System.IO.Compression;
using Palimpsest.Lab.Census;
using Palimpsest.Reports.Html;
using Palimpsest.Reports.Html.Census;

namespace Palimpsest.Reports.Tests.Html;

/// <summary>The page of a census is whole, loads nothing, and takes no markup from its input.</summary>
public sealed class CensusHtmlTests
{
    public static TheoryData<string> Censuses() => ["made-up", "empty", "hostile", "over time"];

    [Theory]
    [MemberData(nameof(Censuses))]
    public void WhatOpensIsClosedAndNothingIsLoaded(string which)
    {
        string page = Page(which);

        Assert.Null(Tags.FirstMistake(page));
        Assert.DoesNotMatch("(?i)<script|https?:|@import|url\\(|<(img|iframe|object|embed)", page);
        Assert.Equal(page, Page(which));
    }

    [Fact]
    public void ItSaysTheAnswerAndDrawsWhereThePagesLie()
    {
        string page = Page("made-up");

        Assert.Contains("<strong>8</strong> tag pages for 71 pages, where 3 would do: <strong>2.67 times the ideal</strong>", page,
            StringComparison.Ordinal);
        Assert.Contains("<title>1 pages: 5 blocks</title>", page, StringComparison.Ordinal);
        Assert.Contains(">0x400000000</text>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"course\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void ACourseIsDrawn() => Assert.Contains("2 censuses", Page("over time"), StringComparison.Ordinal);

    [Fact]
    public void OnlyFiftyProcessesAreShownAndTheRestCounted() =>
        Assert.Contains("10 more have less", Page("hostile"), StringComparison.Ordinal);

    [Fact]
    public void APictureHasItsPixels()
    {
        byte[] png = IndexedPng.Of([0, 1, 1, 0], 2, [(1, 2, 3, 4), (5, 6, 7, 8)]);
        int data = png.AsSpan().IndexOf("IDAT"u8) + 4;
        using ZLibStream packed = new(new MemoryStream(png, data, png.Length - data), CompressionMode.Decompress);
        byte[] rows = new byte[6];
        packed.ReadExactly(rows);

        Assert.Equal([0, 0, 1, 0, 1, 0], rows);

        // The end of every PNG, with its known sum.
        Assert.Equal([0, 0, 0, 0, .. "IEND"u8, 0xae, 0x42, 0x60, 0x82], png[^12..]);
    }

    private static string Page(string which)
    {
        using StringWriter writer = new();
        if (which == "over time")
        {
            CensusResult last = MadeUpCensus.Result;
            CensusHtml.Write(writer, new CensusCourse(last, [new(0, last.All, 75), new(5, MadeUpCensus.Empty.All, 100)]));
        }
        else
        {
            CensusHtml.Write(writer,
                which == "empty" ? MadeUpCensus.Empty : which == "hostile" ? MadeUpCensus.Hostile : MadeUpCensus.Result);
        }

        return writer.ToString();
    }
}
