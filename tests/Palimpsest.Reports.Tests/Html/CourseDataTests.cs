using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using Palimpsest.Designs;
using Palimpsest.Lab.Courses;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Html;
using Palimpsest.Traces;

namespace Palimpsest.Reports.Tests.Html;

/// <summary>A course in the page: moments told as differences are read back as they were, and take few letters.</summary>
public sealed class CourseDataTests
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%()*=";

    private static readonly ComparisonResult Tiny = TinyComparison.Run(
        [DesignCatalog.Parse("cma-no-tagged"), DesignCatalog.Parse("static")], new CourseRequest());

    [Theory]
    [InlineData("", "A3F", new byte[] { 0, 0, 0, 5 })]
    [InlineData("A3F", "B", new byte[] { 1, 0, 0, 5 })]
    [InlineData("A3F", "-2B", new byte[] { 0, 0, 1, 5 })]
    [InlineData("A3F", "", new byte[] { 0, 0, 0, 5 })]
    public void EqualCellsAreALetterAndANumberAndOldOnesADash(string before, string text, byte[] cells)
    {
        byte[] old = new byte[4];
        Apply(before, old);

        Assert.Equal(text, CourseData.Cells(cells, before.Length == 0 ? null : old));
    }

    [Fact]
    public void CellsAreReadBackAsTheyWere() => Law.Holds(
        Gen.Select(Gen.Byte[0, 59].Array[50], Gen.Byte[0, 59].Array[50]), 500, pair =>
    {
        byte[] cells = [.. pair.Item1];
        Apply(CourseData.Cells(pair.Item2, cells), cells);

        Assert.Equal(pair.Item2, cells);
    });

    [Fact]
    public void ThePageHasTheMomentsOfTheResult()
    {
        using JsonDocument data = Data(Page(Tiny));
        MemoryCourse course = Tiny.Designs[0].Course!;
        JsonElement told = data.RootElement.GetProperty("designs")[0].GetProperty("course");
        JsonElement[] moments = [.. told.GetProperty("moments").EnumerateArray()];
        byte[] cells = new byte[course.Grid.Cells];

        Assert.Equal(course.Moments.Count, moments.Length);
        foreach ((JsonElement moment, MemoryMoment kept) in moments.Zip(course.Moments))
        {
            Apply(moment[8].GetString()!, cells);
            Assert.Equal(kept.Cells, cells);
            Assert.Equal((kept.Figures.Reserved, kept.Figures.Tagged), (moment[1].GetInt32(), moment[3].GetInt32()));
        }

        Assert.Equal(course.Marks.Count, told.GetProperty("marks").GetArrayLength());
        Assert.True(data.RootElement.GetProperty("designs")[1].GetProperty("course").GetProperty("keepsAll").GetBoolean());
    }

    [Fact]
    public void SameResultGivesSameBytes() => Assert.Equal(Page(Tiny), Page(TinyComparison.Run(
        [DesignCatalog.Parse("cma-no-tagged"), DesignCatalog.Parse("static")], new CourseRequest())));

    [Fact]
    public void WithoutACourseThereIsTheMapAtTheEnd()
    {
        string page = Page(TinyComparison.Run([DesignCatalog.Parse("static")]));

        Assert.Contains("id=\"map-canvas\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"player\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSmallPageHasNoSliderAndNoScript()
    {
        using StringWriter writer = new();
        ComparisonHtml.WriteSmall(writer, Tiny);

        Assert.DoesNotContain("<script", writer.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"player\"", writer.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"pane\":1,\"design\":\"packed\",\"moment\":2,\"cell\":3,\"whole\":true}", true)]
    [InlineData("{\"pane\":1,\"design\":\"packed\",\"moment\":2,\"cell\":3}", false)]
    [InlineData("{\"pane\":1}", false)]
    [InlineData("{\"pane\":\"x\",\"design\":\"packed\",\"moment\":2,\"cell\":3}", false)]
    [InlineData("{\"pane\":1,\"design\":\"packed\",\"moment\":2.5,\"cell\":3}", false)]
    [InlineData("[", false)]
    [InlineData("7", false)]
    public void AQuestionIsReadOrPassedOver(string message, bool isOne) => Assert.Equal(
        isOne ? new FilmQuestion(1, "packed", 2, 3, IsWhole: true) : null, FilmQuestion.Read(System.Text.Encoding.UTF8.GetBytes(message)));

    [Fact]
    public void AStartNamesDesignsAndShape()
    {
        MemoryCourse course = Tiny.Designs[0].Course!;
        using JsonDocument told = JsonDocument.Parse(FilmMessages.Start(new CourseStart(
            [.. Tiny.Designs.Select(design => design.Design)], course.Grid, TraceClock.Time, 4096, course.StorageFrames, Orders: 11,
            DurationNs: 5_000_000_000)));

        Assert.Equal("start", told.RootElement.GetProperty("kind").GetString());
        Assert.Equal(["cma-no-tagged", "static"], told.RootElement.GetProperty("designs").EnumerateArray()
            .Select(design => design.GetProperty("name").GetString()!));
        Assert.Equal(5, told.RootElement.GetProperty("end").GetDouble());
    }

    private static void Apply(string text, byte[] cells)
    {
        int at = 0;
        foreach (Match part in Regex.Matches(text, "([^0-9])([0-9]*)"))
        {
            int times = part.Groups[2].Length == 0 ? 1 : int.Parse(part.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture);
            if (part.Groups[1].Value != "-")
            {
                cells.AsSpan(at, times).Fill((byte)Letters.IndexOf(part.Groups[1].Value, StringComparison.Ordinal));
            }

            at += times;
        }
    }

    private static string Page(ComparisonResult result)
    {
        using StringWriter writer = new();
        ComparisonHtml.Write(writer, result);
        return writer.ToString();
    }

    private static JsonDocument Data(string page) =>
        JsonDocument.Parse(Regex.Match(page, "<script type=\"application/json\" id=\"report-data\">(.*?)</script>").Groups[1].Value);
}
