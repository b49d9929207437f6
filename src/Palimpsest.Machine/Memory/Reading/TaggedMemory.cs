using System.Buffers.Binary;
using Palimpsest.Machine.DeviceTree;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory.Reading;

/// <summary>Follows the phandle from tag storage to the memory that it serves.</summary>
internal static class TaggedMemory
{
    public static PhysicalRange Of(BoardDraft draft, DeviceTreeNode tagNode, string property)
    {
        DeviceTreeProperty reference = tagNode.Find(property)
            ?? throw draft.Tree.Fault(tagNode, $"{property} is missing", "point it at the memory node that the tags belong to");
        if (reference.Value.Length != sizeof(uint))
        {
            throw draft.Tree.Fault(tagNode, $"{property} is not one phandle", $"write {property} = <&label>");
        }

        uint phandle = BinaryPrimitives.ReadUInt32BigEndian(reference.Value.Span);
        DeviceTreeNode target = draft.Tree.FindPhandle(phandle)
            ?? throw draft.Tree.Fault(
                tagNode, $"{property} points at phandle {phandle}, which no node has", "point it at a memory node");
        MemoryNode memory = draft.MemoryNodes.FirstOrDefault(node => node.Source == target)
            ?? throw draft.Tree.Fault(
                tagNode, $"{property} points at {target.Path}, which is not a memory node", "point it at one");
        return memory.Ranges.Count == 1
            ? memory.Ranges[0]
            : throw draft.Tree.Fault(
                tagNode,
                $"{property} points at {target.Path}, which has {memory.Ranges.Count} ranges of RAM",
                "give it exactly one");
    }
}
