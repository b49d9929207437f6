using System.Text.Json;
using Palimpsest.Lab.Inspection;
using Palimpsest.Lab.Trials;
using Palimpsest.Races;
using Palimpsest.Races.Trials;
using Palimpsest.Reports.Columns;
using Palimpsest.Reports.Json;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Tests.Json;

/// <summary>JSON has every column under its id, and what the goldens of the samples do not show.</summary>
public sealed class ReportJsonTests
{
    private static readonly ComparisonResult Tiny = TinyComparison.Run();

    private static JsonElement Root(Action<Stream> write)
    {
        using MemoryStream stream = new();
        write(stream);
        return JsonDocument.Parse(stream.ToArray()).RootElement.Clone();
    }

    [Fact]
    public void EveryColumnIsUnderItsId()
    {
        JsonElement design = Root(stream => ComparisonJson.Write(stream, Tiny)).GetProperty("designs")[10];

        foreach (Column<DesignResult> column in DesignColumns.All.Where(column => column.IsInJson))
        {
            JsonElement at = column.Id.Split('.').Aggregate(design, (place, name) => place.GetProperty(name));
            Assert.Equal(column.Value(Tiny.Designs[10]), at.GetDouble(), 4);
        }
    }

    [Fact]
    public void TheFirstThreeViolationsAreSpelledOutAndAllCounted()
    {
        LawViolation[] broken = [.. Enumerable.Range(1, 5).Select(number => new LawViolation("TAG-1", $"frame {number}"))];
        JsonElement design =
            Root(stream => ComparisonJson.Write(stream, Tiny with { Designs = [Tiny.Designs[0] with { Violations = broken }] }))
            .GetProperty("designs")[0];

        Assert.Equal(5, design.GetProperty("law_violations").GetInt32());
        Assert.Equal(["TAG-1: frame 1", "TAG-1: frame 2", "TAG-1: frame 3"], design.GetProperty("first_violations").EnumerateArray()
            .Select(text => text.GetString()));
    }

    [Fact]
    public void CountsOfOneNameAreSummed() =>
        Assert.Equal("{\"a\":4,\"b\":2}",
            RowJson.Counts([KeyValuePair.Create("a", 1L), KeyValuePair.Create("b", 2L), KeyValuePair.Create("a", 3L)]).ToJsonString());

    [Fact]
    public void ARecordingWithoutATimeHasNoSeconds()
    {
        InspectionResult result = new InspectionTrial(new(Testing.Recordings.SampleText.PathOf("counter.txt"))).Run();
        JsonElement root = Root(stream => InspectJson.Write(stream, result));

        Assert.False(result.HasTime);
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null),
            (root.GetProperty("first_time_s").ValueKind, root.GetProperty("last_time_s").ValueKind));
        Assert.False(root.GetProperty("input").TryGetProperty("moved_out_of_ranges", out _));
    }

    [Theory]
    [InlineData(RaceVerdict.Holds, "holds")]
    [InlineData(RaceVerdict.Broken, "broken")]
    [InlineData(RaceVerdict.NotFound, "not_found")]
    [InlineData(RaceVerdict.NotNeeded, "not_needed")]
    [InlineData(RaceVerdict.Open, "open")]
    public void VerdictsHaveStableNames(RaceVerdict verdict, string name)
    {
        SearchOutcome held = new("one by one", 45, IsExhaustive: true, PreemptionBound: 4, FoundAfter: 0, Failing: null, IsShortest: false);
        RaceOutcome outcome = new("R7", "title", "static", "", Without: null, held, verdict);
        JsonElement scenario = Root(stream => ExploreJson.Write(stream, [outcome])).GetProperty("scenarios")[0];

        Assert.Equal((name, 4), (scenario.GetProperty("verdict").GetString(), scenario.GetProperty("preemption_bound").GetInt32()));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null, false), (scenario.GetProperty("schedule").ValueKind,
            scenario.GetProperty("schedules_to_find").ValueKind, scenario.GetProperty("found").GetBoolean()));
    }
}
