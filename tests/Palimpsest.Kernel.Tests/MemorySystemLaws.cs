using Palimpsest.Kernel.Ports;
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

    public static TheoryData<string, StoragePlacement> EveryBoardAndPlacement()
    {
        TheoryData<string, StoragePlacement> rows = [];
        foreach (string board in TestBoards.Names)
        {
            foreach (StoragePlacement placement in Enum.GetValues<StoragePlacement>())
            {
                if (!(placement == StoragePlacement.TagBlocks && board == "blocks of 3"))
                {
                    rows.Add(board, placement);
                }
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(EveryBoardAndPlacement))]
    public void RandomScriptsKeepTheLaws(string board, StoragePlacement placement)
    {
        MemoryLayout layout = TestBoards.Layout(board);
        int steps = layout.Frames > 8192 ? Steps / 2 : Steps;
        int scripts = layout.Frames > 8192 ? Scripts / 4 : Scripts;
        Law.Holds(Operation.Script(steps), scripts, script => ScriptRun.Check(() => new ScriptRun(layout, new PlainDesign(placement)), script));
    }

    [Fact]
    public void GroupsThatAreNoBuddyChunksAreRefused()
    {
        InputException refused = Assert.Throws<InputException>(() =>
            new ScriptRun(TestBoards.Layout("blocks of 3"), new PlainDesign(StoragePlacement.TagBlocks)));

        Assert.Contains("blocks of 3 frames", refused.Message);
    }
}
