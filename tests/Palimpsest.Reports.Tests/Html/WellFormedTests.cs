using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Trials;
using Palimpsest.Races;
using Palimpsest.Races.Trials;
using Palimpsest.Reports.Columns;
using Palimpsest.Reports.Html;
using Palimpsest.Reports.Json;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Tests.Html;

/// <summary>Pages are whole whatever is in them, and say what the JSON says.</summary>
public sealed partial class WellFormedTests
{
    private const string Hostile = "\"><script>alert(1)</script><!-- & ' \u0007";

    private static readonly ComparisonResult Tiny = TinyComparison.Run();

    private static readonly LawViolation Broken = new("TAG-1", Hostile);

    public static TheoryData<string> Comparisons() => ["tiny", "made-up", "empty", "hostile", "broken", "without time", "bounds"];

    [Theory]
    [MemberData(nameof(Comparisons))]
    public void WhatOpensIsClosed(string which) => Assert.Null(Tags.FirstMistake(Page(Of(which))));

    [Theory]
    [MemberData(nameof(Comparisons))]
    public void EveryRowOfATableHasACellForEveryHeading(string which)
    {
        foreach (Match table in Table().Matches(Page(Of(which))))
        {
            string[] rows = [.. Row().Matches(table.Value).Select(row => row.Value)];
            Assert.All(rows, row => Assert.Equal(Cells(rows[0]), Cells(row)));
        }
    }

