using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Experiments;
using Palimpsest.Sweeps.Inputs;

namespace Palimpsest.Sweeps.Tests;

/// <summary>The command of a cell says all that the cell was told, as the command line takes it.</summary>
public sealed class CellCommandTests
{
    [Fact]
    public void AComparisonNamesItsMachineAndItsView() => Assert.Equal("palimpsest compare in/a.dat --board in/a.dtb --snapshot in/start "
        + "--ram 64M --kernel 6.12 --tag-source mapped --pinned 0.1 --design packed:slack=0 --full --seed 18446744073709551615",
        CellCommand.Of(new Cell(new CellSetting(CellVerb.Compare)
        {
            Recording = Input("a.dat", "in/a.dat"), Board = Input("a.dtb", "in/a.dtb"), Snapshot = Input("start", "in/start"), RamMib = 64,
            Release = "6.12", TagSource = "mapped", Pinned = 0.1, View = MemoryView.Full,
        }, "packed:slack=0", ulong.MaxValue)));

    [Fact]
    public void WhatIsAsUsualIsLeftOut() => Assert.Equal("palimpsest compare a.dat --ram 64M --design static",
        CellCommand.Of(new Cell(new CellSetting(CellVerb.Compare) { Recording = Input("a.dat", null), RamMib = 64 }, "static", 0)));

    [Theory]
    [InlineData(0.3, 0.3, "0.3")]
    [InlineData(0, 1, "0..1")]
    [InlineData(0.125, 0.5, "0.125..0.5")]
    public void ARunIsOneSeed(double from, double to, string tagged) => Assert.Equal(
        $"palimpsest run phone --ram 16M --size 20M --tagged {tagged} --steps 5 --swap 8M --seeds 1 --design packed --seed 7",
        CellCommand.Of(new Cell(new CellSetting(CellVerb.Run)
        {
            Workload = "phone", RamMib = 16, SizeMib = 20, TaggedFrom = from, TaggedTo = to, Steps = 5, SwapMib = 8,
        }, "packed", 7)));

    [Fact]
    public void ASearchNamesItsPrograms() => Assert.Equal(
        "palimpsest explore beyond --programs 10 --schedules 40 --design packed --seed 3",
        CellCommand.Of(new Cell(new CellSetting(CellVerb.Beyond) { Programs = 10, Schedules = 40 }, "packed", 3)));

    /// <summary>Whatever a file is called, a shell hands it over as it is, and it is no option.</summary>
    [Theory]
    [InlineData("a b.dat", "'a b.dat'")]
    [InlineData("it's.dat", "'it'\\''s.dat'")]
    [InlineData("-rf.dat", "./-rf.dat")]
    [InlineData("$(x).dat", "'$(x).dat'")]
    [InlineData("../up/a.dat", "../up/a.dat")]
    public void AnyNameIsHandedOverAsItIs(string place, string expected) => Assert.StartsWith($"palimpsest compare {expected} --ram",
        CellCommand.Of(new Cell(new CellSetting(CellVerb.Compare) { Recording = Input("x", place), RamMib = 64 }, "static", 0)),
        StringComparison.Ordinal);

    private static CellInput Input(string name, string? place) => new(name, new string('a', 64),
        [new InputPart(name, new string('a', 64), 1)])
    {
        Place = place,
    };
}
