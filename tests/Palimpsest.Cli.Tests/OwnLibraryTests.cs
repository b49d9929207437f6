using System.Text.Json;

namespace Palimpsest.Cli.Tests;

/// <summary>The library of docs/own.md, compiled from its text.</summary>
public sealed class LibraryOfThePage : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LibraryOfThePage() =>
        OwnSource.Compile(OwnSource.Shown(Path.Combine(AppContext.BaseDirectory, "Goldens", "own.md")), File);

    public string File => _folder["my.dll"];

    internal string Beside(string name) => _folder[name];

    public void Dispose() => _folder.Dispose();
}

/// <summary>What docs/own.md shows compiles as it stands there, and the command line takes it like what is ours.</summary>
public sealed class OwnLibraryTests(LibraryOfThePage library) : IClassFixture<LibraryOfThePage>
{
    [Theory]
    [InlineData("designs", "patient")]
    [InlineData("races", "M1")]
    [InlineData("workloads", "batches")]
    public void ListHasWhatIsOnesOwnLast(string kind, string name)
    {
        Finished finished = CommandLine.Run("list", kind, "--assembly", library.File, "--json", "-");
        using JsonDocument told = JsonDocument.Parse(finished.Output);

        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
        Assert.Equal(name, told.RootElement.GetProperty("items").EnumerateArray().Last().GetProperty("name").GetString());
    }

    [Fact]
    public void ARaceOfOnesOwnIsFoundWithoutItsSafeguardAndHeldWithIt()
    {
        string page = library.Beside("m1.html");
        string schedule = library.Beside("m1.txt");
        Finished found = CommandLine.Run(
            "explore", "m1", "--assembly", library.File, "--html", page, "--schedule", schedule);
        Finished again = CommandLine.Run("replay", schedule, "--assembly", library.File);

        Assert.Equal((0, ""), (found.ExitCode, found.Errors));
        Assert.Contains("without references-first:\nfound in schedule", found.Output, StringComparison.Ordinal);
        Assert.Contains("broken: TAG-1", found.Output, StringComparison.Ordinal);
        Assert.Contains("is lent, frame", found.Output, StringComparison.Ordinal);
        Assert.Contains("with all safeguards:\nheld in", found.Output, StringComparison.Ordinal);
        Assert.Contains("a tagged page is given back while its neighbour gets its first tag", File.ReadAllText(page),
            StringComparison.Ordinal);
        Assert.Equal((1, ""), (again.ExitCode, again.Errors));
        Assert.Contains("broken: TAG-1", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AWorkloadOfOnesOwnRunsUnderEachDesign()
    {
        string page = library.Beside("batches.html");
        Finished finished = CommandLine.Run("run", "batches", "--assembly", library.File, "--ram", "16M", "--steps", "20", "--seeds", "2",
            "--design", "static", "--design", "patient", "--json", "-", "--html", page);
        using JsonDocument told = JsonDocument.Parse(finished.Output);

        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
        Assert.Equal("batches", told.RootElement.GetProperty("workload").GetString());
        Assert.Equal(["static", "patient"],
            told.RootElement.GetProperty("designs").EnumerateArray().Select(design => design.GetProperty("name").GetString()!));
        Assert.Contains("batches", File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Fact]
    public void AWorkloadThatIsNotThereIsHeldAgainstOnesOwnToo()
    {
        Finished finished = CommandLine.Run("run", "batch", "--assembly", library.File);

        Assert.Equal(64, finished.ExitCode);
        Assert.Contains("camera, batches", finished.Errors, StringComparison.Ordinal);
    }
}
