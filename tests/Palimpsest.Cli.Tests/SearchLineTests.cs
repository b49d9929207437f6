namespace Palimpsest.Cli.Tests;

/// <summary>How far a search is stands on standard error, where that is a terminal.</summary>
public sealed class SearchLineTests : IDisposable
{
    private const string Script = "/usr/bin/script";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", true)]
    [InlineData("--quiet", false)]
    public void ATerminalSeesSchedulesAndTime(string option, bool isTold)
    {
        Assert.SkipUnless(File.Exists(Script), "there is no script(1) to make a terminal");
        string output = _folder["output"];
        string seen = _folder["seen"];
        Shell.Run($"{Script} -qec 'dotnet palimpsest.dll explore W6 {option} > {output}' {seen}");
        string terminal = File.ReadAllText(seen);

        Assert.Equal(isTold, terminal.Contains("W6 with all safeguards: ", StringComparison.Ordinal));
        Assert.Equal(isTold, terminal.Contains(" schedules, ", StringComparison.Ordinal));
        Assert.Equal(isTold, terminal.Contains("W6: ", StringComparison.Ordinal));
        Assert.DoesNotContain("\r", File.ReadAllText(output), StringComparison.Ordinal);
    }

    [Fact]
    public void AFileSeesNothing() => Assert.Equal("", CommandLine.Run("explore", "W6").Errors);
}
