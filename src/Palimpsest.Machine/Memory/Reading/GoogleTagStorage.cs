using Palimpsest.Machine.DeviceTree;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory.Reading;

/// <summary>
/// Google's prototype of 2022: memory nodes say arm,mte-alloc and arm,no-mte; children of /reserved-memory give
/// storage-base, the start of the memory that they serve. No block-size: a block is a page.
/// </summary>
internal static class GoogleTagStorage
{
    private const string MayAllocate = "arm,mte-alloc";
    private const string Untaggable = "arm,no-mte";

    public static bool IsAnnounced(BoardDraft draft) => draft.MemoryNodes.Any(node => node.Source.Has(MayAllocate));

    public static void Read(BoardDraft draft, IReadOnlyList<DeviceTreeNode> sources)
    {
        draft.Dialect = "Google";
        List<TagStorageNode> nodes = [.. sources.Select(source => Node(draft, source))];
        foreach (TagStorageNode node in nodes)
        {
            draft.TagStorage.Add(node.Covering(Covered(draft, node, nodes)));
        }

        foreach (MemoryNode memory in draft.MemoryNodes)
        {
            RequireWholeService(draft, memory);
        }
    }

    private static TagStorageNode Node(BoardDraft draft, DeviceTreeNode source)
    {
        ulong block = source.Has("block-size")
            ? TagStorageChecks.BlockBytes(draft, source)
            : (ulong)draft.Geometry.PageBytes;
        var node = new TagStorageNode(source, TagStorageChecks.Storage(draft, source), block);
        TagStorageChecks.WholeBlocks(draft, node);
        TagStorageChecks.InsideRam(draft, node);
        TagStorageChecks.NotePageBlocks(draft, node);
        return node;
    }

    // From storage-base, as far as the tags reach, to the end of that memory or the next tag storage in it.
    private static PhysicalRange Covered(BoardDraft draft, TagStorageNode node, List<TagStorageNode> nodes)
    {
        ulong start = StorageBase(draft, node.Source);
        var reach = new PhysicalRange(new PhysicalAddress(start), node.Storage.Bytes * TagStorageChecks.Ratio);
        PhysicalRange? memory = draft.MemoryNodes
            .Where(memory => memory.Source.Has(MayAllocate) && !memory.Source.Has(Untaggable))
            .SelectMany(memory => memory.Ranges)
            .Where(range => range.Start.Value <= start && start < range.End)
            .Select(range => (PhysicalRange?)range)
            .FirstOrDefault();
        if (memory is null)
        {
            throw draft.Tree.Fault(
                node.Source,
                $"storage-base 0x{start:x} is not in taggable memory with {MayAllocate}",
                "give the start of the memory that the tags belong to");
        }

        ulong end = nodes
            .Select(other => other.Storage.Start.Value)
            .Where(storage => storage > start)
            .Append(Math.Min(reach.End, memory.Value.End))
            .Min();
        if (start % (ulong)draft.Geometry.PageBytes != 0)
        {
            throw draft.Tree.Fault(node.Source, $"storage-base 0x{start:x} is not the start of a page", "align it");
        }

        return reach with { Bytes = end - start };
    }

    private static ulong StorageBase(BoardDraft draft, DeviceTreeNode node)
    {
        DeviceTreeProperty property = node.Find("storage-base")
            ?? throw draft.Tree.Fault(node, "storage-base is missing", "give the start of the memory that the tags belong to");
        return CellWidths.Number(draft.Tree, node, property, CellWidths.DeclaredBy(draft.Tree, node.Parent!).Address);
    }

    // arm,mte-alloc promises that all storage is described; arm,no-mte is for storage alone.
    private static void RequireWholeService(BoardDraft draft, MemoryNode memory)
    {
        if (!memory.Source.Has(MayAllocate))
        {
            return;
        }

        IEnumerable<PhysicalRange> storage = draft.TagStorage.Select(span => span.Storage);
        bool untaggable = memory.Source.Has(Untaggable);
        IEnumerable<PhysicalRange> served = untaggable ? storage : storage.Concat(draft.TagStorage.Select(span => span.Covered));
        ulong bytes = memory.Ranges.Aggregate(0UL, (sum, range) => sum + range.Bytes);
        ulong servedBytes = memory.Ranges.Aggregate(0UL, (sum, range) => sum + OverlapBytes(served, range));
        if (servedBytes < bytes)
        {
            throw draft.Tree.Fault(
                memory.Source,
                untaggable
                    ? $"{Untaggable}, but only {ByteText.Of(servedBytes)} of {ByteText.Of(bytes)} are tag storage"
                    : $"{MayAllocate}, but only {ByteText.Of(servedBytes)} of {ByteText.Of(bytes)} have tag storage described",
                "complete the tag storage nodes under /reserved-memory");
        }
    }

    private static ulong OverlapBytes(IEnumerable<PhysicalRange> parts, PhysicalRange whole) =>
        parts.Where(part => part.Overlaps(whole)).Aggregate(
            0UL,
            (sum, part) => sum + (Math.Min(part.End, whole.End) - Math.Max(part.Start.Value, whole.Start.Value)));
}