    [Fact]
    public void ARaceIsAPageThatIsClosedWhateverItIsCalled()
    {
        ToldRun run = new(Hostile, ["one", Hostile], [new RunRow(1, 1, Hostile, Hostile, [Hostile], Hostile)], 1, 0, "TAG-1", Hostile);
        SearchOutcome found = new(Hostile, 3, IsExhaustive: false, PreemptionBound: null, FoundAfter: 3, run, IsShortest: false);
        RaceOutcome race = new("R7", Hostile, Hostile, Hostile, found, found, RaceVerdict.Broken);
        using StringWriter writer = new();
        ExploreHtml.Write(writer, [race, race with { Id = "R8", Without = null }]);
        string page = writer.ToString();

        Assert.Null(Tags.FirstMistake(page));
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("href=\"#R8\"", page, StringComparison.Ordinal);
        Assert.Contains("id=\"R8\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void FiguresOfThePageAreThoseOfTheJson()
    {
        using MemoryStream stream = new();
        ComparisonJson.Write(stream, Tiny);
        JsonElement[] designs = [.. JsonDocument.Parse(stream.ToArray()).RootElement.GetProperty("designs").EnumerateArray()];
        string page = Page(Tiny);
        Dictionary<string, string> headline = RowsOf(page, "headline");
        string[] ids = [.. HeadlineIds(page)];

        Assert.Equal(designs.Length, headline.Count);
        foreach (JsonElement design in designs)
        {
            double[] shown = [.. SortKey().Matches(headline[design.GetProperty("name").GetString()!]).Skip(1)
                .Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
            for (int column = 0; column < ids.Length; column++)
            {
                if (DesignColumns.Named(ids[column]).IsInJson)
                {
                    JsonElement at = ids[column].Split('.').Aggregate(design, (place, name) => place.GetProperty(name));
                    Assert.Equal(at.GetDouble(), shown[column], 4);
                }
            }
        }
    }

    [Fact]
    public void WhatIsShownIsWhatIsSortedByRounded()
    {
        string row = RowsOf(Page(MadeUp.Comparison(MadeUp.Design)), "headline")["made-up"];
        (string Key, string Text)[] cells = [.. Cell().Matches(row).Select(match => (match.Groups[1].Value, match.Groups[2].Value))];

        Assert.Contains(("25", "25.00"), cells);
        Assert.Contains(("2.5", "2.50"), cells);
        Assert.Contains(("5.25", "5.2"), cells);
        Assert.Contains(("13330", "13.3"), cells);
        Assert.Contains(("144440", "144.4"), cells);
    }

    [Fact]
    public void TheTimeOfARecordingWithoutATimeIsInItsOwnUnit()
    {
        string page = Page(Of("without time"));

        Assert.Contains("events", page, StringComparison.Ordinal);
        Assert.Contains("at, events</button>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("at, s</button>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<b>", false)]
    [InlineData("<p>a</p><p>b", false)]
    [InlineData("<p><i>a</p></i>", false)]
    [InlineData("<p id=\"a\">a</p><p id=\"a\">b</p>", false)]
    [InlineData("a < b", false)]
    [InlineData("<p title=\"a>b\">a</p>", true)]
    [InlineData("<!DOCTYPE html><html><meta charset=\"utf-8\"><style>a<b</style><br></html>", true)]
    [InlineData("<p><!-- a --></p>", false)]
    public void TheReaderSeesWhatIsNotWhole(string page, bool isWhole) => Assert.Equal(isWhole, Tags.FirstMistake(page) is null);

    private static ComparisonResult Of(string which) => which switch
    {
        "tiny" => Tiny,
        "made-up" => MadeUp.Comparison(MadeUp.Design),
        "empty" => MadeUp.Comparison(),
        "bounds" => Tiny with { Designs = [.. Tiny.Designs.Where(design => design.Design.IsBound)] },
        "broken" => Tiny with { Designs = [.. Tiny.Designs.Select(design => design with { Violations = [Broken, Broken] })] },
        "without time" => Tiny with { Recording = Tiny.Recording with { Clock = TraceClock.Counter } },
        _ => Tiny with
        {
            Recording = Tiny.Recording with { Name = Hostile, Format = Hostile, EventsByType = [KeyValuePair.Create(Hostile, 3L)] },
            Board = Tiny.Board with { Name = Hostile, Model = Hostile, Dialect = Hostile },
            Workload = Tiny.Workload with { TagSource = Hostile },
            Assumptions = [Hostile],
            Designs = [.. Tiny.Designs.Select(design => design with
            {
                Design = design.Design with { Name = Hostile, Parameters = Hostile, Origin = Hostile, Essence = Hostile },
                Violations = [Broken],
            })],
        },
    };

    private static string Page(ComparisonResult result)
    {
        using StringWriter writer = new();
        ComparisonHtml.Write(writer, result);
        return writer.ToString();
    }

    /// <summary>Rows of the first table of a section by the name at their beginning.</summary>
    private static Dictionary<string, string> RowsOf(string page, string section)
    {
        string from = page[page.IndexOf($"<section id=\"{section}\">", StringComparison.Ordinal)..];
        string table = Table().Match(from).Value;
        return Row().Matches(table).Where(row => row.Value.Contains("data-sort", StringComparison.Ordinal))
            .ToDictionary(row => WebUtility.HtmlDecode(Name().Match(row.Value).Groups[1].Value), row => row.Value);
    }

    private static IEnumerable<string> HeadlineIds(string page)
    {
        string from = page[page.IndexOf("<section id=\"headline\">", StringComparison.Ordinal)..];
        string[] meanings = [.. Meaning().Matches(Table().Match(from).Value).Skip(1)
            .Select(match => WebUtility.HtmlDecode(match.Groups[1].Value))];
        string[] headings = [.. Meaning().Matches(Table().Match(from).Value).Skip(1).Select(match => match.Groups[2].Value.Split(',')[0])];
        return meanings.Zip(headings, (meaning, heading) =>
            DesignColumns.All.Single(column => column.Meaning == meaning && column.Heading == heading).Id);
    }

    private static int Cells(string row) => CellStart().Matches(row).Sum(cell =>
        cell.Groups[1].Success ? int.Parse(cell.Groups[1].Value, CultureInfo.InvariantCulture) : 1);

    [GeneratedRegex("<table.*?</table>", RegexOptions.Singleline)]
    private static partial Regex Table();

    [GeneratedRegex("<tr.*?</tr>", RegexOptions.Singleline)]
    private static partial Regex Row();

    [GeneratedRegex("<t[hd](?: colspan=\"(\\d+)\")?[ >]")]
    private static partial Regex CellStart();

    [GeneratedRegex("data-sort=\"([^\"]*)\"")]
    private static partial Regex SortKey();

    [GeneratedRegex("<td[^>]* data-sort=\"([^\"]*)\">([^<]*)</td>")]
    private static partial Regex Cell();

    [GeneratedRegex("<th class=\"name\"[^>]*>([^<]*)</th>")]
    private static partial Regex Name();

    [GeneratedRegex("<button type=\"button\" title=\"([^\"]*)\">([^<]*)</button>")]
    private static partial Regex Meaning();
}
