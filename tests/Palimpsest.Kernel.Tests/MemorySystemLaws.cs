using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests;

/// <summary>
/// Whatever is asked, in whatever order: the audit finds nothing, no two tenants share a frame, owners are told of
/// moves, and when everybody has left all memory is free.
/// </summary>
public sealed class MemorySystemLaws
{
    private const int Scripts = 10;
    private const int Steps = 160;

    public static TheoryData<string, string> EveryBoardAndHome() =>
    [
        .. from board in TestBoards.Names
           from home in TestHomes.Names
           where TestHomes.Fits(home, board)
           select (board, home),
    ];

    [Theory]
    [MemberData(nameof(EveryBoardAndHome))]
    public void RandomScriptsKeepTheLaws(string board, string home)
    {
        MemoryLayout layout = TestBoards.Layout(board);
        int steps = layout.Frames > 8192 ? Steps / 2 : Steps;
        int scripts = layout.Frames > 8192 ? Scripts / 4 : Scripts;
        Law.Holds(Operation.Script(steps), scripts, script =>
            ScriptRun.Check(() => new ScriptRun(layout, new PlainDesign(TestHomes.Home(home))), script));
    }

    [Fact]
    public void GroupsThatAreNoBuddyChunksAreRefused()
    {
        InputException refused = Assert.Throws<InputException>(() =>
            new ScriptRun(TestBoards.Layout("blocks of 3"), new PlainDesign(new Groups())));

        Assert.Contains("blocks of 3 frames", refused.Message);
    }
}
