using System.Buffers.Binary;
using System.Text;

namespace Palimpsest.Machine.Tests.DeviceTree;

/// <summary>Writes a flattened tree, version 17: header, reservations, structure, strings.</summary>
internal sealed class DeviceTreeWriter
{
    public const int HeaderBytes = 40;

    private readonly MemoryStream _structure = new();
    private readonly MemoryStream _strings = new();
    private readonly Dictionary<string, uint> _stringOffsets = [];

    public static byte[] Write(NodeSketch root, params (ulong Start, ulong Bytes)[] reservations)
    {
        var writer = new DeviceTreeWriter();
        writer.WriteNode(root);
        writer.WriteCell(9);
        return writer.Assemble(reservations);
    }

    private void WriteNode(NodeSketch node)
    {
        WriteCell(1);
        WriteAligned(Encoding.ASCII.GetBytes(node.Name + "\0"));
        foreach ((string name, byte[] value) in node.Properties)
        {
            WriteCell(3);
            WriteCell((uint)value.Length);
            WriteCell(StringOffset(name));
            WriteAligned(value);
        }

        foreach (NodeSketch child in node.Children)
        {
            WriteNode(child);
        }

        WriteCell(2);
    }

    private uint StringOffset(string name)
    {
        if (!_stringOffsets.TryGetValue(name, out uint offset))
        {
            offset = (uint)_strings.Length;
            _strings.Write(Encoding.ASCII.GetBytes(name + "\0"));
            _stringOffsets.Add(name, offset);
        }

        return offset;
    }

    private void WriteCell(uint cell)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, cell);
        _structure.Write(bytes);
    }

    private void WriteAligned(byte[] bytes)
    {
        _structure.Write(bytes);
        _structure.Write(new byte[(4 - (bytes.Length % 4)) % 4]);
    }

    private byte[] Assemble((ulong Start, ulong Bytes)[] reservations)
    {
        int structureStart = HeaderBytes + ((reservations.Length + 1) * 16);
        int stringsStart = structureStart + (int)_structure.Length;
        byte[] tree = new byte[stringsStart + (int)_strings.Length];
        uint[] header =
        [
            0xd00dfeed, (uint)tree.Length, (uint)structureStart, (uint)stringsStart, HeaderBytes, 17, 16, 0,
            (uint)_strings.Length, (uint)_structure.Length,
        ];
        for (int i = 0; i < header.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(tree.AsSpan(i * sizeof(uint)), header[i]);
        }

        for (int i = 0; i < reservations.Length; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(tree.AsSpan(HeaderBytes + (i * 16)), reservations[i].Start);
            BinaryPrimitives.WriteUInt64BigEndian(tree.AsSpan(HeaderBytes + (i * 16) + 8), reservations[i].Bytes);
        }

        _structure.ToArray().CopyTo(tree, structureStart);
        _strings.ToArray().CopyTo(tree, stringsStart);
        return tree;
    }
}
