using Palimpsest.Kernel;
using Palimpsest.Kernel.Ports;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing;
using Palimpsest.Testing.Scripts;

namespace Palimpsest.Laws.Tests;

/// <summary>A design that answers every question at random, on every placement, is slow at worst: it breaks no law.</summary>
public sealed class AdversarialContract
{
    private const int Scripts = 6;
    private const int Steps = 160;

    public static TheoryData<string, StoragePlacement> EveryBoardAndPlacement() =>
    [
        .. from board in TestBoards.Names
           from placement in Enum.GetValues<StoragePlacement>()
           where placement != StoragePlacement.TagBlocks || board != "blocks of 3"
           select (board, placement),
    ];

    [Theory]
    [MemberData(nameof(EveryBoardAndPlacement))]
    public void RandomAnswersBreakNoLaw(string board, StoragePlacement placement)
    {
        MemoryLayout layout = TestBoards.Layout(board);
        int scale = layout.Frames > 8192 ? 2 : 1;
        int seed = 0;
        Law.Holds(Operation.Script(Steps / scale), Scripts / scale, script =>
        {
            int answers = ++seed;
            ScriptRun.Check(() => new ScriptRun(layout, new AdversarialDesign(placement, answers), mayKeepBlocks: true), script);
        });
    }
}
