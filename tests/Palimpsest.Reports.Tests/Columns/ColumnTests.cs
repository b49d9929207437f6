using System.Text.RegularExpressions;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;

namespace Palimpsest.Reports.Tests.Columns;

/// <summary>Every figure is defined once, under a name that says its unit.</summary>
public sealed class ColumnTests
{
    private static readonly DesignResult Design = TinyComparison.Run().Designs[^1];

    private static readonly (string Id, Unit Unit, string Meaning)[] All =
    [
        .. DesignColumns.All.Select(column => (column.Id, column.Unit, column.Meaning)),
        .. LoopColumns.All.Select(column => (column.Id, column.Unit, column.Meaning)),
    ];

    [Fact]
    public void NoIdIsUsedTwice()
    {
        Assert.Equal(DesignColumns.All.Count, DesignColumns.All.DistinctBy(column => column.Id).Count());
        Assert.Equal(LoopColumns.All.Count, LoopColumns.All.DistinctBy(column => column.Id).Count());
    }

    [Fact]
    public void IdsAreInSnakeCaseWithOneObjectAtMost() =>
        Assert.All(All, column => Assert.Matches("^[a-z0-9]+(_[a-z0-9]+)*(\\.[a-z0-9_]+)?$", column.Id));

    [Theory]
    [InlineData("_mib", Unit.Mebibytes)]
    [InlineData("_percent", Unit.Percent)]
    [InlineData("_time_s", Unit.Moment)]
    [InlineData("_modelled_s", Unit.Seconds)]
    public void TheSuffixOfAnIdIsItsUnit(string suffix, object unit) =>
        Assert.All(All.Where(column => column.Id.EndsWith(suffix, StringComparison.Ordinal)), column =>
            Assert.Equal((Unit)unit, column.Unit));

    [Fact]
    public void EveryMeaningIsASentenceWithoutItsFullStop() =>
        Assert.All(All, column => Assert.Matches(new Regex("^[A-Za-z0-9][^\\n]{8,}[^.]$"), column.Meaning));

    [Fact]
    public void TablesHaveNoFigureThatTheJsonHasNot() =>
        Assert.All(DesignColumns.All.Where(column => column.IsInCsv), column => Assert.True(column.IsInJson, column.Id));

    [Fact]
    public void AnUnknownIdIsRefusedByName()
    {
        Assert.Contains("no_such", Assert.Throws<KeyNotFoundException>(() => DesignColumns.Named("no_such")).Message,
            StringComparison.Ordinal);
        Assert.Contains("no_such", Assert.Throws<KeyNotFoundException>(() => LoopColumns.Named("no_such")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void SizesAreThoseOfThePagesOfTheMachine()
    {
        DesignResult large = Design with { PageBytes = 4 * Design.PageBytes, Storage = Design.Storage with { GivenBackMin = 256 } };

        Assert.Equal(4, DesignColumns.Named(StorageColumns.GivenBackMin).Value(large));
    }

    [Fact]
    public void AMachineWithoutACarveOutGivesBackNoShareOfIt()
    {
        DesignResult none = Design with { Storage = Design.Storage with { StorageFrames = 0 } };
        Column<DesignResult> share = DesignColumns.Named(StorageColumns.GivenBackPercent);

        Assert.Equal((0, false), (share.Value(none), share.IsMeasured(none)));
    }

    [Fact]
    public void TheCausesOfModelledTimeComeToItsTotal()
    {
        double sum = CostCauses.All.Sum(cause => DesignColumns.Named("modelled." + cause.Id).Value(Design));

        Assert.True(sum > 0);
        Assert.Equal(DesignColumns.Named("tag_storage_modelled_s").Value(Design), sum, 12);
    }

    [Theory]
    [InlineData(149, 100)]
    [InlineData(151, 200)]
    public void WaitsAreAlikeToATenthOfAMicrosecond(long nanoseconds, double seen) => Assert.Equal(
        seen, DesignColumns.Named("reserve_latency_modelled_ns.p99")
            .Rounded(Design with { Latency = new ModelledLatency(0, 0, nanoseconds, nanoseconds) }));
}
