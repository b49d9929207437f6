using System.Net;
using CsCheck;
using Palimpsest.Lab.Trials;
using Palimpsest.Machine.Memory;
using Palimpsest.Reports.Html;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Tests.Html;

/// <summary>What is put between markup is text; figures are written as people read them.</summary>
public sealed class MarkupTests
{
    [Fact]
    public void AnyTextIsReadBackAsItWasAndOpensNothing() =>
        Law.Holds(Gen.Char[' ', '\u007e'].Array[0, 40], 1_000, letters =>
        {
            string text = new(letters);
            string markup = Written(html => html.Write($"<p title=\"{text}\">{text}</p>"));

            Assert.Null(Tags.FirstMistake(markup));
            Assert.Equal(text, WebUtility.HtmlDecode(markup[(markup.IndexOf('>', StringComparison.Ordinal) + 1)..^4]));
        });

    [Fact]
    public void NumbersAreWrittenTheSameEverywhere()
    {
        Assert.Equal("1,234.50 7 x", Written(html => html.Write($"{1234.5:N2} {7} {'x'}")));
        Assert.Equal("a\n", Written(html => html.Line($"a")));
        Assert.Equal("", Written(html => html.Write($"{(string?)null}")));
    }

    [Fact]
    public void FactsAreNamesWithTheirValues() => Assert.Equal(
        "<dl class=\"facts\">\n<div><dt>a&amp;b</dt><dd>&lt;c&gt;</dd></div>\n</dl>\n", Written(html => html.Facts([("a&b", "<c>")])));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "1.00")]
    [InlineData(1_000, "1.00")]
    [InlineData(9_994, "9.99")]
    [InlineData(13_330, "13.3")]
    [InlineData(999_900, "999.9")]
    [InlineData(1_234_567, "1,235")]
    public void TimeHasAsManyDecimalsAsMeanSomething(double nanoseconds, string microseconds)
    {
        Assert.Equal(microseconds, Figures.Microseconds(nanoseconds));
        Assert.Equal(microseconds, Figures.Milliseconds(nanoseconds * 1000));
    }

    [Theory]
    [InlineData(TraceClock.Time, 2_345_678_901L, "2.35 s")]
    [InlineData(TraceClock.Ticks, 2_345_678_901L, "2,345,678,901 ticks")]
    [InlineData(TraceClock.Counter, 1_234L, "1,234 events")]
    public void AMomentIsInTheUnitOfItsClock(TraceClock clock, long time, string text) => Assert.Equal(text, Figures.Moment(clock, time));

    [Theory]
    [InlineData(1, 4, "25.0 %")]
    [InlineData(1, 3, "33.3 %")]
    [InlineData(0, 5, "0.0 %")]
    [InlineData(3, 0, "–")]
    public void AShareOfNothingIsNone(double part, double whole, string text) => Assert.Equal(text, Figures.Share(part, whole));

    [Theory]
    [InlineData(0UL, "0 MiB")]
    [InlineData(1UL << 20, "1 MiB")]
    [InlineData(3UL << 19, "1.5 MiB")]
    [InlineData(4097UL << 20, "4,097 MiB")]
    public void SizesAreMebibytesWithoutIdleDecimals(ulong bytes, string text) => Assert.Equal(text, Figures.Mebibytes(bytes));

    [Theory]
    [InlineData("a/b/trace.dat", "trace.dat")]
    [InlineData("trace.dat", "trace.dat")]
    [InlineData("folder/", "folder/")]
    [InlineData("", "")]
    public void TheLastPartOfAPathIsItsName(string path, string name) => Assert.Equal(name, Figures.FileName(path));

    [Theory]
    [InlineData(ZoneKind.Dma, "DMA")]
    [InlineData(ZoneKind.Dma32, "DMA32")]
    [InlineData(ZoneKind.Normal, "Normal")]
    [InlineData(ZoneKind.Movable, "Movable")]
    public void ZonesAreNamedAsLinuxDoes(ZoneKind kind, string name) => Assert.Equal(name, Figures.Zone(kind));

    [Fact]
    public void ADesignIsCalledByItsNameAndWhatIsChangedInIt()
    {
        DesignResult[] designs = [Named("a", "x=1"), Named("b", "")];
        Labels labels = new(designs);

        Assert.Equal(["a:x=1", "b"], designs.Select(labels.Of));
    }

    [Fact]
    public void DesignsThatAreRunTwiceAreToldApartEvenWithoutADifference()
    {
        DesignResult[] designs = [Named("a", "x=1"), Named("a", "x=2"), Named("a", "x=1"), Named("b", "")];
        Labels labels = new(designs);

        Assert.Equal(["a:x=1", "a:x=2", "a:x=1 (2)", "b"], designs.Select(labels.Of));
    }

    private static DesignResult Named(string name, string changed) =>
        MadeUp.Design with { Design = MadeUp.Design.Design with { Name = name, Changed = changed } };

    private static string Written(Action<Markup> write)
    {
        using StringWriter writer = new();
        write(new Markup(writer));
        return writer.ToString();
    }
}
