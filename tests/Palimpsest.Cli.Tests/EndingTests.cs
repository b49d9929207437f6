namespace Palimpsest.Cli.Tests;

/// <summary>Whatever board, verb and output: the end is an answer or one line with an exit code, never a stack trace.</summary>
public sealed class EndingTests
{
    private const int Holds = 0;
    private const int BadInput = 65;
    private const int BrokenOff = 74;

    private static readonly string Boards = Path.Combine(AppContext.BaseDirectory, "Boards");

    /// <summary>A call of every verb, as short as there is one.</summary>
    public static TheoryData<string> Verbs =>
    [
        "--help", "--version", "compare --help", "compare --design static --from 1 --to 2", "run phone --ram 16M --steps 9 --design static",
        "explore R7", "verify --to 120", "census Snapshots/census", "inspect samples/small.dtb", "inspect samples/small.txt.zst --to 1",
        "record --print",
    ];

    public static TheoryData<string> Trees() => [.. Directory.GetFiles(Boards).Select(Path.GetFileName).OfType<string>().Order()];

    [Theory]
    [MemberData(nameof(Trees))]
    public void EveryBoardRunsOrIsRefusedInALine(string board)
    {
        Finished finished = CommandLine.Run("run", "phone", "--board", Path.Combine(Boards, board), "--size", "4M", "--swap", "1M",
            "--steps", "2", "--cpus", "1", "--seeds", "1");

        Assert.Contains(finished.ExitCode, new[] { Holds, BadInput });
        Assert.Equal(finished.ExitCode == Holds ? 0 : 1, finished.Errors.Count(letter => letter == '\n'));
        Assert.DoesNotContain("   at ", finished.Output + finished.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void ADesignThatTheBoardHasNoPlaceForIsARowWithItsReason()
    {
        string[] call = ["run", "phone", "--board", Path.Combine(Boards, "uneven.dtb"), "--size", "8M", "--steps", "3"];
        Finished all = CommandLine.Run(call);
        Finished alone = CommandLine.Run([.. call, "--design", "tag-blocks"]);

        Assert.Equal((Holds, ""), (all.ExitCode, all.Errors));
        Assert.Contains("\npacked ", all.Output, StringComparison.Ordinal);
        Assert.Contains("\ntag-blocks left out: tag-blocks needs groups of 32 pages", all.Output, StringComparison.Ordinal);
        Assert.Equal((BadInput, ""), (alone.ExitCode, alone.Output));
        Assert.StartsWith("palimpsest: tag-blocks needs groups of 32 pages", alone.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void AnOutputThatIsFullIsOneLine(string call)
    {
        Finished finished = Shell(call, ">/dev/full");

        Assert.Equal((BrokenOff, "palimpsest: standard output: cannot be written (No space left on device)\n"),
            (finished.ExitCode, finished.Errors));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void NobodyWhoReadsIsNoMistake(string call) => Assert.Equal((Holds, ""), Shell(call, "| true") switch
    {
        var finished => (finished.ExitCode, finished.Errors),
    });

    [Theory]
    [InlineData("compare --design static --to 2", ">&-", BrokenOff)]
    [InlineData("compare nosuch", "2>&-", 66)]
    [InlineData("compare nosuch", "2>/dev/full", 66)]
    [InlineData("compare --design static --to 2 --json /proc/a.json", "", 73)]
    [InlineData("compare --design static --to 2 --json /nowhere/a.json", "", 73)]
    [InlineData("compare --design static --to 2 --json /dev/full", "", BrokenOff)]
    [InlineData("compare --design static --to 2 --html /dev/full", "", BrokenOff)]
    [InlineData("run phone --ram 16M --steps 9 --design static --json /dev/full", "", BrokenOff)]
    [InlineData("run phone --ram 16M --steps 9 --design static --record /dev/full", "", BrokenOff)]
    [InlineData("explore R7 --schedule /dev/full", "", BrokenOff)]
    [InlineData("verify --to 120 --html /dev/full", "", BrokenOff)]
    [InlineData("census Snapshots/census --json /dev/full", "", BrokenOff)]
    [InlineData("inspect samples/small.txt.zst --to 1 --json /dev/full", "", BrokenOff)]
    [InlineData("compare nosuch.txt", "", 66)]
    [InlineData("verify nosuch.txt", "", 66)]
    [InlineData("compare --board nosuch.dtb", "", 66)]
    [InlineData("compare --costs nosuch", "", 66)]
    [InlineData("replay nosuch", "", 66)]
    [InlineData("inspect nosuch", "", 66)]
    [InlineData("census nosuch", "", 66)]
    public void EachEndHasItsCode(string call, string redirection, int code)
    {
        Finished finished = Shell(call, redirection);

        Assert.Equal(code, finished.ExitCode);
        Assert.Equal(redirection.StartsWith('2') ? 0 : 1, finished.Errors.Count(letter => letter == '\n'));
    }

    private static Finished Shell(string call, string redirection) =>
        Tests.Shell.Run($"set -o pipefail; dotnet palimpsest.dll {call} {redirection}");
}
