using System.Text.Json;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Json;

namespace Palimpsest.Reports.Tests.Json;

/// <summary>The files of version 1 from results made by hand: each name has its own figure.</summary>
public sealed class DocumentTests
{
    private static readonly JsonElement Comparison = Root(stream => ComparisonJson.Write(stream, MadeUp.Comparison(MadeUp.Design)));
    private static readonly JsonElement Loop = Root(stream => LoopJson.Write(stream, new LoopStudy([MadeUp.Loop(MadeUp.LoopDesign)])));

    private static JsonElement Root(Action<Stream> write)
    {
        using MemoryStream stream = new();
        write(stream);
        return JsonDocument.Parse(stream.ToArray()).RootElement.Clone();
    }

    private static JsonElement At(JsonElement root, string path) =>
        path.Split('.').Aggregate(root, (at, name) => int.TryParse(name, out int index) ? at[index] : at.GetProperty(name));

    [Theory]
    [InlineData("input.events", 101)]
    [InlineData("input.lost_events", 102)]
    [InlineData("input.allocations", 202)]
    [InlineData("input.frees", 203)]
    [InlineData("input.tagged_allocations", 204)]
    [InlineData("input.initial_pages", 206)]
    [InlineData("input.unknown_frees", 208)]
    [InlineData("input.live_reallocations", 209)]
    [InlineData("input.failed_allocations", 210)]
    [InlineData("input.hidden_allocations", 211)]
    [InlineData("input.migration_targets", 212)]
    [InlineData("input.moved_out_of_ranges", 213)]
    [InlineData("input.duration_s", 9)]
    [InlineData("input.cpus", 7)]
    [InlineData("board.ram_bytes", 64 << 20)]
    [InlineData("board.carve_out_bytes", 2 << 20)]
    [InlineData("board.page_bytes", 1 << 16)]
    [InlineData("pinned_share", 0.25)]
    [InlineData("version", 1)]
    [InlineData("designs.0.given_back_mean_mib", 25)]
    [InlineData("designs.0.given_back_min_time_s", 2.5)]
    [InlineData("designs.0.reserve_latency_modelled_ns.p90", 1_220)]
    [InlineData("designs.0.migration_failures.no_target", 1_016)]
    [InlineData("designs.0.tag_storage_modelled_s", 0.0045)]
    public void AFigureOfAComparisonIsUnderItsName(string path, double value) =>
        Assert.Equal(value, At(Comparison, path).GetDouble(), 9);

    [Theory]
    [InlineData("format", "palimpsest.compare")]
    [InlineData("input.name", "traces/made-up.dat")]
    [InlineData("input.format", "trace-dat")]
    [InlineData("board.name", "boards/made-up.dtb")]
    [InlineData("board.model", "Made Up Board")]
    [InlineData("tag_source", "flag")]
    [InlineData("assumptions.1", "Second.")]
    [InlineData("designs.0.name", "made-up")]
    [InlineData("designs.0.parameters", "attempts=9,fast-path=on")]
    [InlineData("designs.0.first_violations.1", "PIN-1: frame 8")]
    public void AWordOfAComparisonIsUnderItsName(string path, string value) => Assert.Equal(value, At(Comparison, path).GetString());

    [Theory]
    [InlineData("version", 1)]
    [InlineData("steps", 51)]
    [InlineData("size_bytes", 320 << 16)]
    [InlineData("swap_bytes", 160 << 16)]
    [InlineData("tagged_from", 0.1)]
    [InlineData("tagged_to", 0.6)]
    [InlineData("seed", 52)]
    [InlineData("board.ram_bytes", 64 << 20)]
    [InlineData("board.carve_out_bytes", 2 << 20)]
    [InlineData("designs.0.minor_faults", 2_001)]
    [InlineData("designs.0.oom_kills", 2_015)]
    [InlineData("designs.0.restarts", 41)]
    public void AFigureOfALoopIsUnderItsName(string path, double value) => Assert.Equal(value, At(Loop, path).GetDouble(), 9);

    [Fact]
    public void ALoopNamesItsFormatItsWorkloadAndItsDesigns()
    {
        Assert.Equal(("palimpsest.run", "phone"), (At(Loop, "format").GetString(), At(Loop, "workload").GetString()));
        Assert.Equal(("made-up", "attempts=9,fast-path=on"),
            (At(Loop, "designs.0.name").GetString(), At(Loop, "designs.0.parameters").GetString()));
        Assert.False(Loop.GetProperty("designs")[0].TryGetProperty("saved_percent", out _));
    }

    [Fact]
    public void DesignsStandInTheOrderAsked()
    {
        DesignResult[] designs =
            [.. "cab".Select(letter => MadeUp.Design with { Design = MadeUp.Design.Design with { Name = $"{letter}" } })];
        JsonElement root = Root(stream => ComparisonJson.Write(stream, MadeUp.Comparison(designs)));

        Assert.Equal(["c", "a", "b"], root.GetProperty("designs").EnumerateArray().Select(row => row.GetProperty("name").GetString()));
    }

    [Fact]
    public void TheSameResultIsTheSameBytes()
    {
        using MemoryStream first = new();
        using MemoryStream second = new();
        ComparisonJson.Write(first, MadeUp.Comparison(MadeUp.Design));
        ComparisonJson.Write(second, MadeUp.Comparison(MadeUp.Design));

        Assert.Equal(first.ToArray(), second.ToArray());
    }

    [Theory]
    [InlineData("\"quoted\" \\ back")]
    [InlineData("</script><!--")]
    [InlineData("tab\tand\nline")]
    [InlineData("\u00fc\u4e2d\ud83d\ude00")]
    public void AnyNameIsReadBackAsItWas(string name)
    {
        ComparisonResult result = MadeUp.Comparison(MadeUp.Design);
        JsonElement root = Root(stream => ComparisonJson.Write(stream,
            result with { Recording = result.Recording with { Name = name }, Assumptions = [name] }));

        Assert.Equal((name, name), (At(root, "input.name").GetString(), At(root, "assumptions.0").GetString()));
    }

    [Fact]
    public void FiguresAreRoundedAndNeverInExponents()
    {
        DesignResult design = MadeUp.Design with { Storage = MadeUp.Storage with { BlockFillMean = 1.0 / 3, GivenBackMinTimeNs = 1 } };
        JsonElement row = Root(stream => ComparisonJson.Write(stream, MadeUp.Comparison(design))).GetProperty("designs")[0];

        Assert.Equal("0.3333", row.GetProperty("block_fill_mean").GetRawText());
        Assert.Equal("0", row.GetProperty("given_back_min_time_s").GetRawText());
    }
}
