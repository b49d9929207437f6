using System.Buffers.Binary;
using System.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.DeviceTree;

/// <summary>Turns the structure block, a stream of 4-byte tokens, into nodes.</summary>
internal sealed class StructureReader(byte[] tree, DeviceTreeHeader header, string file)
{
    private const uint BeginNode = 1;
    private const uint EndNode = 2;
    private const uint Property = 3;
    private const uint NoOperation = 4;
    private const uint End = 9;

    // The largest of Debian's 1,023 trees has about 4,000 nodes, 6 deep; these bound memory on hostile input.
    private const int MaxDepth = 64;
    private const int MaxNodes = 100_000;
    private const int MaxProperties = 200_000;
    private const int MaxNameBytes = 255;

    private readonly Dictionary<int, string> _propertyNames = [];
    private int _position = header.StructureStart;
    private int _nodes;
    private int _properties;

    // Each turn consumes at least one token, so the loop ends with the block.
    public DeviceTreeNode ReadRoot()
    {
        DeviceTreeNode? root = null;
        DeviceTreeNode? current = null;
        while (true)
        {
            int start = _position;
            uint token = ReadCell();
            switch (token)
            {
                case BeginNode when current is not null || root is null:
                    current = OpenNode(current, start);
                    root ??= current;
                    break;
                case EndNode when current is not null:
                    current = current.Parent;
                    break;
                case Property when current is not null:
                    current.Add(ReadProperty(current, start));
                    break;
                case NoOperation:
                    break;
                case End when current is null && root is not null:
                    return root;
                case BeginNode or EndNode or Property or End:
                    string place = current is null ? "outside the root node" : "inside a node";
                    throw Damaged(start, $"token {token} is not allowed {place}");
                default:
                    throw Damaged(start, $"0x{token:x} is not a token");
            }
        }
    }

    private DeviceTreeNode OpenNode(DeviceTreeNode? parent, int start)
    {
        string name = ReadName(tree.AsSpan(_position, header.StructureEnd - _position), _position, "node");
        Skip(name.Length + 1);
        if (++_nodes > MaxNodes)
        {
            throw Damaged(start, $"more than {MaxNodes:N0} nodes");
        }

        var node = new DeviceTreeNode(name, parent, start);
        if (node.Depth > MaxDepth)
        {
            throw Damaged(start, $"nodes are nested more than {MaxDepth} deep");
        }

        parent?.Add(node);
        return node;
    }

    private DeviceTreeProperty ReadProperty(DeviceTreeNode node, int start)
    {
        uint length = ReadCell();
        uint nameOffset = ReadCell();
        if (length > (uint)(header.StructureEnd - _position))
        {
            throw Damaged(start, $"a property of {length:N0} bytes runs past the structure block");
        }

        if (node.Children.Count > 0)
        {
            throw Damaged(start, "a property follows a child node");
        }

        if (++_properties > MaxProperties)
        {
            throw Damaged(start, $"more than {MaxProperties:N0} properties");
        }

        string name = PropertyName(nameOffset, start);
        var value = new ReadOnlyMemory<byte>(tree, _position, (int)length);
        Skip((int)length);
        return new DeviceTreeProperty(name, value);
    }

    private string PropertyName(uint nameOffset, int start)
    {
        if (nameOffset >= (uint)(header.StringsEnd - header.StringsStart))
        {
            throw Damaged(start, $"the name of a property, {nameOffset}, lies outside the strings block");
        }

        int position = header.StringsStart + (int)nameOffset;
        if (!_propertyNames.TryGetValue(position, out string? name))
        {
            name = ReadName(tree.AsSpan(position, header.StringsEnd - position), position, "property");
            _propertyNames.Add(position, name);
        }

        return name;
    }

    // Printable ASCII only: names appear in one-line messages.
    private string ReadName(ReadOnlySpan<byte> bytes, int position, string kind)
    {
        int length = bytes[..Math.Min(bytes.Length, MaxNameBytes + 1)].IndexOf((byte)0);
        if (length < 0)
        {
            throw Damaged(position, $"the name of a {kind} has no end within {MaxNameBytes} bytes");
        }

        int odd = bytes[..length].IndexOfAnyExceptInRange((byte)'!', (byte)'~');
        return odd < 0
            ? Encoding.ASCII.GetString(bytes[..length])
            : throw Damaged(position + odd, $"the name of a {kind} has the byte 0x{bytes[odd]:x2}");
    }

    private uint ReadCell()
    {
        if (header.StructureEnd - _position < sizeof(uint))
        {
            throw Damaged(_position, "the structure block ends inside a node");
        }

        uint cell = BinaryPrimitives.ReadUInt32BigEndian(tree.AsSpan(_position));
        _position += sizeof(uint);
        return cell;
    }

    private void Skip(int bytes)
    {
        int aligned = (bytes + sizeof(uint) - 1) & -sizeof(uint);
        _position = Math.Min(_position + aligned, header.StructureEnd);
    }

    private InputException Damaged(int offset, string problem) => DeviceTreeFault.Damaged(file, offset, problem);
}
