using Palimpsest.Exploration.Runs;
using Palimpsest.Exploration.Scenarios;

namespace Palimpsest.Exploration.Tests.Puzzles;

/// <summary>A known bug of concurrent programs, and the program without it.</summary>
/// <param name="Preemptions">Fewest with which it shows; <paramref name="Steps"/> the fewest steps with so many.</param>
internal sealed record Puzzle(string Name, FailureKind Kind, int Preemptions, int Steps, Scenario Broken, Scenario Correct)
{
    private static readonly Puzzle[] All =
    [
        UpdatePuzzles.LostUpdate, UpdatePuzzles.Aba, UpdatePuzzles.DoubleChecked, UpdatePuzzles.Depth3,
        ExclusionPuzzles.Dekker, ExclusionPuzzles.Peterson,
        WaitingPuzzles.BoundedBuffer, WaitingPuzzles.Philosophers, WaitingPuzzles.Upgrade, WaitingPuzzles.Spouses,
        MachinePuzzles.InterruptTakesLock, MachinePuzzles.LateWriteBack,
    ];

    public static TheoryData<string> Names => [.. All.Select(puzzle => puzzle.Name)];

    public static Puzzle Of(string name) => All.Single(puzzle => puzzle.Name == name);
}
