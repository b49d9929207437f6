using Palimpsest.Machine.DeviceTree;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory.Reading;

/// <summary>
/// Versions 1 and 2 of the proposal: nodes at the root, outside all memory nodes, named metadata@... or
/// tag-storage@..., with the property "memory".
/// </summary>
internal static class RootTagStorage
{
    public static void Read(BoardDraft draft, IReadOnlyList<DeviceTreeNode> nodes)
    {
        draft.Dialect = DialectOf(draft, nodes);
        var storageBanks = new List<MemoryBank>();
        foreach (DeviceTreeNode source in nodes)
        {
            var node = new TagStorageNode(
                source, TagStorageChecks.Storage(draft, source), TagStorageChecks.BlockBytes(draft, source));
            PhysicalRange covered = TaggedMemory.Of(draft, source, "memory");
            RequireExactSize(draft, node, covered);
            RequirePageBlocks(draft, node);
            TagStorageChecks.WholeBlocks(draft, node);
            draft.TagStorage.Add(node.Covering(covered));
            storageBanks.Add(new MemoryBank(node.Storage, NodeOf(draft, node, covered)));
        }

        draft.Banks = BankList.Join(draft.Banks.Concat(storageBanks), draft.File, draft.Notes);
    }

    private static string DialectOf(BoardDraft draft, IReadOnlyList<DeviceTreeNode> nodes)
    {
        foreach (DeviceTreeNode node in nodes)
        {
            if (!IsVersion1(node) && !node.Name.Contains("tag-storage", StringComparison.Ordinal))
            {
                throw draft.Tree.Fault(
                    node,
                    "tag storage at the root must have metadata or tag-storage in its name",
                    "rename it to tag-storage@ADDRESS");
            }
        }

        return nodes.Any(IsVersion1) ? "RFC v1" : "RFC v2";
    }

    private static bool IsVersion1(DeviceTreeNode node) => node.Name.Contains("metadata", StringComparison.Ordinal);

    private static void RequireExactSize(BoardDraft draft, TagStorageNode node, PhysicalRange covered)
    {
        if (node.Storage.Bytes * TagStorageChecks.Ratio != covered.Bytes)
        {
            throw draft.Tree.Fault(
                node.Source,
                $"{ByteText.Of(node.Storage.Bytes)} of tags do not match {ByteText.Of(covered.Bytes)} of memory",
                "tag storage is exactly 1/32 of its memory");
        }
    }

    private static void RequirePageBlocks(BoardDraft draft, TagStorageNode node)
    {
        if (!TagStorageChecks.IsWholePageBlocks(draft, node.Storage))
        {
            throw draft.Tree.Fault(
                node.Source,
                $"tag storage {node.Storage} is not whole pageblocks of {ByteText.Of(draft.PageBlockBytes)}",
                "align its start and its size");
        }
    }

    // Where the posted code asks no one, the storage joins the node of the memory that it serves. A tree may also put
    // it inside a memory node, whose NUMA node then holds.
    private static int NodeOf(BoardDraft draft, TagStorageNode node, PhysicalRange covered)
    {
        MemoryBank bank = draft.Banks.FirstOrDefault(bank => bank.Range.Overlaps(node.Storage))
            ?? draft.Banks.First(bank => bank.Range.Contains(covered));
        return node.Source.Cell("numa-node-id") is uint id and < 1024 ? (int)id : bank.Node;
    }
}
