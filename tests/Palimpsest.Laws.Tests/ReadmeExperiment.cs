using System.Runtime.CompilerServices;
using Palimpsest.Designs;
using Palimpsest.Lab.Trials;

namespace Palimpsest.Laws.Tests;

/// <summary>The README's experiment compiles, and says what the command says.</summary>
public sealed class ReadmeExperiment
{
    [Fact]
    public void TheExperimentOfTheReadmeIsTheCommand()
    {
        string folder = Path.Combine(SourceTree.Top, "samples") + "/";
        StringWriter output = new();

        // README begins
        ComparisonResult result = Experiment.Compare(folder + "small.txt.zst", folder + "small.dtb", folder + "small.snapshot");
        output.WriteLine(result.ToText());
        // README ends

        string readme = File.ReadAllText(Path.Combine(SourceTree.Top, "README.md"));
        string shown = readme.Split("$ ./palimpsest compare\n")[1].Split("```")[0].TrimEnd();
        Assert.StartsWith(Trimmed(shown), Trimmed(output.ToString()), StringComparison.Ordinal);
        string code = string.Join('\n', File.ReadAllLines(ThisFile())
            .SkipWhile(line => !line.EndsWith("README begins", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.EndsWith("README ends", StringComparison.Ordinal))
            .Select(line => line[8..].Replace("output.WriteLine", "Console.WriteLine", StringComparison.Ordinal)));
        Assert.Contains($"```csharp\nusing Palimpsest;\n\n{code}\n```", readme, StringComparison.Ordinal);
    }

    [Fact]
    public void ADesignOfOnesOwnIsARowOfBothTables()
    {
        DesignEntry own = new("mine", "me", "as static", [], new(), _ => DesignCatalog.Parse("static").Create());
        string sample = Path.Combine(SourceTree.Top, "samples", "small.txt.zst");
        ComparisonResult compared = new ComparisonTrial(new RecordingInput(sample), new BoardInput { RamBytes = 2UL << 30 })
        {
            Designs = ["static", "mine"], Own = [own],
        }.Run(cancellation: TestContext.Current.CancellationToken);
        LoopStudy study = new LoopTrial("phone") { Designs = ["static", "mine"], Own = [own], Steps = 9 }.Study(
            seeds: 2, cancellation: TestContext.Current.CancellationToken);

        Assert.Contains("\nmine ", compared.ToText(), StringComparison.Ordinal);
        Assert.Contains("\nmine ", study.ToText(isWide: true), StringComparison.Ordinal);
    }

    private static string Trimmed(string text) => string.Join('\n', text.Split('\n').Select(line => line.TrimEnd()));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
