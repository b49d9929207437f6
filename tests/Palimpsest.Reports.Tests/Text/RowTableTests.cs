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
        table.Add("name", column => (column.Text(7), false));
        table.Write();

        Assert.Equal(
            [
                "                        up",
                "design             heading     low",
                "name                     7    7.00",
            ],
            writer.ToString().TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void ParametersOfADesignStandOnALineOfTheirOwn() => Assert.Equal(
        "design             heading\nname                     7\n  fast-path=on,attempts=7\n",
        Written("name:fast-path=on,attempts=7", "7", columns: 1));

    [Fact]
    public void WhatStandsOutIsBoldWithoutMovingItsNeighbour() => Assert.EndsWith(
        "name                    \e[1m7*\e[0m      \e[1m7*\e[0m\n", Written("name", "7*", columns: 2, isBest: true),
        StringComparison.Ordinal);

    [Fact]
    public void AColumnIsAsWideAsItsWidestFigure() => Assert.EndsWith(
        "name               123,456,789 123,456,789\n", Written("name", "123,456,789", columns: 2), StringComparison.Ordinal);

    [Fact]
    public void WhatDoesNotFitIsLeftOutFromTheEnd()
    {
        using StringWriter writer = new();
        RowTable<double> table = new(new Terminal(writer, hasStyles: false, width: 44), [.. Enumerable.Repeat(Column(Unit.Count), 9)]);
        table.Add("name", column => (column.Text(7), false));

        Assert.Equal(3, table.Write().Count);
        Assert.All(writer.ToString().Split('\n'), line => Assert.True(line.Length <= 44, line));
    }

    private static string Written(string name, string text, int columns, bool isBest = false)
    {
        using StringWriter writer = new();
        RowTable<double> table = new(new Terminal(writer, isBest), [.. Enumerable.Repeat(Column(Unit.Count), columns)]);
        table.Add(name, _ => (text, isBest));
        table.Write();
        return writer.ToString();
    }

    private static TableColumn<double> Column(Unit unit) =>
        new(new Column<double>("id", "group", "heading", unit, "a meaning", Better.Neither, value => value), "", 8);
}
