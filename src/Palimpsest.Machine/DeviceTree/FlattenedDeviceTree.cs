using System.Buffers.Binary;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.DeviceTree;

/// <summary>
/// A device tree in the flattened form that firmware hands to a kernel (Devicetree Specification 0.4, chapter 5).
/// </summary>
public sealed class FlattenedDeviceTree
{
    /// <summary>Largest tree that is read; Linux maps at most 2 MiB.</summary>
    public const int MaxBytes = 16 << 20;

    private const uint Magic = 0xd00dfeed;

    private static ReadOnlySpan<byte> MagicBytes => [0xd0, 0x0d, 0xfe, 0xed];

    private readonly Lazy<Dictionary<uint, DeviceTreeNode>> _phandles;

    private FlattenedDeviceTree(string name, DeviceTreeNode root, IReadOnlyList<PhysicalRange> reservedEntries, int furtherTrees)
    {
        Name = name;
        FurtherTrees = furtherTrees;
        Root = root;
        ReservedEntries = reservedEntries;
        _phandles = new(IndexPhandles);
    }

    /// <summary>File name, for messages.</summary>
    public string Name { get; }

    /// <summary>The node without a name.</summary>
    public DeviceTreeNode Root { get; }

    /// <summary>The memory reservation block (/memreserve/).</summary>
    public IReadOnlyList<PhysicalRange> ReservedEntries { get; }

    /// <summary>Trees that follow in the file: a dtb.img has one after another, and its bootloader chooses.</summary>
    public int FurtherTrees { get; }

    /// <summary>Do the bytes begin with 0xd00dfeed, big endian?</summary>
    public static bool HasMagic(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= sizeof(uint) && BinaryPrimitives.ReadUInt32BigEndian(bytes) == Magic;

    /// <summary>Reads a tree; bytes after its total size are padding and ignored.</summary>
    /// <exception cref="InputException">The bytes are not a whole, well-formed tree within the bounds.</exception>
    public static FlattenedDeviceTree Parse(ReadOnlySpan<byte> bytes, string name)
    {
        if (!HasMagic(bytes))
        {
            throw ForeignFile.Of(bytes) is { } what
                ? new InputException($"{name}: no device tree: this is {what}")
                : DeviceTreeFault.At(name, 0, "no device tree: the magic d00dfeed is missing", "give a compiled tree (.dtb)");
        }

        DeviceTreeHeader header = DeviceTreeHeader.Read(bytes, name);
        byte[] tree = bytes[..header.TotalBytes].ToArray();
        IReadOnlyList<PhysicalRange> reservedEntries = ReservationBlock.Read(tree, header.ReservationsStart, name);
        DeviceTreeNode root = new StructureReader(tree, header, name).ReadRoot();
        return new FlattenedDeviceTree(name, root, reservedEntries, TreesIn(bytes[header.TotalBytes..]));
    }

    // Between them there may be padding; a tree's magic and a version that is read are no accident.
    private static int TreesIn(ReadOnlySpan<byte> bytes)
    {
        const int Version = 20;
        int trees = 0;
        for (int next; (next = bytes.IndexOf(MagicBytes)) >= 0;)
        {
            bytes = bytes[next..];
            bool isTree = bytes.Length > Version + sizeof(uint) && BinaryPrimitives.ReadUInt32BigEndian(bytes[Version..]) is 16 or 17;
            trees += isTree ? 1 : 0;
            bytes = bytes[sizeof(uint)..];
        }

        return trees;
    }

    /// <summary>The node that has this phandle; null where none has.</summary>
    public DeviceTreeNode? FindPhandle(uint phandle) => _phandles.Value.GetValueOrDefault(phandle);

    /// <summary>A node reached by names from the root, unit addresses included: "reserved-memory", "linux,cma".</summary>
    public DeviceTreeNode? Find(params ReadOnlySpan<string> names)
    {
        DeviceTreeNode? node = Root;
        foreach (string name in names)
        {
            node = node?.Children.FirstOrDefault(child => child.Name == name);
        }

        return node;
    }

    internal InputException Fault(DeviceTreeNode node, string problem, string remedy) =>
        DeviceTreeFault.At(Name, node.Offset, $"{node.Path}: {problem}", remedy);

    private Dictionary<uint, DeviceTreeNode> IndexPhandles()
    {
        var index = new Dictionary<uint, DeviceTreeNode>();
        var pending = new Stack<DeviceTreeNode>([Root]);
        while (pending.TryPop(out DeviceTreeNode? node))
        {
            if ((node.Cell("phandle") ?? node.Cell("linux,phandle")) is uint phandle)
            {
                index.TryAdd(phandle, node);
            }

            foreach (DeviceTreeNode child in node.Children)
            {
                pending.Push(child);
            }
        }

        return index;
    }
}
