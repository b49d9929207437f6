using System.Text;
using Palimpsest.Lab.Metrics;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Metrics;

public sealed class CostFileTests
{
    [Fact]
    public void CostsThatAreGivenReplaceTheDefaults() =>
        Assert.Equal(CostTable.Default with { CopyPageNs = 12.5 }, Parse("{ \"copyPageNs\": 12.5, } // measured"));

    [Theory]
    [InlineData("null", "holds no cost table")]
    [InlineData("{\n \"copyPagesNs\": 1 }", "line 2: not a cost table (The JSON property 'copyPagesNs'")]
    [InlineData("{ \"copyPageNs\": 1e999 }", "a cost is less than 0 or more than")]
    [InlineData("{ \"copyPageNs\": -1 }", "a cost is less than 0 or more than")]
    public void WhatIsNoCostIsRefused(string json, string reason) =>
        Assert.StartsWith("costs.json: " + reason, Assert.Throws<InputException>(() => Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void ALongNameIsNotQuotedWhole() =>
        Assert.InRange(Assert.Throws<InputException>(() => Parse($"{{ \"{new string('x', 5000)}\": 1 }}")).Message.Length, 1, 300);

    private static CostTable Parse(string json) => CostFile.Parse(Encoding.UTF8.GetBytes(json), "costs.json");
}
