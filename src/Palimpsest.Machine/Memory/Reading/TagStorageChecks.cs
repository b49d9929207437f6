using Palimpsest.Machine.DeviceTree;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory.Reading;

/// <summary>What every dialect demands of a tag storage node.</summary>
internal static class TagStorageChecks
{
    // The binding's example is 8 KiB; a larger block than this is a typing error, and would overflow frame counts.
    private const uint MaxBlockBytes = 1 << 30;

    public const ulong Ratio = TagGeometry.DataFramesPerStorageFrame;

    public static PhysicalRange Storage(BoardDraft draft, DeviceTreeNode node)
    {
        DeviceTreeProperty property = node.Find("reg")
            ?? throw draft.Tree.Fault(node, "tag storage without reg", "give its address and size");
        CellWidths widths = CellWidths.DeclaredBy(draft.Tree, node.Parent!);
        if (property.Value.Length != widths.PairBytes)
        {
            throw draft.Tree.Fault(
                node,
                $"reg of tag storage has {property.Value.Length} bytes, one address and size have {widths.PairBytes}",
                "give exactly one range");
        }

        PhysicalRange storage = widths.Ranges(draft.Tree, node, property, limit: 1)[0];
        if (storage.Bytes == 0)
        {
            throw draft.Tree.Fault(node, "tag storage of size zero", "give it 1/32 of the size of its memory");
        }

        draft.RequireAddressable(node, storage);
        return storage;
    }

    public static ulong BlockBytes(BoardDraft draft, DeviceTreeNode node)
    {
        if (!node.Has("block-size"))
        {
            throw draft.Tree.Fault(node, "block-size is missing", "give it in bytes, <0x1000> where tags are not interleaved");
        }

        return node.Cell("block-size") switch
        {
            null => throw draft.Tree.Fault(node, "block-size is not one cell", "give it in bytes"),
            0 => throw draft.Tree.Fault(node, "block-size is 0", "give it in bytes"),
            > MaxBlockBytes => throw draft.Tree.Fault(node, "block-size is over 1 GiB", "give it in bytes"),
            uint bytes => bytes,
        };
    }

    /// <summary>Whole pages, whole blocks.</summary>
    public static void WholeBlocks(BoardDraft draft, TagStorageNode node)
    {
        var page = (ulong)draft.Geometry.PageBytes;
        if (node.Storage.Start.Value % page != 0 || node.Storage.Bytes % page != 0)
        {
            throw draft.Tree.Fault(
                node.Source,
                $"tag storage {node.Storage} is not whole pages of {page / 1024} KiB",
                "align it, or use smaller pages");
        }

        ulong frames = node.Storage.Bytes / page;
        var block = (ulong)TagBlockSize.Frames(draft.Geometry.PageBytes, node.BlockBytes);
        if (frames % block != 0)
        {
            throw draft.Tree.Fault(
                node.Source,
                $"its {frames:N0} pages are not a multiple of the block of {block:N0} (block-size {node.BlockBytes:N0})",
                "correct reg or block-size");
        }
    }

    public static bool IsWholePageBlocks(BoardDraft draft, PhysicalRange range) =>
        range.Start.Value % draft.PageBlockBytes == 0 && range.Bytes % draft.PageBlockBytes == 0;

    public static void NotePageBlocks(BoardDraft draft, TagStorageNode node)
    {
        if (!IsWholePageBlocks(draft, node.Storage))
        {
            draft.Notes.Add(
                $"{node.Source.Path}: {node.Storage} is not whole pageblocks of {ByteText.Of(draft.PageBlockBytes)}; "
                + "CMA would refuse it");
        }
    }

    public static void InsideRam(BoardDraft draft, TagStorageNode node)
    {
        if (!BankList.HasInOneNode(draft.Banks, node.Storage))
        {
            throw draft.Tree.Fault(
                node.Source, $"tag storage {node.Storage} is not inside the RAM of one node", "cover it with a memory node");
        }
    }

    /// <summary>Each byte is storage for one region at most, has its tags in one region at most, and never is both.</summary>
    public static void Disjoint(BoardDraft draft)
    {
        List<TagStorageSpan> spans = draft.TagStorage;
        foreach (TagStorageSpan span in spans)
        {
            foreach (TagStorageSpan other in spans)
            {
                string? clash = Clash(span, other);
                if (clash is not null)
                {
                    throw new InputException($"{draft.File}: {span.Name}: {clash}; give each region its own memory");
                }
            }

            NoteUnevenStart(draft, span);
        }
    }

    private static string? Clash(TagStorageSpan span, TagStorageSpan other)
    {
        if (span.Storage.Overlaps(other.Covered))
        {
            return $"tag storage {span.Storage} lies in {other.Covered}, the memory that {other.Name} serves";
        }

        if (ReferenceEquals(span, other))
        {
            return null;
        }

        return span.Storage.Overlaps(other.Storage) ? $"tag storage {span.Storage} overlaps that of {other.Name}"
            : span.Covered.Overlaps(other.Covered) ? $"the memory {span.Covered} is also served by {other.Name}"
            : null;
    }

    private static void NoteUnevenStart(BoardDraft draft, TagStorageSpan span)
    {
        ulong blockSpan = draft.Geometry.BytesOf((ulong)span.BlockFrames(draft.Geometry)) * Ratio;
        if (span.Covered.Start.Value % blockSpan != 0)
        {
            draft.Notes.Add(
                $"{span.Name}: its memory starts off the {ByteText.Of(blockSpan)} that one block serves; "
                + "large tagged allocations may need one block more");
        }
    }
}
