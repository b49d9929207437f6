using System.Runtime.CompilerServices;
using System.Text.Json;
using Palimpsest.Lab.Trials;
using Palimpsest.Races.Trials;

namespace Palimpsest.Laws.Tests;

/// <summary>The README's trials compile, and say what the commands say.</summary>
public sealed class ReadmeTrial
{
    [Fact]
    public void TheTrialsOfTheReadmeRun()
    {
        string trace = Path.Combine(SourceTree.Top, "samples", "small.txt.zst");
        string board = Path.Combine(SourceTree.Top, "samples", "small.dtb");
        StringWriter output = new();

#pragma warning disable xUnit1051 // The README shows no token.
        // README begins
        ComparisonTrial trial = new(new RecordingInput(trace), new BoardInput { TreePath = board }) { Designs = ["cma-no-tagged"] };
        string kept = JsonSerializer.Serialize(trial, TrialJson.Default.ComparisonTrial);
        ComparisonResult result = JsonSerializer.Deserialize(kept, TrialJson.Default.ComparisonTrial)!.Run();
        RaceOutcome race = JsonSerializer.Deserialize("{\"id\":\"R7\"}", RaceJson.Default.RaceTrial)!.Run();
        output.WriteLine($"{result.Designs[0].Storage.GivenBackMin} pages at least; {race.Id} {race.Verdict}: {race.Failing!.Schedule}");
        // README ends
#pragma warning restore xUnit1051

        Assert.Equal("16058 pages at least; R7 Holds: schedule 1 R7 seed 1: reserve*4 free*4 reserve*3", output.ToString().Trim());
    }

    [Fact]
    public void TheReadmeShowsTheseTrials()
    {
        string[] lines = [.. File.ReadAllLines(ThisFile()).SkipWhile(line => !line.EndsWith("README begins", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => !line.EndsWith("README ends", StringComparison.Ordinal))
            .Select(line => line[8..].Replace("output.WriteLine", "Console.WriteLine", StringComparison.Ordinal))];

        Assert.Contains($"```csharp\n{string.Join('\n', lines)}\n```", File.ReadAllText(Path.Combine(SourceTree.Top, "README.md")),
            StringComparison.Ordinal);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
