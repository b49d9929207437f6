using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Experiments;
using Palimpsest.Vocabulary;

namespace Palimpsest.Sweeps.Tests;

/// <summary>What is crossed with what, in which order, and what is told of one that cannot be.</summary>
public sealed class ExpansionTests : IDisposable
{
    private readonly SweepStage _stage = new();

    [Theory]
    [InlineData("""{ "name": "packed", "ranges": { "slack": { "from": 0, "to": 20, "step": 10 } } }""",
        "packed:slack=0 packed:slack=10 packed")]
    [InlineData("""{ "name": "packed", "ranges": { "slack": { "from": 5, "to": 9, "step": 3 } } }""", "packed:slack=5 packed:slack=8")]
    [InlineData("""{ "name": "packed", "ranges": { "slack": { "from": 7, "to": 7 } } }""", "packed:slack=7")]
    [InlineData("""{ "name": "packed", "parameters": { "pack": ["on", "off"] }, "ranges": { "slack": { "from": 1, "to": 2 } } }""",
        "packed:slack=1 packed:slack=2 packed:pack=off,slack=1 packed:pack=off,slack=2")]
    [InlineData("""{ "name": "packed" }, { "name": "packed", "parameters": { "slack": ["20"] } }, { "name": "static" }""", "packed static")]
    public void DesignsAreCrossedWithTheirParameters(string designs, string expected) => Assert.Equal(expected,
        string.Join(' ', Plan("\"run\": [{ \"workload\": \"phone\" }]", designs).Labels));

