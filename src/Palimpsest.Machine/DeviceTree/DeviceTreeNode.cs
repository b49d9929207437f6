using System.Buffers.Binary;
using System.Text;

namespace Palimpsest.Machine.DeviceTree;

/// <summary>A name and its bytes.</summary>
public sealed record DeviceTreeProperty(string Name, ReadOnlyMemory<byte> Value);

/// <summary>A node of a device tree; the tree is complete, and never changes, once it has been parsed.</summary>
public sealed class DeviceTreeNode
{
    private readonly List<DeviceTreeProperty> _properties = [];
    private readonly List<DeviceTreeNode> _children = [];

    internal DeviceTreeNode(string name, DeviceTreeNode? parent, int offset)
    {
        Name = name;
        Parent = parent;
        Offset = offset;
        Depth = parent is null ? 0 : parent.Depth + 1;
    }

    /// <summary>With its unit address, as in memory@80000000; empty for the root.</summary>
    public string Name { get; }

    /// <summary>Null of the root.</summary>
    public DeviceTreeNode? Parent { get; }

    /// <summary>Byte of the file at which the node begins.</summary>
    public int Offset { get; }

    /// <summary>0 for the root.</summary>
    public int Depth { get; }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<DeviceTreeProperty> Properties => _properties;

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<DeviceTreeNode> Children => _children;

    /// <summary>/soc/memory@80000000: unit addresses included.</summary>
    public string Path => Parent is null ? "/" : Parent.Parent is null ? $"/{Name}" : $"{Parent.Path}/{Name}";

    /// <summary>Nodes count as present unless their status says otherwise.</summary>
    public bool IsAvailable => Text("status") is null or "okay" or "ok";

    /// <summary>Is there a property of that name, empty or not?</summary>
    public bool Has(string property) => Find(property) is not null;

    /// <summary>The first property of that name, as Linux reads a tree that repeats one.</summary>
    public DeviceTreeProperty? Find(string property)
    {
        foreach (DeviceTreeProperty candidate in _properties)
        {
            if (candidate.Name == property)
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>A property of exactly one 32-bit cell.</summary>
    public uint? Cell(string property) =>
        Find(property) is { Value.Length: sizeof(uint) } found
            ? BinaryPrimitives.ReadUInt32BigEndian(found.Value.Span)
            : null;

    /// <summary>The first string of a property; what cannot be printed becomes '?'. No name is longer.</summary>
    public string? Text(string property) => WholeText(property) is { } text ? text[..Math.Min(text.Length, 200)] : null;

    /// <summary>The same for a text that may be long, as a command line (COMMAND_LINE_SIZE of arm64 is 2048).</summary>
    internal string? WholeText(string property)
    {
        if (Find(property) is not { } found)
        {
            return null;
        }

        ReadOnlySpan<byte> value = found.Value.Span;
        int length = value.IndexOf((byte)0);
        ReadOnlySpan<byte> text = value[..Math.Min(length < 0 ? value.Length : length, 2048)];
        return string.Create(text.Length, text, static (characters, bytes) =>
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                characters[i] = bytes[i] is >= (byte)' ' and <= (byte)'~' ? (char)bytes[i] : '?';
            }
        });
    }

    /// <summary>Is the word one of the strings of "compatible"?</summary>
    public bool IsCompatible(string compatible)
    {
        ReadOnlySpan<byte> rest = Find("compatible") is { } found ? found.Value.Span : default;
        Span<byte> wanted = stackalloc byte[compatible.Length];
        Encoding.ASCII.GetBytes(compatible, wanted);
        foreach (Range part in rest.Split((byte)0))
        {
            if (rest[part].SequenceEqual(wanted))
            {
                return true;
            }
        }

        return false;
    }

    internal void Add(DeviceTreeProperty property) => _properties.Add(property);

    internal void Add(DeviceTreeNode child) => _children.Add(child);

    /// <summary>Its path.</summary>
    public override string ToString() => Path;
}
