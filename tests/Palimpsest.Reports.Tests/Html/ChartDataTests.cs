using System.Text.Json;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Html;
using Palimpsest.Traces;

namespace Palimpsest.Reports.Tests.Html;

/// <summary>The numbers behind the pictures are those of the result, in pages, and short.</summary>
public sealed class ChartDataTests
{
    private static readonly TimePoint[] Points =
    [
        Tiny().TimeLine[0] with { TimeNs = 0, Reserved = 1, Lent = 2, Tagged = 3, MigratedFrames = 4, Free = 5 },
        Tiny().TimeLine[0] with { TimeNs = 1_234_567_890, Reserved = 11, Lent = 12, Tagged = 13, MigratedFrames = 14, Free = 15 },
    ];

    [Theory]
    [InlineData("reserved", 1, 11)]
    [InlineData("used", 2, 12)]
    [InlineData("tagged", 3, 13)]
    [InlineData("migrated", 4, 14)]
    [InlineData("free", 5, 15)]
    public void AColumnIsItsFigureAtEachMoment(string name, int first, int second)
    {
        JsonElement design = Data(Result()).GetProperty("designs")[0];

        Assert.Equal([first, second], design.GetProperty(name).EnumerateArray().Select(value => value.GetInt32()));
    }

    [Theory]
    [InlineData(TraceClock.Time, "s", "[0,1.234568]", "2.5")]
    [InlineData(TraceClock.Counter, "events", "[0,1234567890]", "2500000000")]
    public void MomentsAreInTheUnitOfTheClock(TraceClock clock, string unit, string time, string worst)
    {
        ComparisonResult result = Result();
        JsonElement data = Data(result with { Recording = result.Recording with { Clock = clock } });

        Assert.Equal(unit, data.GetProperty("timeUnit").GetString());
        Assert.Equal(time, data.GetProperty("time").GetRawText());
        Assert.Equal(worst, data.GetProperty("designs")[0].GetProperty("givenBackMinTime").GetRawText());
    }

    [Fact]
    public void TheMachineAndTheBestAreNamed()
    {
        JsonElement data = Data(Result());
        JsonElement design = data.GetProperty("designs")[0];

        Assert.Equal((MadeUp.PageBytes, "made-up"), (data.GetProperty("pageBytes").GetInt32(), data.GetProperty("best").GetString()));
        Assert.Equal((1600, 160, false), (design.GetProperty("storage").GetInt32(), design.GetProperty("givenBackMin").GetInt32(),
            design.GetProperty("bound").GetBoolean()));
        Assert.Equal([7, 8], design.GetProperty("fill").EnumerateArray().Select(value => value.GetInt32()));
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0 }, "a2a2")]
    [InlineData(new byte[] { 0, 1, 2, 3 }, "abcd")]
    [InlineData(new byte[] { 1, 1, 2, 1 }, "b2cb")]
    [InlineData(new byte[] { 2, 3, 3, 3 }, "cdd2")]
    public void EqualCellsOfARunAreALetterAndANumber(byte[] map, string cells) =>
        Assert.Equal(cells, Data(Result(map)).GetProperty("designs")[0].GetProperty("cells").GetString());

    [Fact]
    public void ACellIsAPageblockAndRunsStandWhereMemoryDoes()
    {
        JsonElement map = Data(Result()).GetProperty("map");

        Assert.Equal(32 * MadeUp.PageBytes, map.GetProperty("cellBytes").GetDouble());
        Assert.Equal([(0x8000_0000UL, 2), (0x1_0000_0000UL, 2)], map.GetProperty("runs").EnumerateArray()
            .Select(run => (run.GetProperty("base").GetUInt64(), run.GetProperty("cells").GetInt32())));
    }

    [Fact]
    public void NothingInANameCanEndItsScript()
    {
        ComparisonResult result = Result();
        DesignResult hostile = result.Designs[0] with { Design = result.Designs[0].Design with { Name = "</script><!--" } };
        string json = Json(result with { Designs = [hostile] });

        Assert.DoesNotContain("<", json, StringComparison.Ordinal);
        Assert.Equal("</script><!--", JsonDocument.Parse(json).RootElement.GetProperty("designs")[0].GetProperty("name").GetString());
    }

    private static DesignResult Tiny() => TinyComparison.Run([Designs.DesignCatalog.Parse("static")]).Designs[0];

    private static ComparisonResult Result(byte[]? map = null)
    {
        DesignResult design = MadeUp.Design with { TimeLine = Points, BlockFill = [7, 8], Map = map ?? [0, 1, 2, 3] };
        return MadeUp.Comparison(design) with
        {
            Board = MadeUp.Board with
            {
                Runs = [new FrameRunFacts(0x8000_0000, FirstFrame: 0, Frames: 64),
                    new FrameRunFacts(0x1_0000_0000, FirstFrame: 64, Frames: 64)],
            },
        };
    }

    private static string Json(ComparisonResult result) => ChartData.Json(result, new Labels(result.Designs), result.Designs[0]);

    private static JsonElement Data(ComparisonResult result) => JsonDocument.Parse(Json(result)).RootElement.Clone();
}
