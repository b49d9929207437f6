using Palimpsest.Machine.DeviceTree;
using Palimpsest.Machine.Memory.Reading;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory;

/// <summary>Reads the physical memory of a machine from its device tree, as Linux would at boot.</summary>
public static class BoardReader
{
    /// <exception cref="InputException">The tree contradicts itself or a binding; the message names the node.</exception>
    public static MemoryBoard Read(FlattenedDeviceTree tree, BoardOptions options)
    {
        var draft = new BoardDraft(tree, options);
        TreeKinds.RequireMachine(tree);
        NoteFurtherTrees(draft);
        MemoryNodes.Read(draft);
        BootMemory.Limit(draft);
        TagStorageNodes.Read(draft);
        ReservedMemory.Read(draft);

        // What the tree has is settled; what follows is ours to place around it.
        PoolPlacement.PlaceDynamic(draft);
        CommandLineCma.Place(draft);
        if (draft.TagStorage.Count == 0 && options.DefaultCarveOut)
        {
            DefaultCarveOut.AddTo(draft);
        }

        MemoryBoard board = Finished(draft);
        IReadOnlyList<TagStorageSpan> spans = ZoneSplit.Apply(board.TagStorage, board.Zones, options.Geometry, draft.File);
        IReadOnlyList<CmaPool> pools = ReservedMemory.PoolsWithinOneZone(draft, board.Zones);
        return board with { TagStorage = spans, CmaPools = pools, Notes = [.. draft.Notes] };
    }

    private static MemoryBoard Finished(BoardDraft draft) => new(
        draft.Tree.Root.Text("model") ?? draft.Tree.Root.Text("compatible") ?? "unnamed board",
        draft.Banks,
        draft.Reserved,
        [.. draft.Pools.OrderBy(pool => pool.Range)],
        [.. draft.TagStorage.OrderBy(span => span.Storage)],
        draft.Dialect,
        [])
    {
        DmaAddressBits = DmaAddressLimit.Bits(draft.Tree),
        NoHugePages = draft.CommandLine.NoHugePages,
        Release = draft.Options.Release,
        IsOfTree = true,
    };

    private static void NoteFurtherTrees(BoardDraft draft)
    {
        if (draft.Tree.FurtherTrees > 0)
        {
            draft.Notes.Add($"{draft.Tree.FurtherTrees} more trees follow in the file, as in a dtb.img; the first was read");
        }
    }
}
