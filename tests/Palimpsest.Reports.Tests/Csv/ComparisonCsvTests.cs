using Palimpsest.Designs;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Csv;

namespace Palimpsest.Reports.Tests.Csv;

/// <summary>Tables for other programs: every row has every column, in the order of the heading.</summary>
public sealed class ComparisonCsvTests
{
    private static readonly ComparisonResult Tiny = TinyComparison.Run();

    private static string[] Lines(Action<TextWriter> write)
    {
        using StringWriter writer = new();
        write(writer);
        return writer.ToString().TrimEnd('\n').Split('\n');
    }

    [Fact]
    public void TheHeadingNamesWhatVersionOneHas()
    {
        string heading = Lines(writer => ComparisonCsv.WriteDesigns(writer, Tiny))[0];

        Assert.StartsWith("design,parameters,given_back_mean_mib,given_back_min_mib,used_as_data_mean_mib,", heading,
            StringComparison.Ordinal);
        Assert.Contains(
            ",migrations,reservations_already,reservations_free,reservations_migrate,reservations_failed,"
            + "reserve_latency_modelled_p50_ns,",
            heading, StringComparison.Ordinal);
        Assert.EndsWith(",extfrag_events,law_violations", heading, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryDesignHasARowWithEveryColumn()
    {
        string[] lines =
            Lines(writer => ComparisonCsv.WriteDesigns(writer,
            TinyComparison.Run([DesignCatalog.Parse("static"), DesignCatalog.Parse("no-mte")])));
        int columns = lines[0].Split(',').Length;

        Assert.Equal(["design", "static", "no-mte"], lines.Select(line => line.Split(',')[0]));
        Assert.All(lines, line => Assert.Equal(columns, line.Split(',').Length));
    }

    [Fact]
    public void ParametersAreQuotedSinceTheyHaveCommas()
    {
        string row =
            Lines(writer => ComparisonCsv.WriteDesigns(writer, TinyComparison.Run([DesignCatalog.Parse("tag-blocks:attempts=9")])))[1];

        Assert.StartsWith("tag-blocks,\"attempts=9,fast-path=on\",", row, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryMomentOfEveryDesignHasARow()
    {
        string[] lines = Lines(writer => ComparisonCsv.WriteTimeLine(writer, Tiny));

        Assert.Equal(1 + Tiny.Designs.Sum(design => design.TimeLine.Count), lines.Length);
        Assert.All(lines, line => Assert.Equal(8, line.Split(',').Length));
        Assert.StartsWith("static,0,", lines[1], StringComparison.Ordinal);
    }
}
