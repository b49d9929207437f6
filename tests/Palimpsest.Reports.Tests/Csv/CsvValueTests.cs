using System.Globalization;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;
using Palimpsest.Reports.Csv;

namespace Palimpsest.Reports.Tests.Csv;

/// <summary>Every cell is the figure that its heading names, as any program reads numbers.</summary>
public sealed class CsvValueTests
{
    [Fact]
    public void EveryCellIsTheFigureOfItsHeading()
    {
        Dictionary<string, string> cells = Row(MadeUp.Design);

        Assert.All(DesignColumns.All.Where(column => column.IsInCsv), column =>
        {
            string heading = column.Id.Replace("_modelled_ns.", "_modelled_", StringComparison.Ordinal).Replace('.', '_')
                + (column.Id.Contains("_ns.", StringComparison.Ordinal) ? "_ns" : "");
            Assert.Equal(column.Value(MadeUp.Design), double.Parse(cells[heading], CultureInfo.InvariantCulture), 6);
        });
        Assert.Equal("made-up", cells["design"]);
        Assert.Equal("attempts=9,fast-path=on", cells["parameters"]);
    }

    [Theory]
    [InlineData(1e-9, "0")]
    [InlineData(1.0 / 3, "0.333333")]
    [InlineData(1.6e15, "100000000000000")]
    public void NumbersAreWrittenWithoutExponents(double frames, string text)
    {
        DesignResult design = MadeUp.Design with { Storage = MadeUp.Storage with { BlockFillMean = frames, GivenBackMean = frames } };

        Assert.Equal(text, Row(design)[frames > 1 ? "given_back_mean_mib" : "block_fill_mean"]);
    }

    [Fact]
    public void QuotesInParametersAreDoubled()
    {
        DesignResult design = MadeUp.Design with { Design = MadeUp.Design.Design with { Parameters = "a=\"b\"" } };

        Assert.Contains("made-up,\"a=\"\"b\"\"\",", Text(writer => ComparisonCsv.WriteDesigns(writer, MadeUp.Comparison(design))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void AMomentIsARowInTheUnitsOfItsHeadings()
    {
        TimePoint point = new(1_500_000_000, Reserved: 16, Lent: 32, Tagged: 48, ReservedBlocks: 5, MigratedFrames: 6, Free: 160);
        string[] lines = Text(writer =>
            ComparisonCsv.WriteTimeLine(writer, MadeUp.Comparison(MadeUp.Design with { TimeLine = [point] }))).TrimEnd('\n').Split('\n');

        Assert.Equal("design,time_s,reserved_mib,used_as_data_mib,tagged_mib,reserved_blocks,migrated_pages,free_mib", lines[0]);
        Assert.Equal("made-up,1.5,1,2,3,5,6,10", lines[1]);
    }

    [Fact]
    public void WithoutDesignsThereIsAHeadingOnly()
    {
        Assert.Single(Text(writer => ComparisonCsv.WriteDesigns(writer, MadeUp.Comparison())).TrimEnd('\n').Split('\n'));
        Assert.Single(Text(writer => ComparisonCsv.WriteTimeLine(writer, MadeUp.Comparison())).TrimEnd('\n').Split('\n'));
    }

    private static Dictionary<string, string> Row(DesignResult design)
    {
        string[] lines = Text(writer => ComparisonCsv.WriteDesigns(writer, MadeUp.Comparison(design))).TrimEnd('\n').Split('\n');
        string[] quoted = lines[1].Split('"');
        string[] cells = [quoted[0].TrimEnd(','), quoted[1], .. quoted[2].TrimStart(',').Split(',')];
        return lines[0].Split(',').Zip(cells).ToDictionary(cell => cell.First, cell => cell.Second);
    }

    private static string Text(Action<TextWriter> write)
    {
        using StringWriter writer = new();
        write(writer);
        return writer.ToString();
    }
}