    [Theory]
    [InlineData("\"ranges\": { \"slack\": { \"from\": 1, \"to\": 2, \"step\": 0 } }", "from 1 to 2 by 0 is no range")]
    [InlineData("\"ranges\": { \"slack\": { \"from\": 0, \"to\": 2000000 } }", "from 0 to 2000000 by 1 is no range")]
    [InlineData("\"ranges\": { \"slack\": { \"from\": -2147483648, \"to\": 2147483647 } }", "is no range")]
    [InlineData("\"parameters\": { \"slack\": [\"1\"] }, \"ranges\": { \"slack\": { \"from\": 1, \"to\": 2 } }",
        "it has values in parameters")]
    [InlineData("\"parameters\": { \"slak\": [\"1\"] }", "slak")]
    [InlineData("\"parameters\": { \"slack\": [\"much\"] }", "slack")]
    public void ADesignThatCannotBeIsTold(string rest, string expected)
    {
        string message = Assert.ThrowsAny<InputException>(() =>
            Plan("\"run\": [{ \"workload\": \"phone\" }]", $"{{ \"name\": \"packed\", {rest} }}")).Message;

        Assert.Contains("x.json:", message, StringComparison.Ordinal);
        Assert.Contains("designs[0]", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("\"compare\": {}", "recordings: compare needs one at least")]
    [InlineData("\"compare\": { \"views\": [] }", "compare.views: there is none")]
    [InlineData("\"compare\": { \"views\": [\"ful\"] }", "compare.views")]
    [InlineData("\"compare\": { \"pins\": [] }", "compare.pins: there is none")]
    [InlineData("\"compare\": { \"pins\": [-0.1] }, \"recordings\": [{ \"files\": \"*.dat\", \"ram_mib\": 64 }]", "-0.1 is no share")]
    [InlineData("\"compare\": {}, \"recordings\": [{ \"files\": \"*.dat\", \"snapshot\": \"none\" }]", "recordings[0].snapshot: ")]
    [InlineData("\"compare\": {}, \"recordings\": [{ \"files\": \"*.dat\", \"ram_mib\": 64, \"tag_source\": \"some\" }]",
        "recordings[0].tag_source: ")]
    [InlineData("\"compare\": {}, \"recordings\": [{ \"files\": \"*.dat\", \"ram_mib\": -1 }]", "recordings[0].ram_mib")]
    [InlineData("\"compare\": {}, \"recordings\": [{ \"ram_mib\": 1 }]", "'files' is missing")]
    [InlineData("\"run\": [{ \"workload\": \"phone\", \"tagged_to\": 1.5 }]", "run[0].tagged_from: tagged_from and tagged_to are shares")]
    [InlineData("\"run\": [{ \"workload\": \"phone\", \"steps\": 1.5 }]", "run[0].steps")]
    [InlineData("\"run\": []", "compare: there is nothing to do")]
    [InlineData("\"beyond\": { \"programs\": 0 }", "beyond: programs and schedules are 1 at least")]
    [InlineData("\"run\": [{ \"workload\": \"phone\" }], \"seeds\": []", "seeds: there is none")]
    [InlineData("\"run\": [{ \"workload\": \"phone\" }], \"seeds\": [-1]", "seeds[0]")]
    [InlineData("\"run\": [{ \"workload\": \"phone\" }], \"seeds\": [18446744073709551616]", "seeds[0]")]
    public void WhatCannotBeIsToldWithItsPlace(string what, string expected)
    {
        _stage.Plan();

        string message = Assert.ThrowsAny<InputException>(() => Plan(what)).Message;

        // Of what is not there, the line of what it would stand in.
        Assert.Matches($"^{_stage["x.json"]}:[12]: ", message);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void RecordingsBoardsReleasesViewsAndPinsAreCrossedInThisOrder()
    {
        foreach (string name in new[] { "a.1.dat", "b.dat", "a.dtb", "b.dtb", "other.dtb" })
        {
            File.WriteAllText(_stage[name], name);
        }

        SweepPlan plan = Plan("""
            "recordings": [{ "files": "*.dat", "boards": ["{name}.dtb", "other.dtb"], "releases": ["6.1", "6.12"] }],
            "compare": { "views": ["replay", "full", "replay"], "pins": [0, 0.5, 0] }
            """.ReplaceLineEndings(" "));

        Assert.Equal(2 * 2 * 2 * 2 * 2, plan.Settings.Count);
        Assert.Equal(["a.1.dat a.dtb 6.1 Replay 0", "a.1.dat a.dtb 6.1 Replay 0.5", "a.1.dat a.dtb 6.1 Full 0",
            "a.1.dat a.dtb 6.1 Full 0.5", "a.1.dat a.dtb 6.12 Replay 0"], plan.Settings.Take(5).Select(Words));
        Assert.Equal(["a.1.dat other.dtb 6.1 Replay 0", "b.dat b.dtb 6.1 Replay 0"],
            new[] { 8, 16 }.Select(at => Words(plan.Settings[at])));
    }

    /// <summary>Cells of a recording lie side by side: whoever computes them in order reads it once.</summary>
    [Fact]
    public void ARecordingIsNotComeBackTo()
    {
        SweepPlan plan = _stage.Plan();
        string[] order = [.. Enumerable.Range(0, plan.Count).Select(index => plan[index].Setting.Recording!.Name)];

        Assert.Equal(order.Order(StringComparer.Ordinal), order);
    }

    [Fact]
    public void EveryPlaceOfAPlanHasItsKey()
    {
        SweepPlan plan = _stage.Plan();

        Assert.All(Enumerable.Range(0, plan.Count), index =>
            Assert.Equal(plan[index].Key("any"), plan.KeyOf(index, "any")));
        Assert.Equal(18, plan.Count);
    }

    [Fact]
    public void APlanThatIsTooLargeIsSaidToBe()
    {
        string settings = string.Join(", ", Enumerable.Range(1, 3000).Select(ram => $"{{ \"workload\": \"phone\", \"ram_mib\": {ram} }}"));
        string seeds = string.Join(", ", Enumerable.Range(1, 8000));

        Assert.Contains("split the experiment", Assert.Throws<InputException>(() => Plan($"\"run\": [{settings}], \"seeds\": [{seeds}]",
            """{ "name": "packed", "ranges": { "slack": { "from": 0, "to": 99 } } }""")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _stage.Dispose();

    private SweepPlan Plan(string what, string designs = """{ "name": "packed" }""") => SweepPlan.Of(_stage.Read(
        $"{{ \"format\": \"palimpsest.sweep\", \"version\": 1,\n{what}, \"designs\": [{designs}] }}"));

    private static string Words(CellSetting setting) => FormattableString.Invariant(
        $"{setting.Recording!.Name} {setting.Board!.Name} {setting.Release} {setting.View} {setting.Pinned}");
}
