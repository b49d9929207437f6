using Palimpsest.Kernel;
using Palimpsest.Kernel.Ports;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing;
using Palimpsest.Testing.Scripts;

namespace Palimpsest.Laws.Tests;

/// <summary>A design that answers every question at random, wherever its storage stands, is slow at worst: it breaks no law.</summary>
public sealed class AdversarialContract
{
    private const int Scripts = 6;
    private const int Steps = 160;

    private static readonly Dictionary<string, StoragePlace> Places = new()
    {
        ["ordinary"] = StoragePlace.Ordinary,
        ["CMA"] = StoragePlace.Cma,
        ["migratetype"] = StoragePlace.OwnMigrateType,
        ["free area"] = StoragePlace.OwnFreeArea,
        ["zone"] = StoragePlace.OwnZone,
        ["node"] = StoragePlace.OwnNode,
        ["groups"] = StoragePlace.Groups,
        ["active blocks"] = StoragePlace.ActiveBlocks,
        ["cells"] = StoragePlace.Cells,
        ["clean cache"] = StoragePlace.CleanCache,
    };

    public static TheoryData<string, string> EveryBoardAndPlace() =>
    [
        .. from board in TestBoards.Names
           from place in Places.Keys
           where TestHomes.Fits(place, board)
           select (board, place),
    ];

    [Theory]
    [MemberData(nameof(EveryBoardAndPlace))]
    public void RandomAnswersBreakNoLaw(string board, string place)
    {
        MemoryLayout layout = TestBoards.Layout(board);
        int scale = layout.Frames > 8192 ? 2 : 1;
        int seed = 0;
        Law.Holds(Operation.Script(Steps / scale), Scripts / scale, script =>
        {
            int answers = ++seed;
            ScriptRun.Check(() => new ScriptRun(layout, new AdversarialDesign(Places[place], answers), mayKeepBlocks: true), script);
        });
    }

    [Fact]
    public void EveryPlaceThereIsIsTried() =>
        Assert.Equal(
            typeof(StoragePlace).GetProperties(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public)
                .Select(place => place.GetValue(null)).ToHashSet(),
            Places.Values.ToHashSet<object?>());
}
