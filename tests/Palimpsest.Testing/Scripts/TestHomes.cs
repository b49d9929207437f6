using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;

namespace Palimpsest.Testing.Scripts;

/// <summary>Every way to lend tag storage, and one that the kernel does not know; what tests go over instead of an enum.</summary>
public static class TestHomes
{
    private static readonly Dictionary<string, Func<StorageHome>> Makers = new()
    {
        ["hidden"] = () => new Hidden(),
        ["ordinary"] = () => new Ordinary(),
        ["free area"] = () => new OwnFreeArea(StorageUse.AfterCma),
        ["free area, first"] = () => new OwnFreeArea(StorageUse.First),
        ["zone"] = () => new OwnZone(),
        ["node"] = () => new OwnNode(),
        ["migratetype"] = () => new OwnMigrateType(StorageUse.AfterCma),
        ["migratetype, last"] = () => new OwnMigrateType(StorageUse.Last),
        ["CMA"] = () => new Cma(candidates: 16),
        ["cells"] = () => new ScoredCells(new CellRule(KeepsFree: false)),
        ["clean cache"] = () => new CleanCache(),
        ["groups"] = () => new Groups(),
        ["active blocks"] = () => new ActiveBlocks(new PackRule()),
        ["every other block"] = () => new EveryOtherBlock(),
    };

    public static IEnumerable<string> Names => Makers.Keys;

    public static StorageHome Home(string name) => Makers[name]();

    /// <summary>Can the home be had on a board of <see cref="TestBoards"/>? Groups must be buddy chunks.</summary>
    public static bool Fits(string name, string board) => name != "groups" || board != "blocks of 3";
}

/// <summary>A home from outside: every other block is CMA, the rest is kept for tags from boot on.</summary>
public sealed class EveryOtherBlock : StorageHome
{
    public override StoragePlace Place => StoragePlace.Cma;

    public override bool Lends(in StorageBlockView block) => block.Block.Index % 2 == 0;
}
