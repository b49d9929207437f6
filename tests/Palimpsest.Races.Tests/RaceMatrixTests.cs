using System.Runtime.CompilerServices;
using Palimpsest.Designs;
using Palimpsest.Exploration;
using Palimpsest.Exploration.Strategies;
using Palimpsest.Kernel.Steps;

namespace Palimpsest.Races.Tests;

/// <summary>The table of docs/exploration.md: each race under each design, and empty where the design has no place for it.</summary>
public sealed class RaceMatrixTests
{
    private static readonly string[] NothingToRaceWith = ["static", "no-mte"];

    private static readonly (string[] Designs, Dictionary<string, string[]> Rows) Table = Read();

    public static TheoryData<string> EveryDesign() => [.. Table.Designs];

    [Fact]
    public void EveryRaceHasARowAndEveryDesignThatLendsAColumn()
    {
        Assert.Equal(RaceCatalog.All.Select(race => race.Id).Order(StringComparer.Ordinal), Table.Rows.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(DesignCatalog.All.Select(design => design.Name).Except(NothingToRaceWith), Table.Designs);
    }

    [Fact]
    public void EveryCellIsOneOfThoseThatAreExplained() =>
        Assert.All(Table.Rows.Values.SelectMany(cells => cells), cell => Assert.Contains(cell, new[] { "x", "·", "open", "" }));

    [Fact]
    public void WhatIsFoundHasASafeguardToLeaveOut() => Assert.All(
        RaceCatalog.All.Where(race => race.Safeguard.Length == 0), race => Assert.DoesNotContain("x", Table.Rows[race.Id]));

    [Fact]
    public void ARaceIsFoundUnderTheDesignThatItWasMadeFor() => Assert.All(
        RaceCatalog.All.Where(race => race.Safeguard.Length > 0),
        race => Assert.Equal("x", Table.Rows[race.Id][Array.IndexOf(Table.Designs, race.Design)]));

    [Theory]
    [MemberData(nameof(EveryDesign))]
    public void EmptyPlacesAreThoseWhereTheDesignHasNone(string design)
    {
        int column = Array.IndexOf(Table.Designs, design);
        IEnumerable<string> empty = RaceCatalog.All.Where(race => !Applies(race.Id, design)).Select(race => race.Id);

        Assert.Equal(Table.Rows.Where(row => row.Value[column].Length == 0).Select(row => row.Key).Order(), empty.Order());
    }

    private static bool Applies(string id, string design)
    {
        try
        {
            Race race = RaceCatalog.Find(id);
            new Explorer(race.Scenario(DesignCatalog.Parse(design), Safeguards.All))
                .Search(new RandomWalk(1), new SearchLimits(Schedules: 1, Shrinking: 0), TestContext.Current.CancellationToken);
            return true;
        }
        catch (RaceDoesNotApplyException)
        {
            return false;
        }
    }

    private static (string[] Designs, Dictionary<string, string[]> Rows) Read([CallerFilePath] string path = "")
    {
        DirectoryInfo folder = new(Path.GetDirectoryName(path)!);
        while (!File.Exists(Path.Combine(folder.FullName, "Palimpsest.slnx")))
        {
            folder = folder.Parent!;
        }

        string[] lines = File.ReadAllLines(Path.Combine(folder.FullName, "docs", "exploration.md"));
        int head = Array.FindIndex(lines, line => line.StartsWith("| race | separate-free-area |", StringComparison.Ordinal));
        IEnumerable<string[]> rows = lines.Skip(head + 2).TakeWhile(line => line.StartsWith('|')).Select(Cells);
        return (Cells(lines[head])[1..], rows.ToDictionary(cells => cells[0], cells => cells[1..]));
    }

    private static string[] Cells(string line) => [.. line.Split('|')[1..^1].Select(cell => cell.Trim())];
}
