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

    private readonly Lazy<Dictionary<uint, DeviceTreeNode>> _phandles;

    private FlattenedDeviceTree(string name, DeviceTreeNode root, IReadOnlyList<PhysicalRange> reservedEntries)
    {
        Name = name;
        Root = root;
        ReservedEntries = reservedEntries;
        _phandles = new(IndexPhandles);
    }

    /// <summary>File name, for messages.</summary>
    public string Name { get; }

    public DeviceTreeNode Root { get; }

    /// <summary>The memory reservation block (/memreserve/).</summary>
    public IReadOnlyList<PhysicalRange> ReservedEntries { get; }

    public static bool HasMagic(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= sizeof(uint) && BinaryPrimitives.ReadUInt32BigEndian(bytes) == Magic;

    /// <summary>Reads a tree; bytes after its total size are padding and ignored.</summary>
    /// <exception cref="InputException">The bytes are not a whole, well-formed tree within the bounds.</exception>
    public static FlattenedDeviceTree Parse(ReadOnlySpan<byte> bytes, string name)
    {
        if (!HasMagic(bytes))
        {
            throw DeviceTreeFault.At(
                name, 0, "no device tree: the magic d00dfeed is missing", "give a compiled tree (.dtb), not its source");
        }

        DeviceTreeHeader header = DeviceTreeHeader.Read(bytes, name);
        byte[] tree = bytes[..header.TotalBytes].ToArray();
        IReadOnlyList<PhysicalRange> reservedEntries = ReservationBlock.Read(tree, header.ReservationsStart, name);
        DeviceTreeNode root = new StructureReader(tree, header, name).ReadRoot();
        return new FlattenedDeviceTree(name, root, reservedEntries);
    }

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
