using System.Buffers.Binary;
using System.Text;

namespace Palimpsest.Machine.Tests.DeviceTree;

/// <summary>A node to be written: properties in order, then children.</summary>
internal sealed class NodeSketch(string name)
{
    private readonly List<(string Name, byte[] Value)> _properties = [];
    private readonly List<NodeSketch> _children = [];

    public string Name { get; } = name;

    public IReadOnlyList<(string Name, byte[] Value)> Properties => _properties;

    public IReadOnlyList<NodeSketch> Children => _children;

    public NodeSketch Bytes(string property, params byte[] value)
    {
        _properties.RemoveAll(other => other.Name == property);
        _properties.Add((property, value));
        return this;
    }

    public NodeSketch Flag(string property) => Bytes(property);

    public NodeSketch Text(string property, params string[] strings) =>
        Bytes(property, Encoding.ASCII.GetBytes(string.Concat(strings.Select(text => text + "\0"))));

    public NodeSketch Cells(string property, params uint[] cells)
    {
        byte[] value = new byte[cells.Length * sizeof(uint)];
        for (int i = 0; i < cells.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(i * sizeof(uint)), cells[i]);
        }

        return Bytes(property, value);
    }

    /// <summary>Numbers of two cells each, as reg has in trees with 64-bit addresses.</summary>
    public NodeSketch Wide(string property, params ulong[] numbers) =>
        Cells(property, [.. numbers.SelectMany(number => new[] { (uint)(number >> 32), (uint)number })]);

    public NodeSketch Without(string property)
    {
        _properties.RemoveAll(other => other.Name == property);
        return this;
    }

    public NodeSketch Child(params NodeSketch[] children)
    {
        _children.AddRange(children);
        return this;
    }
}
