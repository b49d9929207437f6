using System.Text;
using System.Text.Json.Nodes;
using Palimpsest.Reports.Json;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Tests.Json;

public sealed class ResultDifferenceTests
{
    private const string Old = "{\"format\":\"palimpsest.run\",\"designs\":[{\"name\":\"a\",\"x\":4,\"y\":{\"z\":[1,2]}},"
        + "{\"name\":\"b\",\"x\":0}],"
        + "\"provenance\":{\"version\":\"1\",\"inputs\":[{\"role\":\"TRACE\",\"name\":\"t\",\"sha256\":\"00\"}]}}";

    [Theory]
    [InlineData("\"x\":4", "\"x\":5", "designs[a].x", "4", "5", 0.2)]
    [InlineData("\"x\":0", "\"x\":3", "designs[b].x", "0", "3", 1.0)]
    [InlineData("[1,2]", "[1]", "designs[a].y.z[1]", "2", null, null)]
    [InlineData("\"name\":\"b\"", "\"name\":\"c\"", "designs[b]", "{\"name\":\"b\",\"x\":0}", null, null)]
    [InlineData("\"sha256\":\"00\"", "\"sha256\":\"01\"", "inputs[t TRACE].sha256", "\"00\"", "\"01\"", null)]
    public void EachIsNamedByItsPlace(string what, string by, string place, string old, string? now, double? share)
    {
        FigureDifference first = ResultDifference.Between(Parsed(Old), Parsed(Old.Replace(what, by, StringComparison.Ordinal)))[0];

        Assert.Equal(new FigureDifference(place, old, now, first.Share), first);
        Assert.Equal(share, first.Share is { } exact ? Math.Round(exact, 6) : null);
    }

    [Fact]
    public void AnotherBuildIsNoDifference() => Assert.Empty(
        ResultDifference.Between(Parsed(Old), Parsed(Old.Replace("\"version\":\"1\"", "\"version\":\"2\"", StringComparison.Ordinal))));

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"format\":1}")]
    [InlineData("{\"format\":\"other\"}")]
    [InlineData("nothing")]
    public void WhatIsNoResultIsRefused(string json) => Assert.Throws<InputException>(() => Parsed(json));

    private static JsonObject Parsed(string json) => ResultDifference.Parse(Encoding.UTF8.GetBytes(json), "a.json");
}
