using Palimpsest.Machine.DeviceTree;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory.Reading;

/// <summary>A tag storage node, before it is known which memory it serves.</summary>
/// <param name="BlockBytes">The block-size property; a page in the dialect that has none.</param>
internal sealed record TagStorageNode(DeviceTreeNode Source, PhysicalRange Storage, ulong BlockBytes)
{
    public TagStorageSpan Covering(PhysicalRange covered) =>
        new(Storage, covered, BlockBytes, IsAssumed: false, Source.Path);
}

/// <summary>Finds the tag storage nodes, decides on the dialect, and lets that dialect read them.</summary>
internal static class TagStorageNodes
{
    // MAX_TAG_REGIONS of every version of the proposal.
    public const int MaxRegions = 32;

    public const string Compatible = "arm,mte-tag-storage";

    public static void Read(BoardDraft draft)
    {
        List<DeviceTreeNode> atRoot = Matching(draft.Tree.Root);
        List<DeviceTreeNode> reserved = draft.ReservedMemoryNode is { } parent ? Matching(parent) : [];
        if (atRoot.Count > 0 && reserved.Count > 0)
        {
            throw draft.Tree.Fault(
                atRoot[0], $"tag storage here and at {reserved[0].Path}", "describe all of it in one dialect");
        }

        foreach (DeviceTreeNode node in atRoot.Concat(reserved).Skip(MaxRegions).Take(1))
        {
            throw draft.Tree.Fault(node, $"more than {MaxRegions} tag storage regions", "join regions or disable some");
        }

        if (atRoot.Count > 0)
        {
            RootTagStorage.Read(draft, atRoot);
        }
        else if (reserved.Exists(node => node.Has("storage-base")) || GoogleTagStorage.IsAnnounced(draft))
        {
            GoogleTagStorage.Read(draft, reserved);
        }
        else if (reserved.Count > 0)
        {
            ReservedTagStorage.Read(draft, reserved);
        }

        TagStorageChecks.Disjoint(draft);
    }

    /// <summary>Does the tree describe any?</summary>
    public static bool Any(BoardDraft draft) =>
        Matching(draft.Tree.Root).Count > 0 || (draft.ReservedMemoryNode is { } parent && Matching(parent).Count > 0);

    private static List<DeviceTreeNode> Matching(DeviceTreeNode parent) =>
        [.. parent.Children.Where(child => child.IsAvailable && child.IsCompatible(Compatible))];
}
