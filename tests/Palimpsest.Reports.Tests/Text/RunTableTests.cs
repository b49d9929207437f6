using Palimpsest.Exploration.Runs;
using Palimpsest.Exploration.Schedules;
using Palimpsest.Races.Trials;
using Palimpsest.Reports.Text;
using Palimpsest.Steps;

namespace Palimpsest.Reports.Tests.Text;

/// <summary>A run is told in columns that fit a mail, with nothing left out that repeats nothing.</summary>
public sealed class RunTableTests
{
    private static RunStep Does(int actor, string words, int kind = 1, string? took = null, string[]? held = null, string? state = null) =>
        new(actor, new Step(kind, 0), words, took, held ?? [], [], state);

    private static string[] Lines(string[] actors, Failure? failure, params RunStep[] steps) =>
        RunTable.Print(ToldRun.Of(new RunRecord(new Schedule("test", 1, []), actors, steps, 0, failure))).TrimEnd().Split('\n');

    [Fact]
    public void ActorsAreColumnsAndLocksAreLetters()
    {
        string[] lines = Lines(
            ["cpu0", "cpu1"], new Failure(FailureKind.Law, "TAG-3", "frame 7 is tagged", 3),
            Does(0, "take folio 7", 1, "folio 7", ["folio 7"]), Does(1, "access 0x1000", 2),
                Does(0, "unmap frame 7", 3, null, ["folio 7", "mapping"]));

        Assert.Equal(
            [
                "     cpu0           locks  cpu1",
                "  1  take folio 7   a",
                "  2                        access 0x1000",
                "  3  unmap frame 7  a b",
                "     locks: a folio 7, b mapping",
                "     broken: TAG-3: frame 7 is tagged",
                "     law: no page of tag storage is tagged",
                "     schedule 1 test seed 1:",
            ],
            lines);
    }

    [Fact]
    public void ALoopIsToldOnceAndWhatComesAfterItInFull()
    {
        RunStep[] round = [Does(0, "try", 1), Does(0, "again", 2)];
        string[] lines = Lines(["cpu0"], null, [.. round, .. round, .. round, .. round, Does(0, "end", 3)]);

        Assert.Equal(["  1  try", "  2  again", "     ... alike to step 8, 3 times", "  9  end"], lines[1..5]);
    }

    [Fact]
    public void TwoRoundsAreToldInFull()
    {
        RunStep[] round = [Does(0, "try", 1), Does(0, "again", 2)];

        Assert.Equal(["  1  try", "  2  again", "  3  try", "  4  again"], Lines(["cpu0"], null, [.. round, .. round])[1..5]);
    }

    [Fact]
    public void TheStateIsToldWhereItChanges() => Assert.Equal(
        ["  1  one", "     | frame 7 lent", "  2  two", "  3  three", "     | frame 7 reserved"],
        Lines(["cpu0"], null, Does(0, "one", 1, state: "frame 7 lent"), Does(0, "two", 2, state: "frame 7 lent"),
            Does(0, "three", 3, state: "frame 7 reserved"))[1..6]);

    [Fact]
    public void NoLineIsLongerThanAHundredColumnsWhoeverActsAndWhateverBreaks()
    {
        string[] actors = ["migration", "reservation", "swapper", "cache"];
        string[] held = [.. Enumerable.Range(0, 12).Select(number => $"a_lock_with_a_name_of_its_own_{number}.xa_lock")];
        RunStep[] steps = [.. Enumerable.Range(0, 4)
            .Select(actor => Does(actor, $"take {held[actor]}", actor, held[actor], held[..(actor + 3)]))];
        string[] lines = Lines(actors,
            new Failure(FailureKind.Deadlock, "Deadlock", string.Join("; ", held.Select(name => $"somebody waits for {name}")), 4), steps);

        Assert.All(lines, line => Assert.True(line.Length <= 100, line));
        Assert.Contains(lines, line => line.StartsWith("  1  take a", StringComparison.Ordinal));
        Assert.Contains(held[11], lines.Aggregate((all, line) => all + line), StringComparison.Ordinal);
    }
}
