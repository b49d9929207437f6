using Palimpsest.Machine.DeviceTree;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory.Reading;

/// <summary>
/// Version 3 of the proposal: children of /reserved-memory, inside the RAM of a memory node, with the properties
/// "tagged-memory" and "reusable".
/// </summary>
internal static class ReservedTagStorage
{
    public static void Read(BoardDraft draft, IReadOnlyList<DeviceTreeNode> sources)
    {
        draft.Dialect = "RFC v3";
        List<TagStorageNode> nodes = [.. sources.Select(source => Node(draft, source))];
        foreach (TagStorageNode node in nodes)
        {
            PhysicalRange memory = TaggedMemory.Of(draft, node.Source, "tagged-memory");
            PhysicalRange covered = WithoutStorageAtItsEnd(memory, nodes);
            RequireEnough(draft, node, covered);
            draft.TagStorage.Add(node.Covering(covered));
        }
    }

    private static TagStorageNode Node(BoardDraft draft, DeviceTreeNode source)
    {
        if (!source.Has("reusable"))
        {
            throw draft.Tree.Fault(source, "reusable is missing", "tag storage that cannot be used as data needs no node");
        }

        var node = new TagStorageNode(
            source, TagStorageChecks.Storage(draft, source), TagStorageChecks.BlockBytes(draft, source));
        TagStorageChecks.WholeBlocks(draft, node);
        TagStorageChecks.InsideRam(draft, node);
        TagStorageChecks.NotePageBlocks(draft, node);
        return node;
    }

    // A memory node may describe all RAM, its own tag storage at the end included. Storage is never tagged.
    private static PhysicalRange WithoutStorageAtItsEnd(PhysicalRange memory, List<TagStorageNode> nodes)
    {
        foreach (PhysicalRange storage in nodes.Select(node => node.Storage).OrderDescending())
        {
            if (storage.Start.Value > memory.Start.Value && storage.End == memory.End)
            {
                memory = memory with { Bytes = storage.Start.Value - memory.Start.Value };
            }
        }

        return memory;
    }

    private static void RequireEnough(BoardDraft draft, TagStorageNode node, PhysicalRange covered)
    {
        ulong room = node.Storage.Bytes * TagStorageChecks.Ratio;
        if (room < covered.Bytes)
        {
            throw draft.Tree.Fault(
                node.Source,
                $"{ByteText.Of(node.Storage.Bytes)} of tags serve {ByteText.Of(room)}, "
                + $"its memory has {ByteText.Of(covered.Bytes)}",
                "tag storage is 1/32 of its memory");
        }

        if (room > covered.Bytes)
        {
            draft.Notes.Add(
                $"{node.Source.Path}: {ByteText.Of(node.Storage.Bytes)} of tags "
                + $"are more than {ByteText.Of(covered.Bytes)} of memory need");
        }
    }
}
