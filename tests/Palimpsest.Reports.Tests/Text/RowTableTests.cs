using Palimpsest.Reports.Columns;
using Palimpsest.Reports.Text;

namespace Palimpsest.Reports.Tests.Text;

/// <summary>A row of figures on a terminal: units, decimals and places.</summary>
public sealed class RowTableTests
{
    [Theory]
    [InlineData(Unit.Count, 1_234_567, "1,234,567")]
    [InlineData(Unit.Count, 0.4, "0")]
    [InlineData(Unit.Mebibytes, 1.006, "1.01")]
    [InlineData(Unit.Mebibytes, 999.99, "999.99")]
    [InlineData(Unit.Mebibytes, 1000.4, "1,000")]
    [InlineData(Unit.Percent, 12.34, "12.3")]
    [InlineData(Unit.Ratio, -3.21, "-3.2")]
    [InlineData(Unit.Nanoseconds, 13_330, "13.3")]
    [InlineData(Unit.Nanoseconds, 49, "0.0")]
    [InlineData(Unit.Moment, 2.5, "2.50")]
    public void AFigureIsInItsUnit(object unit, double value, string text) => Assert.Equal(text, Column((Unit)unit).Text(value));

    [Theory]
    [InlineData(12_345, 1000, 1, "12.3")]
    [InlineData(55, 1000, 1, "0.1")]
    [InlineData(55, 1, 0, "55")]
    public void CountsMayBeToldInThousands(double value, double scale, int decimals, string text) =>
        Assert.Equal(text, (Column(Unit.Count) with { Scale = scale, Decimals = decimals }).Text(value));

    [Fact]
    public void FiguresStandUnderTheEndsOfTheirHeadings()
    {
        using StringWriter writer = new();
        RowTable<double> table = new(new Terminal(writer, hasStyles: false),
            [Column(Unit.Count) with { Upper = "up" }, Column(Unit.Mebibytes) with { Lower = "low" }]);
        table.WriteHeadings();
        table.WriteRow("name", column => (column.Text(7), false));

        Assert.Equal(
            [
                "                        up",
                "design             heading     low",
                "name                     7    7.00",
            ],
            writer.ToString().TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void ParametersOfADesignStandOnALineOfTheirOwn()
    {
        using StringWriter writer = new();
        RowTable<double> table = new(new Terminal(writer, hasStyles: false), [Column(Unit.Count)]);
        table.WriteRow("name:fast-path=on,attempts=7", column => (column.Text(7), false));

        Assert.Equal("name                     7\n  fast-path=on,attempts=7\n", writer.ToString());
    }

    [Fact]
    public void WhatStandsOutIsBoldWithoutMovingItsNeighbour()
    {
        using StringWriter writer = new();
        RowTable<double> table = new(new Terminal(writer, hasStyles: true), [Column(Unit.Count), Column(Unit.Count)]);
        table.WriteRow("name", column => ("7*", true));

        Assert.Equal("name                    \e[1m7*\e[0m      \e[1m7*\e[0m\n", writer.ToString());
    }

    [Fact]
    public void ACellThatIsTooWideLosesItsMarginAndNothingElse()
    {
        using StringWriter writer = new();
        new RowTable<double>(new Terminal(writer, hasStyles: false), [Column(Unit.Count)]).WriteRow("name", _ => ("123,456,789", false));

        Assert.Equal("name              123,456,789\n", writer.ToString());
    }

    private static TableColumn<double> Column(Unit unit) =>
        new(new Column<double>("id", "group", "heading", unit, "a meaning", Better.Neither, value => value), "", 8);
}
