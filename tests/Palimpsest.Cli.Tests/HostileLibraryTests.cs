namespace Palimpsest.Cli.Tests;

/// <summary>A library that is broken is one line that names it.</summary>
public sealed class HostileLibraryTests : IDisposable
{
    private const string Loop = "public sealed class Loop(LinuxMachine one, LoopParameters two) : ClosedLoop(one, two) "
        + "{ protected override void Work(int number) => throw new System.InvalidCastException(\"worked\"); } ";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("public static class My { public static LoopEntry Entry => throw new System.InvalidCastException(\"asked\"); }",
        "run my", "a member threw InvalidCastException: asked")]
    [InlineData("public static class My { public static LoopEntry Entry = new(null!, \"\", int.Parse(\"x\"), (_, _) => null!); }",
        "run my", "a member threw FormatException")]
    [InlineData(Loop + "public static class My { public static LoopEntry Entry = new(\"my\", \"\", 5, (one, two) => new Loop(one, two)); }",
        "run my --steps 5", "InvalidCastException: worked (in Loop.Work)")]
    [InlineData("public static class My { public static LoopEntry Entry = new(\"server\", \"\", 5, (_, _) => null!); }",
        "run server", "server is the name of a workload that is there already")]
    [InlineData("public static class My { public static LoopEntry Entry = new(\"my\", \"\", 5, (_, _) => null!); }",
        "compare", "brings workloads, and this verb takes designs")]
    [InlineData("public static class My { public static OwnRace R = OwnRace.Of<S>(\"Q\", \"\", \"packed\", Safeguards.None, "
        + "_ => throw new System.InvalidCastException(\"made\"), race => race.Actor(\"a\", 0, _ => default)); } "
        + "public sealed record S(LinuxMachine Machine) : IRaceState;", "explore Q", "Q cannot be set up: InvalidCastException: made")]
    [InlineData("public static class My { public static OwnRace R = OwnRace.Of<S>(\"Q\", \"\", \"nosuch\", Safeguards.None, "
        + "setting => new(setting.Machine()), race => race.Actor(\"a\", 0, _ => default)); } "
        + "public sealed record S(LinuxMachine Machine) : IRaceState;", "explore Q", "nosuch")]
    [InlineData("public static class My { }", "explore R7", "has no public static member that is a DesignEntry or OwnRace")]
    public void WhatThrowsIsNamed(string code, string command, string words)
    {
        string library = _folder["my.dll"];
        OwnSource.Compile(code, library);
        Finished finished = CommandLine.Run([.. command.Split(' '), "--assembly", library]);

        Assert.Equal(1, finished.Errors.Count(letter => letter == '\n'));
        Assert.Contains(words, finished.Errors, StringComparison.Ordinal);
        Assert.Equal("", finished.Output);
        Assert.InRange(finished.ExitCode, 64, 65);
    }

    [Fact]
    public void ALibraryWithoutOneThatItNeedsIsNamed()
    {
        string needed = _folder["needed.dll"];
        string library = _folder["my.dll"];
        OwnSource.Compile("public sealed class Needed;", needed);
        OwnSource.Compile("public static class My { public static Needed? One => null; public static LoopEntry? Other => null; }", library,
            needed);
        File.Delete(needed);
        Finished finished = CommandLine.Run("run", "my", "--assembly", library);

        Assert.Equal((65, 1), (finished.ExitCode, finished.Errors.Count(letter => letter == '\n')));
        Assert.Contains("cannot be used as a library of .NET built for this version", finished.Errors, StringComparison.Ordinal);
    }
}
